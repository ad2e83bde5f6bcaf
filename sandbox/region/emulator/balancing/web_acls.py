"""AWS WAF's web ACLs in front of load balancers."""

import json
import time

from moto.core.exceptions import JsonRESTError
from moto.elbv2.models import ELBv2Backend, elbv2_backends
from moto.wafv2.exceptions import WAFNonexistentItemException, WAFV2DuplicateItemException
from moto.wafv2.models import WAFV2Backend, wafv2_backends
from moto.wafv2.responses import WAFV2Response

from emulator.balancing import web_acl_rules
from emulator.patching import adds, patches

# "After you create a web ACL, if you try to associate it with a resource, you might get an exception indicating that the web ACL
# is unavailable" for a few seconds up to minutes (AssociateWebACL).
UNAVAILABLE_SECONDS = 1.0


class Refused(JsonRESTError):
    code = 400


def associated():
    """Load balancer ARN -> its web ACL, in all accounts and regions: what the controller reads."""
    return {
        arn: {**acl.to_dict(), "RuleGroups": groups_of(backend, acl)}
        for _account, _region, backend in wafv2_backends.iter_backends()
        for acl in backend.wacls.values()
        for arn in acl.associated_resources
        if ":loadbalancer/app/" in arn
    }


def groups_of(backend, acl):
    """ARN -> the rule group of the account to which the web ACL refers."""
    arns = web_acl_rules.referred(acl.rules)
    return {arn: backend.rule_groups[arn].to_dict() for arn in arns if arn in backend.rule_groups}


def capacity(backend, rules):
    return web_acl_rules.capacity(rules, lambda arn: backend.rule_groups[arn].capacity)


@patches(WAFV2Backend, "create_web_acl")
def create_web_acl(moto, backend, name, visibility_config, default_action, scope, description, tags, rules, *more):
    web_acl_rules.check(rules)
    try:
        acl = moto(name, visibility_config, default_action, scope, description, tags, rules, *more)
    except WAFV2DuplicateItemException as error:
        # moto uses another code.
        raise Refused("WAFDuplicateItemException", error.message) from error
    acl.sandbox_created = time.monotonic()
    acl.capacity = capacity(backend, rules)
    return acl


@patches(WAFV2Backend, "update_web_acl")
def update_web_acl(moto, backend, name, acl_id, default_action, rules, *more):
    """AWS replaces all rules, also by none (UpdateWebACL); moto keeps them then."""
    web_acl_rules.check(rules or [])
    token = moto(name, acl_id, default_action, rules, *more)
    acl = backend.get_web_acl(None, name, acl_id)
    if not rules:
        acl.rules = []
    acl.capacity = capacity(backend, rules or [])
    return token


@patches(WAFV2Backend, "delete_web_acl")
def delete_web_acl(moto, backend, name, scope, acl_id, lock_token):
    """AWS refuses while a resource has it: "disassociate your resources from the web ACL before you delete it" (DeleteWebACL)."""
    found = next((acl for acl in backend.wacls.values() if acl.name == name and acl.id == acl_id), None)
    if found and found.lock_token == lock_token and found.associated_resources:
        raise Refused(
            "WAFAssociatedItemException",
            "AWS WAF couldn't perform the operation because your resource is being used by another resource or it's associated "
            "with another resource.",
        )
    answer = moto(name, scope, acl_id, lock_token)
    if found:
        backend.logging_configurations.pop(found.arn, None)
    return answer


@patches(WAFV2Backend, "associate_web_acl")
def associate_web_acl(moto, backend, web_acl_arn, resource_arn):
    """A resource has one web ACL at most: another one replaces it (AWS WAF developer guide, "Associating protection with an AWS
    resource"). moto keeps both, and accepts load balancers that do not exist."""
    acl = backend.wacls.get(web_acl_arn)
    if acl and time.monotonic() - getattr(acl, "sandbox_created", 0.0) < UNAVAILABLE_SECONDS:
        raise Refused(
            "WAFUnavailableEntityException", "AWS WAF couldn't retrieve the resource that you requested. Retry your request."
        )
    if ":loadbalancer/" in resource_arn and resource_arn not in elbv2_backends[backend.account_id][backend.region_name].load_balancers:
        raise WAFNonexistentItemException()
    if acl:
        release(backend, resource_arn)
    return moto(web_acl_arn, resource_arn)


@patches(ELBv2Backend, "delete_load_balancer")
def delete_load_balancer(moto, backend, arn):
    answer = moto(arn)
    if arn not in backend.load_balancers:
        release(wafv2_backends[backend.account_id][backend.region_name], arn)
    return answer


@adds(WAFV2Response, "list_resources_for_web_acl")
def list_resources_for_web_acl(response):
    """ResourceType is APPLICATION_LOAD_BALANCER unless given (ListResourcesForWebACL)."""
    body = json.loads(response.body)
    acl = response.wafv2_backend.get_web_acl(body["WebACLArn"], None, None)
    kind = RESOURCE_KINDS.get(body.get("ResourceType", "APPLICATION_LOAD_BALANCER"), " ")
    return 200, {}, json.dumps({"ResourceArns": [arn for arn in acl.associated_resources if kind in arn]})


@patches(WAFV2Backend, "put_logging_configuration")
def put_logging_configuration(moto, backend, arn, destinations, *more):
    """One destination, whose name begins with aws-waf-logs- (LoggingConfiguration, LogDestinationConfigs)."""
    if arn not in backend.wacls:
        raise WAFNonexistentItemException()
    if len(destinations) != 1 or not any(f"{mark}aws-waf-logs-" in destinations[0] for mark in (":log-group:", ":::", "deliverystream/")):
        raise Refused(
            "WAFInvalidParameterException",
            "Error reason: The ARN isn't valid. A valid ARN begins with arn: and includes other information separated by colons or "
            f"slashes., field: LOG_DESTINATION, parameter: {', '.join(destinations)}",
        )
    return moto(arn, destinations, *more)


def release(backend, resource_arn):
    for acl in backend.wacls.values():
        acl.associated_resources[:] = [arn for arn in acl.associated_resources if arn != resource_arn]


RESOURCE_KINDS = {"APPLICATION_LOAD_BALANCER": ":loadbalancer/app/", "API_GATEWAY": ":apigateway:"}
