"""Load balancers that answer: each listener has a loopback port of the sandbox's balancer."""

import re

from moto.cloudfront.models import cloudfront_backends
from moto.elbv2.exceptions import (
    DuplicateListenerError,
    DuplicateLoadBalancerName,
    ELBClientError,
    InvalidTargetError,
    TargetGroupNotFoundError,
    TooManyTagsError,
)
from moto.elbv2.models import ELBv2Backend, FakeTargetGroup, elbv2_backends

from emulator import settings
from emulator.balancing import logins, protocol_versions
from emulator.patching import patches


def listeners():
    """Listener ARN -> its loopback port, in all accounts and regions."""
    return {
        listener.arn: {"port": listener.sandbox_port, "load_balancer_arn": listener.load_balancer_arn}
        for balancer in every_load_balancer()
        for listener in balancer.listeners.values()
        if hasattr(listener, "sandbox_port")
    }


@patches(ELBv2Backend, "create_load_balancer")
def create_load_balancer(moto, backend, name, *args, **kwargs):
    """AWS gives each load balancer a DNS name. The sandbox has no DNS, so the name is an address and the port of one
    listener (listener_port). AWS also refuses invalid names and a second load balancer of the same name (CreateLoadBalancer, "Name": at
    most 32 alphanumeric characters or hyphens)."""
    if not re.fullmatch(r"(?!internal-)(?!-)[A-Za-z0-9-]{1,32}(?<!-)", name or ""):
        raise ELBClientError(
            "ValidationError", f"The load balancer name '{name}' must be at most 32 alphanumeric characters or hyphens"
        )
    if any(balancer.name == name for balancer in backend.load_balancers.values()):
        raise DuplicateLoadBalancerName()
    port = free_port() if settings.LISTENER_PORTS else None
    balancer = moto(name, *args, **kwargs)
    if port:
        balancer.sandbox_port = port
        balancer.dns_name = f"127.0.0.1:{port}"
    return balancer


@patches(ELBv2Backend, "delete_target_group")
def delete_target_group(moto, backend, arn):
    """AWS succeeds for one that is gone: the only error of DeleteTargetGroup is ResourceInUse."""
    return moto(arn) if arn in backend.target_groups else None


@patches(ELBv2Backend, "create_listener")
def create_listener(moto, backend, load_balancer_arn, protocol, port, *args, **kwargs):
    """AWS refuses a second listener on the same port; moto searches for the port among the listeners' ARNs.
    It also checks a login, and never returns its client secret."""
    balancer = backend.load_balancers.get(load_balancer_arn)
    if balancer and any(str(listener.port) == str(port) for listener in balancer.listeners.values()):
        raise DuplicateListenerError()
    kwargs["actions"], secret = logins.settle(kwargs["actions"], protocol)
    protocol_versions.check_actions(backend, kwargs["actions"], protocol)
    loopback = listener_port(balancer, port) if balancer else None
    listener = moto(load_balancer_arn, protocol, port, *args, **kwargs)
    listener.sandbox_client_secret = secret
    if loopback:
        listener.sandbox_port = loopback
    return listener


@patches(ELBv2Backend, "delete_load_balancer")
def delete_load_balancer(moto, backend, arn):
    """AWS refuses while the attribute deletion_protection.enabled is true."""
    balancer = backend.load_balancers.get(arn)
    if balancer and balancer.attrs.get("deletion_protection.enabled") == "true":
        raise ELBClientError(
            "OperationNotPermitted", f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
        )
    return moto(arn)


@patches(ELBv2Backend, "deregister_targets")
def deregister_targets(moto, backend, target_group_arn, instances):
    """AWS: "If the specified target does not exist, the action returns successfully" (DeregisterTargets)."""
    group = backend.target_groups.get(target_group_arn)
    if group is None:
        raise TargetGroupNotFoundError()
    known = [target for target in instances if target["Id"] in group.targets]
    return moto(target_group_arn, known) if known else None


@patches(ELBv2Backend, "register_targets")
def register_targets(moto, backend, target_group_arn, instances):
    """AWS refuses an instance that does not exist (InvalidTarget); moto accepts any id."""
    for target in instances:
        if target["Id"].startswith("i-") and not backend.ec2_backend.get_instance_by_id(target["Id"]):
            raise InvalidTargetError()
    return moto(target_group_arn, instances)


@patches(ELBv2Backend, "add_tags")
def add_tags(_moto, backend, resource_arns, tags):
    """AWS allows 50 tags on a load balancer (Quotas of Application Load Balancers); moto allows 10."""
    for arn in resource_arns:
        backend._get_resource_by_arn(arn)
        keys = {*backend.tagging_service.get_tag_dict_for_resource(arn), *(tag["Key"] for tag in tags)}
        if len(keys) > 50:
            raise TooManyTagsError()
        backend.tagging_service.tag_resource(arn, tags)


def load_balancer_arns(group):
    """AWS lists the load balancers whose listeners and rules use the target group now; moto keeps all former ones and
    misses those that were added by ModifyListener or ModifyRule."""
    backend = elbv2_backends[group.account_id][group.region_name]
    return list(dict.fromkeys(arn for arn, named in forwards(backend) if named == group.arn))


def forwards(backend):
    """(load balancer, target group) for every forward action of every rule."""
    for balancer in backend.load_balancers.values():
        for listener in balancer.listeners.values():
            for rule in listener.rules.values():
                for action in rule.actions:
                    for target_group in backend._get_target_group_arns_from(action_data=action.data):
                        yield balancer.arn, target_group


def listener_port(balancer, port):
    """The load balancer's port for its listener on port 80, which a name without a port means, and until there is one for its
    first listener. The next free port for each other listener."""
    own = getattr(balancer, "sandbox_port", None)
    holder = next((one for one in balancer.listeners.values() if getattr(one, "sandbox_port", None) == own), None)
    if own is None or holder is None:
        return own
    if str(port) != "80":
        return free_port()
    holder.sandbox_port = free_port()
    return own


def free_port(taken=()):
    used = {getattr(balancer, "sandbox_port", None) for balancer in every_load_balancer()}
    used |= {port for dist in every_distribution() for port in getattr(dist, "sandbox_ports", ())}
    used |= set(taken)
    used |= {listener["port"] for listener in listeners().values()}
    for port in settings.LISTENER_PORTS:
        if port not in used:
            return port
    raise ELBClientError(
        "TooManyLoadBalancers",
        f"this sandbox has {len(settings.LISTENER_PORTS)} listener ports and all are in use: delete a load balancer or listener",
    )


def every_distribution():
    """CloudFront's, whose ports are of the same balancer."""
    return [dist for _account, _partition, backend in cloudfront_backends.iter_backends() for dist in backend.distributions.values()]


def every_load_balancer():
    return [
        balancer for _account, _region, backend in elbv2_backends.iter_backends() for balancer in backend.load_balancers.values()
    ]


# A plain attribute in moto. Assignments have no effect here; moto also appends to the list that it gets.
FakeTargetGroup.load_balancer_arns = property(load_balancer_arns, lambda group, _: None)
