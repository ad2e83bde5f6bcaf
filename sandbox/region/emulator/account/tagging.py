"""GetResources: resources that AWS lists and moto omits (Services that support the Resource Groups Tagging API)."""

from moto.core.resource_tagging import TaggableResourcesMixin, TaggedResource
from moto.ec2.models import EC2Backend
from moto.ecr.models import ECRBackend
from moto.elbv2.models import ELBv2Backend
from moto.wafv2.models import WAFV2Backend

from emulator.patching import adds, patches


@patches(EC2Backend, "iter_tagged_resources")
def ec2_resources(moto, backend):
    """moto omits launch templates, addresses, endpoints, rules and ACLs, and still lists ended instances and NAT gateways.
    On AWS an instance's tags are deleted when it ends (Instance lifecycle)."""
    ended = {one.id for one in backend.all_instances() if one.state == "terminated"}
    ended |= {one.id for one in backend.nat_gateways.values() if one.state == "deleted"}
    for resource in moto():
        if resource.arn.rsplit("/", 1)[1] not in ended:
            yield resource
    for kind, ids in more_of(backend).items():
        for one in ids:
            arn = f"arn:{backend.partition}:ec2:{backend.region_name}:{backend.account_id}:{kind}/{one}"
            yield TaggedResource(arn, dict(backend.tags.get(one, {})), f"ec2:{kind}")


@patches(ELBv2Backend, "iter_tagged_resources")
def load_balancer_resources(moto, backend):
    yield from moto()
    for balancer in backend.load_balancers.values():
        for listener in balancer.listeners.values():
            yield tagged(backend, listener.arn, "elasticloadbalancing:listener")
            for rule in listener._non_default_rules.values():
                yield tagged(backend, rule.arn, "elasticloadbalancing:listener-rule")


def ecr_resources(backend):
    for repository in backend.repositories.values():
        tags = backend.tagger.get_tag_dict_for_resource(repository.arn)
        yield TaggedResource(repository.arn, tags, "ecr:repository")


def web_acls(backend):
    """And rule groups."""
    for one in [*backend.wacls.values(), *backend.rule_groups.values()]:
        tags = backend.tagging_service.get_tag_dict_for_resource(one.arn)
        yield TaggedResource(one.arn, tags, "wafv2:regional")


def more_of(backend):
    groups = [group for groups in backend.groups.values() for group in groups.values()]
    return {
        "elastic-ip": [address.allocation_id for address in backend.addresses if address.allocation_id],
        "launch-template": list(backend.launch_templates),
        "network-acl": list(backend.network_acls),
        "security-group-rule": [rule.id for group in groups for rule in [*group.ingress_rules, *group.egress_rules]],
        "vpc-endpoint": [key for key, one in backend.vpc_end_points.items() if one.state != "deleted"],
    }


def tagged(backend, arn, kind):
    return TaggedResource(arn, backend.tagging_service.get_tag_dict_for_resource(arn), kind)


def take_part(backend_class, namespace, resources):
    """Adds a backend to those that GetResources reads."""
    adds(backend_class, "iter_tagged_resources")(resources)
    backend_class.SERVICE_NAMESPACE = namespace
    backend_class.owns_arn = TaggableResourcesMixin.owns_arn
    backend_class.__bases__ = (*backend_class.__bases__, TaggableResourcesMixin)


take_part(ECRBackend, "ecr", ecr_resources)
take_part(WAFV2Backend, "wafv2", web_acls)
