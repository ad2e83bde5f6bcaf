"""How an instance leaves a group: it is deregistered, drained and ended."""

import time

from moto.autoscaling.models import autoscaling_backends

from emulator.balancing import target_health
from emulator.autoscaling.activities import finish, record
from emulator.balancing.load_balancers import load_balancer_arns


def leave(group, state, cause):
    """Takes the instance out of service and returns the activity. The instance ends after the longest deregistration delay
    of its target groups. Until then it is Terminating and finishes its requests (Amazon EC2 Auto Scaling instance
    lifecycle; connection draining). moto ends it at once and leaves it registered."""
    state.lifecycle_state = "Terminating"
    delay = stop_serving(group, state)
    state.sandbox_ends = time.monotonic() + delay
    state.sandbox_activity = record(
        group,
        f"Terminating EC2 instance: {state.instance.id}",
        cause,
        "WaitingForELBConnectionDraining" if delay else "InProgress",
        state.instance,
    )
    if not delay:
        end(group, state)
    return state.sandbox_activity


def stop_serving(group, state):
    """Deregisters the instance from the group's target groups; returns the seconds that it drains."""
    elbv2 = group.autoscaling_backend.elbv2_backend
    delay = 0
    for arn in group.target_group_arns or []:
        target_group = elbv2.target_groups.get(arn)
        # Target groups may be deleted before their Auto Scaling group.
        if target_group is None or state.instance.id not in target_group.targets:
            continue
        if load_balancer_arns(target_group):
            delay = max(delay, target_health.deregistration_delay(target_group))
        elbv2.deregister_targets(arn, [{"Id": state.instance.id}])
    return delay


def end_drained(now):
    """Ends the instances whose delay is over. `now` is time.monotonic()."""
    for _account, _region, backend in autoscaling_backends.iter_backends():
        for group in list(backend.autoscaling_groups.values()):
            for state in list(group.instance_states):
                if getattr(state, "sandbox_ends", now + 1) <= now:
                    end(group, state)


def end(group, state):
    group.instance_states.remove(state)
    group.ec2_backend.terminate_instances([state.instance.id])
    if hasattr(state, "sandbox_activity"):
        finish(state.sandbox_activity)
