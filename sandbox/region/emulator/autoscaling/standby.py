"""Standby and detaching: instances that leave service without being ended."""

import time

from moto.autoscaling.models import autoscaling_backends
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult

from emulator.autoscaling.activities import finish, record
from emulator.autoscaling.capacity import reconcile, serve
from emulator.autoscaling.leaving import stop_serving
from emulator.autoscaling.lookup import group_named, managed_instance, refuse
from emulator.patching import patches


@patches(AutoScalingResponse, "enter_standby")
def enter_standby(_moto, response):
    """AWS deregisters the instances, which are EnteringStandby while they drain. It starts others unless the capacity shrinks
    with them, and refuses to shrink it below the minimum (Temporarily remove instances). moto leaves them registered,
    puts them in Standby at once and ignores the minimum."""
    group, states = asked(response)
    for state in states:
        if state.lifecycle_state != "InService":
            refuse(f"The instance {state.instance.id} is not in InService.")
    shrink = response._get_bool_param("ShouldDecrementDesiredCapacity", False)
    if shrink and group.desired_capacity - len(states) < group.min_size:
        refuse(sizes(group, "place into standby", states))
    if shrink:
        group.desired_capacity -= len(states)
    activities = []
    for state in states:
        state.lifecycle_state = "EnteringStandby"
        drained = time.monotonic() + stop_serving(group, state)
        cause = f"instance {state.instance.id} was moved to standby in response to a user request"
        name = f"Moving EC2 instance to Standby: {state.instance.id}"
        activities.append(record(group, name, cause, "InProgress", state.instance))
        state.sandbox_standby = (drained, activities[-1])
    arrive(group, time.monotonic())
    reconcile(group, "an instance was started in response to a difference between desired and actual capacity")
    return ActionResult({"Activities": activities})


def settle_drained(now):
    """Puts drained instances into Standby. `now` is time.monotonic()."""
    for _account, _region, backend in autoscaling_backends.iter_backends():
        for group in backend.autoscaling_groups.values():
            arrive(group, now)


def arrive(group, now):
    for state in group.instance_states:
        if state.lifecycle_state == "EnteringStandby" and state.sandbox_standby[0] <= now:
            state.lifecycle_state = "Standby"
            finish(state.sandbox_standby[1])


@patches(AutoScalingResponse, "exit_standby")
def exit_standby(_moto, response):
    """AWS raises the desired capacity by one for each instance, refuses to exceed the maximum, and registers it again."""
    group, states = asked(response)
    for state in states:
        if state.lifecycle_state != "Standby":
            refuse(f"The instance {state.instance.id} is not in Standby.")
    if group.desired_capacity + len(states) > group.max_size:
        refuse(sizes(group, "move to service", states))
    activities = []
    for state in states:
        group.desired_capacity += 1
        serve(group, state)
        cause = f"instance {state.instance.id} was moved out of standby in response to a user request"
        activities.append(
            record(group, f"Moving EC2 instance out of Standby: {state.instance.id}", cause, instance=state.instance)
        )
    return ActionResult({"Activities": activities})


@patches(AutoScalingResponse, "detach_instances")
def detach_instances(_moto, response):
    """A detached instance keeps running, outside the group and its target groups; moto leaves it registered."""
    group, states = asked(response)
    shrink = response._get_bool_param("ShouldDecrementDesiredCapacity", False)
    if shrink and group.desired_capacity - len(states) < group.min_size:
        refuse(sizes(group, "detach", states))
    activities = []
    for state in states:
        stop_serving(group, state)
        group.instance_states.remove(state)
        state.instance.sandbox_detached = True
        group.ec2_backend.delete_tags([state.instance.id], {"aws:autoscaling:groupName": group.name})
        cause = f"instance {state.instance.id} was detached in response to a user request"
        activities.append(record(group, f"Detaching EC2 instance: {state.instance.id}", cause, instance=state.instance))
    if shrink:
        group.desired_capacity -= len(states)
    reconcile(group, "an instance was started in response to a difference between desired and actual capacity")
    return ActionResult({"Activities": activities})


@patches(AutoScalingResponse, "detach_load_balancer_target_groups")
def detach_load_balancer_target_groups(_moto, response):
    """AWS deregisters the registered instances; moto fails when one of the group's instances is not registered."""
    group = group_named(response.autoscaling_backend, response._get_param("AutoScalingGroupName"))
    for arn in response._get_param("TargetGroupARNs", []):
        target_group = group.autoscaling_backend.elbv2_backend.target_groups.get(arn)
        if target_group is not None:
            ours = [{"Id": state.instance.id} for state in group.instance_states]
            group.autoscaling_backend.elbv2_backend.deregister_targets(arn, ours)
        group.target_group_arns = [one for one in group.target_group_arns if one != arn]
    return EmptyResult()


def asked(response):
    group = group_named(response.autoscaling_backend, response._get_param("AutoScalingGroupName"))
    states = []
    for instance_id in response._get_param("InstanceIds", []):
        owner, state = managed_instance(response.autoscaling_backend, instance_id)
        if owner is not group:
            refuse(f"The instance {instance_id} is not part of Auto Scaling group {group.name}.")
        states.append(state)
    return group, states


def sizes(group, verb, states):
    return (
        f"AutoScalingGroup {group.name} has min-size={group.min_size}, max-size={group.max_size}, and "
        f"desired-size={group.desired_capacity}. To {verb} {len(states)} instance, please update the AutoScalingGroup sizes "
        "appropriately."
    )
