"""Brings a group to its desired capacity."""

import time
from collections import Counter

from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup, InstanceState, autoscaling_backends
from moto.ec2.exceptions import EC2ClientError
from moto.elbv2.exceptions import TargetGroupNotFoundError

from emulator.autoscaling import leaving, mixed
from emulator.autoscaling.activities import record
from emulator.patching import patches


@patches(FakeAutoScalingGroup, "set_desired_capacity")
def set_desired_capacity(_moto, group, new_capacity):
    """A new group without a desired capacity starts with its minimum."""
    before = getattr(group, "desired_capacity", 0) or 0
    group.desired_capacity = (group.min_size or 0) if new_capacity is None else int(new_capacity)
    group.__dict__.pop("sandbox_retry", None)
    reconcile(group, f"a user request changed the desired capacity from {before} to {group.desired_capacity}")


def reconcile(group, cause):
    """Starts or ends instances until as many are in service as desired. Instances in Standby, leaving ones and those that
    only wait for their successors do not count. A suspended Launch or Terminate process leaves the group unchanged (Suspend and
    resume processes)."""
    staying = [state for state in group.active_instances() if not hasattr(state, "sandbox_replaced")]
    missing = group.desired_capacity - len(staying)
    if missing > 0 and "Launch" not in group._suspended_processes and not hasattr(group, "sandbox_retry"):
        # When a launch fails, the next one would too: the group tries again later.
        all(launch_somewhere(group, cause) for _ in range(missing))
    if missing < 0 and "Terminate" not in group._suspended_processes:
        for _ in range(-missing):
            victim = choose(group)
            if victim is None:
                return
            leaving.leave(group, victim, cause)


def launch_somewhere(group, cause):
    """Starts one instance, and returns whether that worked. Where a zone cannot have it, AWS continues with the next one
    (Instance distribution). moto lets the call fail that changed the capacity."""
    without = set()
    while place := emptiest(group, without):
        try:
            launch_preferred(group, cause, *place)
            return True
        except EC2ClientError as error:
            reason = f"{mixed.words(group, error)} Launching EC2 instance failed."
            failed = record(group, f"Launching a new EC2 instance.  Status Reason: {reason}", cause, "Failed", place=place)
            failed["StatusMessage"] = reason
            if error.code not in OF_A_ZONE:
                break
            without.add(place[0])
    pause = group.__dict__.get("sandbox_pause", FIRST_PAUSE / 2) * 2
    group.sandbox_pause = min(pause, LAST_PAUSE)
    group.sandbox_retry = time.monotonic() + group.sandbox_pause
    return False


def retry_failed(now):
    """A group keeps trying, with growing pauses. How long they are on AWS is not documented. `now` is time.monotonic()."""
    for _account, _region, backend in autoscaling_backends.iter_backends():
        for group in list(backend.autoscaling_groups.values()):
            if now >= group.__dict__.get("sandbox_retry", now + 1):
                del group.sandbox_retry
                reconcile(group, "an instance was started in response to a difference between desired and actual capacity")


def launch_preferred(group, cause, zone, subnet):
    """Starts one instance of the first type that the zone has capacity for (Allocation strategies: prioritized). Raises the
    last type's error."""
    *others, last = mixed.instance_types(group)
    for kind in others:
        try:
            return launch(group, cause, zone, subnet, kind)
        except EC2ClientError as error:
            if error.code not in OF_A_ZONE:
                raise
    return launch(group, cause, zone, subnet, last)


def launch(group, cause, zone, subnet, kind):
    """Starts one instance from the group's current launch template version. moto starts it from the template's default one."""
    # Before the launch, because afterwards it counts itself.
    lifecycle = "spot" if mixed.is_spot_next(group) else None
    version = group.ec2_launch_template and group.ec2_launch_template.get_version(group.launch_template_version)
    instance = group.ec2_backend.run_instances(
        group.image_id,
        1,
        group.user_data,
        group.security_groups,
        instance_type=kind,
        is_instance_type_default=False,
        # The group's tags override the template's (Tag Auto Scaling groups and instances).
        tags={"instance": {**group.get_propagated_tags(), "aws:autoscaling:groupName": group.name}},
        placement=zone,
        region_name=group.region,
        subnet_id=subnet,
        associate_public_ip=group.launch_config.associate_public_ip_address if group.launch_config else None,
        launch_config=group.launch_config,
        launch_template=version and {"LaunchTemplateId": version.template.id, "Version": str(version.number)},
    ).instances[0]
    instance.autoscaling_group = group
    instance.lifecycle = instance.instance_lifecycle = lifecycle
    state = InstanceState(instance, protected_from_scale_in=group.new_instances_protected_from_scale_in)
    state.sandbox_template_version = version and version.number
    group.instance_states.append(state)
    group.__dict__.pop("sandbox_pause", None)
    record(group, f"Launching a new EC2 instance: {instance.id}", cause, place=(zone, instance.subnet_id))
    serve(group, state)


def serve(group, state):
    """Puts an instance in service and registers it with the group's target groups."""
    state.lifecycle_state = "InService"
    if "AddToLoadBalancer" in group._suspended_processes:
        return
    for arn in group.target_group_arns or []:
        try:
            group.autoscaling_backend.elbv2_backend.register_targets(arn, [{"Id": state.instance.id}])
        except TargetGroupNotFoundError:
            # Target groups may be deleted before their Auto Scaling group.
            continue


@patches(AutoScalingBackend, "update_attached_target_groups")
def update_attached_target_groups(_moto, backend, group_name):
    """AWS registers the instances in service; moto also registers those in standby and those that leave."""
    group = backend.autoscaling_groups[group_name]
    for state in group.active_instances():
        serve(group, state)


@patches(InstanceState, "launch_template")
def launch_template(moto, state):
    """The version that the instance was started from, by which AWS shows which instances are out of date."""
    template = moto()
    number = getattr(state, "sandbox_template_version", None)
    return {**template, "Version": str(number)} if template and number else template


def choose(group):
    """Chooses the instance that leaves: from the zone with the most, then by the group's termination policies. The default
    is the oldest launch template, then the oldest instance (Default termination policy)."""
    candidates = [
        state
        for state in group.active_instances()
        if not state.protected_from_scale_in and not hasattr(state, "sandbox_replaced")
    ]
    if not candidates:
        return None
    crowd = Counter(state.availability_zone for state in group.active_instances())
    fullest = max(crowd[state.availability_zone] for state in candidates)
    candidates = [state for state in candidates if crowd[state.availability_zone] == fullest]
    newest_first = "NewestInstance" in group.termination_policies
    by_template = {"Default", "OldestLaunchTemplate"} & set(group.termination_policies)
    order = list(group.instance_states)
    return min(
        candidates,
        key=lambda state: (
            (getattr(state, "sandbox_template_version", None) or 0) if by_template else 0,
            -order.index(state) if newest_first else order.index(state),
        ),
    )


def emptiest(group, without):
    """The zone that has the fewest instances, and its subnet: AWS spreads a group over its zones, moto starts all instances in
    the first subnet. None when there is no zone but those in `without`."""
    crowd = Counter(state.availability_zone for state in group.active_instances())
    if not group.vpc_zone_identifier:
        zones = [zone for zone in group.availability_zones if zone not in without]
        return (min(zones, key=lambda zone: crowd[zone]), None) if zones else None
    subnets = [group.ec2_backend.get_subnet(subnet.strip()) for subnet in group.vpc_zone_identifier.split(",")]
    subnets = [subnet for subnet in subnets if subnet.availability_zone not in without]
    chosen = min(subnets, key=lambda subnet: crowd[subnet.availability_zone], default=None)
    return chosen and (chosen.availability_zone, chosen.id)


# Errors that concern one zone.
OF_A_ZONE = ("InsufficientInstanceCapacity", "Unsupported")
# Seconds between two tries of a group whose launches fail.
FIRST_PAUSE = 5
LAST_PAUSE = 60
