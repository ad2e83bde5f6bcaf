"""What happens in the region without a request: failed instances are replaced, drained ones end, ended ones are forgotten."""

import time
import traceback

from emulator.compute import nat_gateways, terminated_instances
from emulator.monitoring import certificates, cloudwatch
from emulator.autoscaling import capacity, leaving, replacing, standby, successors
from emulator.lock import CONTROL_PLANE
from emulator.weather import switches


def run():
    while True:
        time.sleep(0.5)
        try:
            with CONTROL_PLANE:
                tick(time.monotonic())
        except Exception:
            # Keep the region running; the next tick tries again.
            traceback.print_exc()


def tick(now):
    replacing.replace_failed()
    capacity.retry_failed(now)
    leaving.end_drained(now)
    standby.settle_drained(now)
    successors.advance_all()
    terminated_instances.forget_terminated(now)
    nat_gateways.forget_deleted(now)
    cloudwatch.forget_old()
    certificates.publish(now)
    switches.tick(now)
