"""Groups that start the successor of an unhealthy instance first, and end the instance once its successor is ready.

"With an instance maintenance policy, you can make sure that Amazon EC2 Auto Scaling first launches a new instance and then waits
for it to be fully ready before terminating the unhealthy instance" (Instance maintenance policies). A policy with a minimum
healthy percentage of 100 does so. Without one, a group ends the instance and starts another while it is terminating (View the
reason for health check failures).
"""

from moto.autoscaling.models import autoscaling_backends
from moto.core.utils import utcnow

from emulator.autoscaling.capacity import reconcile
from emulator.autoscaling.leaving import leave


def launches_first(group):
    return percentage(group, "MinHealthyPercentage") >= 100


def await_successor(group, state, cause):
    """Marks an unhealthy instance. It keeps its place, and its requests, until its successor is ready."""
    state.sandbox_leaves = cause
    advance(group)


def advance_all():
    for _account, _region, backend in autoscaling_backends.iter_backends():
        for group in list(backend.autoscaling_groups.values()):
            advance(group)


def advance(group):
    """Starts the successors that the policy's maximum allows, and ends as many instances as have ready ones."""
    waiting = [state for state in group.active_instances() if hasattr(state, "sandbox_leaves")]
    if not waiting:
        return
    marked = [state for state in waiting[: most_extra(group)] if not hasattr(state, "sandbox_replaced")]
    for state in marked:
        # From now on the group counts without it, so it lacks one.
        state.sandbox_replaced = True
    if marked:
        reconcile(group, SUCCESSOR)
    replaced = [state for state in waiting if hasattr(state, "sandbox_replaced")]
    others = [state for state in group.active_instances() if not hasattr(state, "sandbox_leaves") and is_ready(group, state)]
    kept = len(waiting) - len(replaced)
    surplus = len(others) + kept + len(replaced) - group.desired_capacity
    for state in replaced[: max(0, surplus)]:
        leave(group, state, state.sandbox_leaves)


def is_ready(group, state):
    """In service for the group's default warmup, and healthy in every target group. AWS waits for the health check grace
    period where there is no default warmup; the sandbox does not."""
    age = (utcnow() - state.instance.launch_time).total_seconds()
    if age < int(getattr(group, "default_instance_warmup", None) or 0):
        return False
    elbv2 = group.autoscaling_backend.elbv2_backend
    known = [arn for arn in group.target_group_arns or [] if arn in elbv2.target_groups]
    checks = [elbv2.describe_target_health(arn, [{"Id": state.instance.id}])[0] for arn in known]
    # A target that no listener uses is not checked.
    return all(check.status in ("healthy", "unused") for check in checks)


def most_extra(group):
    """How many instances the group may have above its desired capacity. AWS always lets one proceed."""
    return max(1, group.desired_capacity * percentage(group, "MaxHealthyPercentage") // 100 - group.desired_capacity)


def percentage(group, name):
    policy = getattr(group, "instance_maintenance_policy", None) or {}
    return int(policy.get(name, -1))


SUCCESSOR = "an instance was started in response to an unhealthy instance, before it is terminated"
