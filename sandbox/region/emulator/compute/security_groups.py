"""EC2: the description of a security group's rule, and a rule that is gone."""

from moto.ec2.exceptions import InvalidPermissionNotFoundError, InvalidSecurityGroupRuleIdNotFoundError
from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule

from emulator.patching import patches


@patches(SecurityGroupRule, "description")
def description(moto, rule):
    """AWS keeps it for every rule (AuthorizeSecurityGroupIngress, UserIdGroupPair.Description and PrefixListId.Description).

    moto drops it when the rule names another group or a prefix list, and Terraform would set it again in every plan.
    """
    return moto() or (rule.source_group or {}).get("Description") or rule.sandbox_prefix_list.get("Description")


@patches(SecurityGroupRule, "__init__")
def remember_prefix_list(moto, rule, *args, **kwargs):
    moto(*args, **kwargs)
    lists = [*args[PREFIX_LIST:][:1], kwargs.get("prefix_list_id")]
    rule.sandbox_prefix_list = next((one for one in lists if one), {})


# Its place among the arguments.
PREFIX_LIST = 7


@patches(SecurityGroupBackend, "revoke_security_group_ingress")
def revoke_security_group_ingress(moto, _backend, *args, **kwargs):
    revoke(moto, *args, **kwargs)


@patches(SecurityGroupBackend, "revoke_security_group_egress")
def revoke_security_group_egress(moto, _backend, *args, **kwargs):
    revoke(moto, *args, **kwargs)


def revoke(moto, *args, security_rule_ids=None, **kwargs):
    """A rule that is named by its id has its own error (EC2, Error codes: InvalidSecurityGroupRuleId.NotFound).

    A caller whose first answer was lost meets it, and Terraform takes it for done.
    """
    try:
        moto(*args, security_rule_ids=security_rule_ids, **kwargs)
    except InvalidPermissionNotFoundError:
        if security_rule_ids:
            raise InvalidSecurityGroupRuleIdNotFoundError(security_rule_ids[0]) from None
        raise
