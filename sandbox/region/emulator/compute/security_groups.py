"""EC2: the description of a security group's rule."""

from moto.ec2.models.security_groups import SecurityGroupRule

from emulator.patching import patches


@patches(SecurityGroupRule, "description")
def description(moto, rule):
    """AWS keeps it for every rule (AuthorizeSecurityGroupIngress, UserIdGroupPair.Description).

    moto drops it when the rule names another group, and Terraform would set it again in every plan.
    """
    return moto() or (rule.source_group or {}).get("Description")
