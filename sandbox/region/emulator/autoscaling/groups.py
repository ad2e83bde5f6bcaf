"""Creating, changing and deleting groups: bounds, and the settings that moto drops."""

from moto.autoscaling.exceptions import AutoscalingClientError
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import EmptyResult

from emulator.autoscaling import mixed, tracking
from emulator.autoscaling.activities import finish, record
from emulator.autoscaling.lookup import group_named, refuse
from emulator.patching import patches


@patches(AutoScalingResponse, "create_auto_scaling_group")
def create_auto_scaling_group(moto, response):
    """AWS keeps every setting of the request and refuses a desired capacity outside the minimum and maximum."""
    name = response._get_param("AutoScalingGroupName")
    if name in response.autoscaling_backend.autoscaling_groups:
        message = f"AutoScalingGroup by this name already exists - A group with the name {name} already exists"
        raise AutoscalingClientError("AlreadyExists", message)
    low, high = response._get_int_param("MinSize"), response._get_int_param("MaxSize")
    within(low, high, response._get_int_param("DesiredCapacity"))
    answer = moto()
    group = response.autoscaling_backend.autoscaling_groups[name]
    # The API's default; moto uses the console's, which is 300 seconds.
    group.health_check_grace_period = 0
    keep(response, group)
    return answer


@patches(AutoScalingResponse, "update_auto_scaling_group")
def update_auto_scaling_group(moto, response):
    answer = moto()
    keep(response, group_named(response.autoscaling_backend, response._get_param("AutoScalingGroupName")))
    return answer


@patches(FakeAutoScalingGroup, "update")
def update(moto, group, **settings):
    """AWS moves the desired capacity between a new minimum and maximum, and refuses a requested one outside them; moto
    compares with the number of instances. Settings that the request omits stay; moto drops the mixed instances policy."""
    low = group.min_size if settings["min_size"] is None else settings["min_size"]
    high = group.max_size if settings["max_size"] is None else settings["max_size"]
    within(low, high, settings["desired_capacity"])
    if settings["desired_capacity"] is None:
        bounded = min(max(group.desired_capacity, low), high)
        settings["desired_capacity"] = bounded if bounded != group.desired_capacity else None
    if not settings.get("mixed_instances_policy") and not settings["launch_template"] and not settings["launch_config_name"]:
        settings["mixed_instances_policy"] = mixed.by_id(group.mixed_instances_policy)
    # Without a desired capacity, moto would compare the bounds with the number of instances again.
    group.max_size, group.min_size = high, low
    return moto(**{**settings, "max_size": None, "min_size": None})


@patches(AutoScalingResponse, "set_desired_capacity")
def set_desired_capacity(_moto, response):
    """AWS refuses a capacity outside the group's minimum and maximum; moto accepts any."""
    group = group_named(response.autoscaling_backend, response._get_param("AutoScalingGroupName"))
    wanted = response._get_int_param("DesiredCapacity")
    if wanted > group.max_size:
        refuse(f"New SetDesiredCapacity value {wanted} is above max value {group.max_size} for the AutoScalingGroup.")
    if wanted < group.min_size:
        refuse(f"New SetDesiredCapacity value {wanted} is below min value {group.min_size} for the AutoScalingGroup.")
    group.set_desired_capacity(wanted)
    return EmptyResult()


@patches(AutoScalingResponse, "delete_auto_scaling_group")
def delete_auto_scaling_group(moto, response):
    """AWS deletes a group with instances only by force, and then ends them without draining; moto needs no force."""
    group = group_named(response.autoscaling_backend, response._get_param("AutoScalingGroupName"))
    if group.instance_states and not response._get_bool_param("ForceDelete", False):
        raise AutoscalingClientError(
            "ResourceInUse",
            "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) "
            "still in the group.",
        )
    return moto()


@patches(AutoScalingBackend, "delete_auto_scaling_group")
def delete_group(_moto, backend, group_name):
    """AWS deletes a group's policies, scheduled actions and hooks with it (DeleteAutoScalingGroup); moto keeps them for the
    next group of that name."""
    group = group_named(backend, group_name)
    for state in group.instance_states:
        for arn in group.target_group_arns or []:
            if arn in backend.elbv2_backend.target_groups:
                backend.elbv2_backend.deregister_targets(arn, [{"Id": state.instance.id}])
        backend.ec2_backend.terminate_instances([state.instance.id])
        name = f"Terminating EC2 instance: {state.instance.id}"
        finish(record(group, name, "the group was deleted by force", instance=state.instance))
    group.instance_states = []
    for policy in backend.policies.values():
        if policy.auto_scaling_group_name == group_name:
            tracking.remove_alarms(policy)
    for owned in (backend.policies, backend.scheduled_actions, backend.lifecycle_hooks):
        for key in [key for key, one in owned.items() if one.auto_scaling_group_name == group_name]:
            del owned[key]
    del backend.autoscaling_groups[group_name]


def keep(response, group):
    for name, attribute in KEPT.items():
        value = response._get_param(name)
        if value is not None:
            setattr(group, attribute, None if value in UNSET.get(name, ()) else value)


def within(low, high, desired):
    if low is not None and high is not None and low > high:
        refuse(f"Max bound, {high}, must be greater than or equal to min bound, {low}")
    if desired is not None and not low <= desired <= high:
        refuse(f"Desired capacity:{desired} must be between the specified min size:{low} and max size:{high}")


KEPT = {
    "AvailabilityZoneDistribution": "availability_zone_distribution",
    "AvailabilityZoneImpairmentPolicy": "availability_zone_impairment_policy",
    "CapacityRebalance": "capacity_rebalance",
    "CapacityReservationSpecification": "capacity_reservation_specification",
    "Context": "context",
    "DefaultCooldown": "default_cooldown",
    "DefaultInstanceWarmup": "default_instance_warmup",
    "DesiredCapacityType": "desired_capacity_type",
    "HealthCheckGracePeriod": "health_check_grace_period",
    "InstanceMaintenancePolicy": "instance_maintenance_policy",
    "MaxInstanceLifetime": "max_instance_lifetime",
    "PlacementGroup": "placement_group",
    "ServiceLinkedRoleARN": "service_linked_role_arn",
    "TerminationPolicies": "termination_policies",
}
# The values by which a request removes a setting.
UNSET = {
    "DefaultInstanceWarmup": (-1, "-1"),
    "InstanceMaintenancePolicy": ({"MinHealthyPercentage": -1, "MaxHealthyPercentage": -1},),
    "MaxInstanceLifetime": (0, "0"),
    "PlacementGroup": ("",),
}
