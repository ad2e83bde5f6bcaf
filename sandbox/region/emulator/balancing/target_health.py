"""DescribeTargetHealth by the balancer's checks. In moto every target is healthy."""

import time

from moto.elbv2.exceptions import TargetGroupNotFoundError
from moto.elbv2.models import ELBv2Backend, FakeHealthStatus, FakeTargetGroup, elbv2_backends
from werkzeug.exceptions import BadRequest

from emulator.balancing.load_balancers import load_balancer_arns
from emulator.patching import patches

STATES = ("initial", "healthy", "unhealthy", "draining", "unused", "unavailable")


def report(body):
    """Stores the balancer's view: {target group ARN: {instance id: {state, reason, description}}}. A report on a target group
    replaces the earlier one; deleted target groups are ignored."""
    groups = {arn: group for _, _, backend in elbv2_backends.iter_backends() for arn, group in backend.target_groups.items()}
    for arn, targets in body.items():
        for instance, health in targets.items():
            if health.get("state") not in STATES:
                raise BadRequest(f"{instance}: state {health.get('state')!r} is none of {', '.join(STATES)}")
        if arn in groups:
            groups[arn].sandbox_health = targets
    return {"unknown": sorted(set(body) - set(groups))}


@patches(ELBv2Backend, "describe_target_health")
def describe_target_health(_moto, backend, target_group_arn, targets):
    """Lists registered and draining targets. States and reasons are those of TargetHealth in the API reference: a new target
    is initial until its first checks; a target is unused when no listener uses its target group."""
    group = backend.target_groups.get(target_group_arn)
    if group is None:
        raise TargetGroupNotFoundError()
    asked = [target["Id"] for target in targets or []] or [*group.targets, *draining(group)]
    return [health_of(group, backend, instance) for instance in asked]


@patches(FakeTargetGroup, "deregister")
def deregister(moto, group, targets):
    remember(group, [target["Id"] for target in targets])
    return moto(targets)


@patches(FakeTargetGroup, "deregister_terminated_instances")
def deregister_terminated_instances(_moto, group, instance_ids):
    """moto shows a terminated instance as draining forever; AWS drains it like any other target."""
    gone = [instance for instance in instance_ids if instance in group.targets]
    remember(group, gone)
    for instance in gone:
        group.deregistered_targets[instance] = group.targets.pop(instance)


@patches(FakeTargetGroup, "register")
def register(moto, group, targets):
    moto(targets)
    for target in targets:
        left_at(group).pop(target["Id"], None)


def health_of(group, backend, instance):
    port = (group.targets.get(instance) or group.deregistered_targets.get(instance) or {}).get("Port", group.port)
    state, reason, description = judge(group, backend, instance)
    return FakeHealthStatus(instance, port, checked_port(group, port), state, reason, description)


def judge(group, backend, instance):
    if instance not in group.targets:
        return DRAINING if instance in draining(group) else NOT_REGISTERED
    if not load_balancer_arns(group):
        return NOT_IN_USE
    machine = backend.ec2_backend.get_instance_by_id(instance)
    if machine and machine.state != "running":
        return ("unused", "Target.InvalidState", f"Target is in the {machine.state} state")
    reported = getattr(group, "sandbox_health", {}).get(instance)
    if reported is None:
        return REGISTERING
    return (reported["state"], reported.get("reason"), reported.get("description"))


def draining(group):
    """Deregistered targets within their deregistration delay; AWS shows them until its end, even without open requests."""
    if not load_balancer_arns(group):
        return []
    return [instance for instance, at in left_at(group).items() if time.monotonic() - at < deregistration_delay(group)]


def deregistration_delay(group):
    """Seconds."""
    return int(group.attributes.get("deregistration_delay.timeout_seconds", 300))


def remember(group, instances):
    now = time.monotonic()
    left = left_at(group)
    for instance in [old for old, at in left.items() if now - at > 3600]:
        del left[instance]
    left.update({instance: now for instance in instances if instance in group.targets})


def left_at(group):
    return group.__dict__.setdefault("sandbox_left", {})


def checked_port(group, port):
    return str(port) if group.health_check_port in (None, "traffic-port") else str(group.health_check_port)


DRAINING = ("draining", "Target.DeregistrationInProgress", "Target deregistration is in progress")
NOT_REGISTERED = ("unused", "Target.NotRegistered", "Target is not registered to the target group")
NOT_IN_USE = (
    "unused",
    "Target.NotInUse",
    "Target group is not configured to receive traffic from the load balancer",
)
REGISTERING = ("initial", "Elb.RegistrationInProgress", "Target registration is in progress")
