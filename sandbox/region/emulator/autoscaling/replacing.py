"""Replaces instances that were terminated or found unhealthy."""

from moto.autoscaling.models import AutoScalingBackend, autoscaling_backends
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow

from emulator.autoscaling.activities import finish, record
from emulator.autoscaling.capacity import reconcile
from emulator.autoscaling.leaving import leave, stop_serving
from emulator.autoscaling.lookup import managed_instance, refuse
from emulator.autoscaling.successors import await_successor, launches_first
from emulator.patching import patches


@patches(AutoScalingResponse, "terminate_instance_in_auto_scaling_group")
def terminate_instance_in_auto_scaling_group(_moto, response):
    """AWS drains first, and starts a replacement unless the request shrinks the capacity; it refuses to shrink it below the
    minimum. moto ends the instance at once, leaves it registered and removes its tags."""
    group, state = managed_instance(response.autoscaling_backend, response._get_param("InstanceId"))
    if response._get_bool_param("ShouldDecrementDesiredCapacity", False) and state.lifecycle_state == "InService":
        if group.desired_capacity <= group.min_size:
            refuse(
                f"Currently, desiredSize equals minSize ({group.min_size}). Terminating instance without replacement will "
                "violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower "
                "group's min size."
            )
        group.desired_capacity -= 1
    activity = leave(group, state, f"instance {state.instance.id} was taken out of service in response to a user request")
    reconcile(group, REPLACED)
    return ActionResult({"Activity": activity})


@patches(AutoScalingResponse, "set_instance_health")
def set_instance_health(moto, response):
    """AWS replaces an unhealthy instance. Within the health check grace period it does so only when the call does not
    respect it (SetInstanceHealth, ShouldRespectGracePeriod: default true). moto only records the health."""
    group, state = managed_instance(response.autoscaling_backend, response._get_param("InstanceId"))
    unhealthy = response._get_param("HealthStatus") == "Unhealthy"
    age = (utcnow() - state.instance.launch_time).total_seconds()
    in_grace = age < int(group.health_check_grace_period or 0)
    if unhealthy and in_grace and response._get_bool_param("ShouldRespectGracePeriod", True):
        return EmptyResult()
    answer = moto()
    suspended = UNHEALTHY_STAYS & set(group._suspended_processes)
    if unhealthy and state.lifecycle_state == "InService" and not suspended:
        cause = "an instance was taken out of service in response to a user health-check"
        if launches_first(group):
            await_successor(group, state, cause)
            return answer
        leave(group, state, cause)
        reconcile(group, REPLACED)
    return answer


@patches(AutoScalingBackend, "notify_terminate_instances")
def notify_terminate_instances(_moto, backend, instance_ids):
    """An instance that EC2 ended leaves its group and the group's target groups at once."""
    for group in list(backend.autoscaling_groups.values()):
        gone = [state for state in group.instance_states if state.instance.id in instance_ids]
        for state in gone:
            stop_serving(group, state)
            group.instance_states.remove(state)
            if hasattr(state, "sandbox_activity"):
                finish(state.sandbox_activity)
            else:
                record(group, f"Terminating EC2 instance: {state.instance.id}", EC2_ENDED, instance=state.instance)
        if gone:
            reconcile(group, REPLACED)


def replace_failed():
    """Replaces members that are not running, as the EC2 health check does (Health checks for instances in a group)."""
    for _account, _region, backend in autoscaling_backends.iter_backends():
        for group in list(backend.autoscaling_groups.values()):
            if UNHEALTHY_STAYS & set(group._suspended_processes):
                continue
            failed = [state for state in group.active_instances() if state.instance.state != "running"]
            for state in failed:
                leave(group, state, EC2_ENDED)
            if failed:
                reconcile(group, REPLACED)


UNHEALTHY_STAYS = {"ReplaceUnhealthy", "HealthCheck"}
REPLACED = "an instance was started in response to a difference between desired and actual capacity"
EC2_ENDED = "an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped"
