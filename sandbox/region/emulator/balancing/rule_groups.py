"""AWS WAF's rule groups of an account, which web ACLs refer to."""

import json
import time

from moto.core.exceptions import JsonRESTError
from moto.wafv2.exceptions import WAFNonexistentItemException, WAFV2DuplicateItemException
from moto.wafv2.models import FakeWebACL, WAFV2Backend
from moto.wafv2.responses import WAFV2Response

from emulator.balancing import web_acl_rules
from emulator.balancing.web_acls import UNAVAILABLE_SECONDS, Refused
from emulator.patching import patches


@patches(WAFV2Backend, "create_rule_group")
def create_rule_group(moto, backend, *, capacity, rules, **more):
    check(rules, capacity, more.get("custom_response_bodies"))
    try:
        group = moto(capacity=capacity, rules=rules, **more)
    except WAFV2DuplicateItemException as error:
        # moto uses another code.
        raise Refused("WAFDuplicateItemException", error.message) from error
    group.sandbox_created = time.monotonic()
    return group


@patches(WAFV2Backend, "update_rule_group")
def update_rule_group(moto, backend, *, rules, **more):
    """The capacity was fixed when the group was made. AWS replaces all rules and answers, also by none (UpdateRuleGroup); moto keeps them then."""
    found = next((group for group in backend.rule_groups.values() if group.name == more["name"] and group.id == more["id"]), None)
    if found:
        check(rules, found.capacity, more.get("custom_response_bodies"))
    group = moto(rules=rules, **more)
    if not rules:
        group.rules = []
    group.custom_response_bodies = more.get("custom_response_bodies")
    return group


@patches(WAFV2Backend, "delete_rule_group")
def delete_rule_group(moto, backend, name, scope, id, lock_token):
    """AWS refuses while a web ACL refers to it (DeleteRuleGroup, WAFAssociatedItemException)."""
    found = next((group for group in backend.rule_groups.values() if group.name == name and group.id == id), None)
    if found and found.lock_token == lock_token and any(found.arn in web_acl_rules.referred(acl.rules) for acl in backend.wacls.values()):
        raise Refused(
            "WAFAssociatedItemException",
            "AWS WAF couldn't perform the operation because your resource is being used by another resource or it's associated "
            "with another resource.",
        )
    return moto(name, scope, id, lock_token)


@patches(WAFV2Backend, "create_web_acl")
def create_web_acl(moto, backend, name, visibility_config, default_action, scope, description, tags, rules, *more):
    check_references(backend, rules)
    return moto(name, visibility_config, default_action, scope, description, tags, rules, *more)


@patches(WAFV2Backend, "update_web_acl")
def update_web_acl(moto, backend, name, acl_id, default_action, rules, *more):
    check_references(backend, rules or [])
    return moto(name, acl_id, default_action, rules, *more)


@patches(WAFV2Response, "create_web_acl")
def create_protected(moto, response):
    return note_protection(moto(), response)


@patches(WAFV2Response, "update_web_acl")
def update_protected(moto, response):
    return note_protection(moto(), response)


@patches(FakeWebACL, "to_dict")
def with_protection(moto, acl):
    """moto knows no DataProtectionConfig."""
    return {**moto(), "DataProtectionConfig": getattr(acl, "sandbox_protection", None)}


def note_protection(answer, response):
    body = json.loads(response.body)
    for acl in response.wafv2_backend.wacls.values():
        if acl.name == body["Name"]:
            acl.sandbox_protection = body.get("DataProtectionConfig")
    return answer


def check(rules, capacity, bodies):
    web_acl_rules.check(rules or [])
    for rule in rules or []:
        answer = ((rule.get("Action") or {}).get("Block") or {}).get("CustomResponse") or {}
        key = answer.get("CustomResponseBodyKey")
        if key and key not in (bodies or {}):
            raise web_acl_rules.InvalidParameter("There is no such custom response body", "CUSTOM_RESPONSE_BODY_KEY", key)
    needed = web_acl_rules.capacity(rules or [])
    if needed > capacity:
        raise JsonRESTError(
            "WAFLimitsExceededException",
            f"AWS WAF couldn't perform the operation because you exceeded your resource limit: {needed} capacity units of {capacity}",
        )


def check_references(backend, rules):
    """A new rule group "might" be unavailable for a moment, as a new web ACL is (CreateWebACL, WAFUnavailableEntityException)."""
    for arn in web_acl_rules.referred(rules):
        group = backend.rule_groups.get(arn)
        if group is None:
            raise WAFNonexistentItemException()
        if time.monotonic() - getattr(group, "sandbox_created", 0.0) < UNAVAILABLE_SECONDS:
            raise Refused(
                "WAFUnavailableEntityException", "AWS WAF couldn't retrieve the resource that you requested. Retry your request."
            )
