"""Groups with a mixed instances policy: several types in an order, On-Demand and Spot."""

import math

from moto.autoscaling.models import FakeAutoScalingGroup

from emulator.patching import patches


@patches(FakeAutoScalingGroup, "launch_template")
def launch_template(moto, group):
    """A group has either a launch template or a mixed instances policy (AutoScalingGroup); moto shows both."""
    return None if group.mixed_instances_policy else moto()


def by_id(policy):
    """The policy with its launch template's id alone: moto writes both names of it into a group, and refuses both in a request."""
    if not policy:
        return policy
    template = policy["LaunchTemplate"]
    specification = {key: value for key, value in template["LaunchTemplateSpecification"].items() if key != "LaunchTemplateName"}
    return {**policy, "LaunchTemplate": {**template, "LaunchTemplateSpecification": specification}}


def instance_types(group):
    """In the order of preference."""
    overrides = (group.mixed_instances_policy or {}).get("LaunchTemplate", {}).get("Overrides") or []
    return [one["InstanceType"] for one in overrides if one.get("InstanceType")] or [group.instance_type]


def is_spot_next(group):
    """Whether the group's next instance is a Spot one. The base is On-Demand, and of the rest as many as the percentage says,
    rounded up (InstancesDistribution)."""
    share = (group.mixed_instances_policy or {}).get("InstancesDistribution") or {}
    base, percent = int(share.get("OnDemandBaseCapacity") or 0), int(share.get("OnDemandPercentageAboveBaseCapacity", 100))
    above = max(0, group.desired_capacity - base)
    wanted = min(base, group.desired_capacity) + math.ceil(above * percent / 100)
    return sum(state.instance.lifecycle != "spot" for state in group.active_instances()) >= wanted


def words(group, error):
    """A mixed group names what it could not launch, and the error's code."""
    if not group.mixed_instances_policy:
        return error.message
    return f"Could not launch {'Spot' if is_spot_next(group) else 'On-Demand'} Instances. {error.code} - {error.message}"
