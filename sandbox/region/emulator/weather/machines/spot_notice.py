"""AWS reclaims Spot Instances.

The notice is in the instance's metadata two minutes before the end (Spot Instance interruption notices), with the rebalance
recommendation, which can arrive along with it (EC2 instance rebalance recommendations). A group with Capacity Rebalancing starts a
successor, and ends the instance once that is healthy (Capacity Rebalancing).
"""

import datetime

from moto.autoscaling.models import autoscaling_backends
from moto.core.utils import utcnow
from moto.ec2.models import ec2_backends

from emulator.autoscaling.lookup import membership
from emulator.autoscaling.successors import await_successor
from emulator.weather.condition import Condition, seconds

NOTICE_SECONDS = 120


class SpotNotice(Condition):
    name = "spot-notice"
    summary = "AWS reclaims a Spot Instance, two minutes after its notice"
    takes = "the age at which a Spot Instance gets the notice"
    default = "60s"

    def parse(self, text):
        return seconds(text)

    def tick(self, now):
        for _account, _region, backend in ec2_backends.iter_backends():
            for instance in list(backend.all_instances()):
                if instance.lifecycle == "spot" and instance.state == "running":
                    self.age(backend, instance)

    def age(self, backend, instance):
        ends = getattr(instance, "sandbox_taken_back", None)
        if ends is None and (utcnow() - instance.launch_time).total_seconds() >= self.value:
            instance.sandbox_taken_back = utcnow() + datetime.timedelta(seconds=NOTICE_SECONDS)
            rebalance(instance)
        elif ends is not None and utcnow() >= ends:
            backend.terminate_instances([instance.id])
            group = autoscaling_backends[instance.owner_id][backend.region_name]
            group.notify_terminate_instances([instance.id])

    def end(self):
        """Without the weather, AWS keeps its word to no instance that runs."""
        for _account, _region, backend in ec2_backends.iter_backends():
            for instance in backend.all_instances():
                instance.__dict__.pop("sandbox_taken_back", None)


def rebalance(instance):
    found = membership(autoscaling_backends[instance.owner_id][instance.ec2_backend.region_name], instance.id)
    if found is not None and str(getattr(found[0], "capacity_rebalance", False)).lower() == "true":
        await_successor(*found, "an instance was taken out of service in response to an EC2 instance rebalance recommendation")


CONDITION = SpotNotice()
