"""Listeners and rules: what AWS refuses, and the order in which it lists rules."""

from moto.elbv2.exceptions import ELBClientError, RuleNotFoundError
from moto.elbv2.models import ELBv2Backend, FakeAction

from emulator.patching import patches


@patches(ELBv2Backend, "modify_listener")
def modify_listener(moto, backend, arn, port=None, protocol=None, ssl_policy=None, certificates=None, actions=None):
    """AWS refuses a target group that does not exist, as in CreateRule; moto accepts it and fails later."""
    backend.describe_listeners(None, [arn])
    backend._validate_actions([FakeAction(action) for action in actions or []])
    return moto(arn, port, protocol, ssl_policy, certificates, actions)


@patches(ELBv2Backend, "describe_rules")
def describe_rules(moto, backend, listener_arn, rule_arns):
    """By priority, the default rule last; moto lists them in the order of creation."""
    return sorted(moto(listener_arn, rule_arns), key=lambda rule: (rule.priority == "default", int_of(rule.priority)))


@patches(ELBv2Backend, "delete_rule")
def delete_rule(_moto, backend, arn):
    """AWS refuses the default rule and an unknown rule (DeleteRule, "Errors"); moto reports success or fails."""
    for balancer in backend.load_balancers.values():
        for listener in balancer.listeners.values():
            if arn in listener._non_default_rules:
                return listener.remove_rule(arn)
            if any(rule.arn == arn for rule in listener.rules.values()):
                raise ELBClientError("OperationNotPermitted", f"Default rule '{arn}' cannot be deleted")
    raise RuleNotFoundError()


def int_of(priority):
    return int(priority) if str(priority).isdigit() else 0
