"""Finding groups and instances; moto answers an internal error for those that do not exist."""

from moto.autoscaling.exceptions import AutoscalingClientError


def group_named(backend, name):
    group = backend.autoscaling_groups.get(name)
    if group is None:
        refuse(f"AutoScalingGroup name not found - AutoScalingGroup '{name}' not found")
    return group


def managed_instance(backend, instance_id):
    for group in backend.autoscaling_groups.values():
        for state in group.instance_states:
            if state.instance.id == instance_id:
                return group, state
    refuse(f"Instance Id not found - No managed instance found for instance ID: {instance_id}")


def refuse(message):
    raise AutoscalingClientError("ValidationError", message)
