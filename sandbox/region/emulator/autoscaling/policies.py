"""Scaling policies and scheduled actions: moto keys them by name alone, so that two groups cannot use the same name."""

import re

from moto.autoscaling.models import AutoScalingBackend, FakeScalingPolicy
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow

from emulator.autoscaling import tracking
from emulator.autoscaling.lookup import group_named, refuse
from emulator.patching import patches


@patches(AutoScalingBackend, "put_scaling_policy")
def put_scaling_policy(moto, backend, name, *args, as_name, **settings):
    """A policy's name is unique in its group; its group must exist (PutScalingPolicy)."""
    group_named(backend, as_name)
    before = backend.policies.get(key(as_name, name))
    if before is not None:
        tracking.remove_alarms(before)
    policy = moto(name, *args, as_name=as_name, **settings)
    backend.policies[key(as_name, name)] = backend.policies.pop(name)
    return policy


@patches(AutoScalingResponse, "put_scaling_policy")
def enable_policy(moto, response):
    """AWS keeps Enabled (default true) and returns no predictive configuration where there is none; otherwise every
    Terraform plan shows a change. moto's answer has PolicyArn in place of PolicyARN, which no SDK reads."""
    moto()
    policy = find_policy(response)
    enabled = response._get_param("Enabled")
    policy.enabled = True if enabled is None else str(enabled).lower() == "true"
    tracking.make_alarms(policy)
    return ActionResult({"PolicyARN": policy.arn, "Alarms": policy.alarms})


@patches(FakeScalingPolicy, "__init__")
def start_policy(moto, policy, *args, **kwargs):
    moto(*args, **kwargs)
    policy.predictive_scaling_configuration = policy.predictive_scaling_configuration or None


@patches(AutoScalingResponse, "delete_policy")
def delete_policy(_moto, response):
    policy = find_policy(response)
    tracking.remove_alarms(policy)
    del response.autoscaling_backend.policies[key(policy.auto_scaling_group_name, policy.name)]
    return EmptyResult()


@patches(AutoScalingResponse, "execute_policy")
def execute_policy(_moto, response):
    find_policy(response).execute()
    return EmptyResult()


@patches(AutoScalingBackend, "set_desired_capacity")
def set_desired_capacity(_moto, backend, group_name, desired_capacity):
    """AWS limits what a policy asks for to the group's minimum and maximum (Scaling policy: limits)."""
    group = group_named(backend, group_name)
    group.set_desired_capacity(min(max(int(desired_capacity), group.min_size), group.max_size))


@patches(AutoScalingBackend, "put_scheduled_update_group_action")
def put_scheduled_update_group_action(moto, backend, name, *args, scheduled_action_name, **settings):
    """AWS refuses a start in the past and an action that sets no size (PutScheduledUpdateGroupAction)."""
    group_named(backend, name)
    if all(settings.get(size) is None for size in ("min_size", "max_size", "desired_capacity")):
        refuse("At least one of MinSize, MaxSize and DesiredCapacity must be specified")
    start = settings.get("start_time")
    if start and start.replace(tzinfo=None) < utcnow():
        refuse("Given start time is in the past")
    action = moto(name, *args, scheduled_action_name=scheduled_action_name, **settings)
    backend.scheduled_actions[key(name, scheduled_action_name)] = backend.scheduled_actions.pop(scheduled_action_name)
    return action


@patches(AutoScalingBackend, "delete_scheduled_action")
def delete_scheduled_action(_moto, backend, auto_scaling_group_name, scheduled_action_name):
    if backend.scheduled_actions.pop(key(auto_scaling_group_name, scheduled_action_name), None) is None:
        refuse("Scheduled action name not found")


def find_policy(response):
    """By name and group, or by ARN, which names both."""
    name, group = response._get_param("PolicyName"), response._get_param("AutoScalingGroupName")
    arn = re.search(r":autoScalingGroupName/(.+):policyName/(.+)$", name)
    if arn:
        group, name = arn.groups()
    policy = response.autoscaling_backend.policies.get(key(group, name))
    if policy is None:
        refuse("PolicyName not found" if group else "An AutoScalingGroup name is required")
    return policy


def key(group, name):
    return f"{group}/{name}"
