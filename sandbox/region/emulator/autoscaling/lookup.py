"""Finds groups and instances. AWS refuses unknown ones; moto fails with an internal error."""

from moto.autoscaling.exceptions import AutoscalingClientError


def group_named(backend, name):
    group = backend.autoscaling_groups.get(name)
    if group is None:
        refuse(f"AutoScalingGroup name not found - AutoScalingGroup '{name}' not found")
    return group


def managed_instance(backend, instance_id):
    found = membership(backend, instance_id)
    if found is None:
        refuse(f"Instance Id not found - No managed instance found for instance ID: {instance_id}")
    return found


def membership(backend, instance_id):
    """An instance's group and its state in that group; None for an instance without a group."""
    for group in backend.autoscaling_groups.values():
        for state in group.instance_states:
            if state.instance.id == instance_id:
                return group, state
    return None


def refuse(message):
    raise AutoscalingClientError("ValidationError", message)
