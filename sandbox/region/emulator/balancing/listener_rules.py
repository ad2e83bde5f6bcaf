"""Listeners and rules: what AWS refuses, and the order in which it lists rules."""

import re

from moto.elbv2.exceptions import ELBClientError, RuleNotFoundError
from moto.elbv2.models import ELBv2Backend, FakeAction

from emulator.balancing import logins, protocol_versions
from emulator.patching import patches


@patches(ELBv2Backend, "modify_listener")
def modify_listener(moto, backend, arn, port=None, protocol=None, ssl_policy=None, certificates=None, actions=None):
    """AWS refuses a target group that does not exist, as in CreateRule; moto accepts it and fails later. It also checks a login."""
    listener = backend.describe_listeners(None, [arn])[0]
    backend._validate_actions([FakeAction(action) for action in actions or []])
    known = getattr(listener, "sandbox_client_secret", None)
    settled, secret = logins.settle(actions or [], protocol or listener.protocol, known)
    protocol_versions.check_actions(backend, settled, protocol or listener.protocol)
    answer = moto(arn, port, protocol, ssl_policy, certificates, settled)
    if settled:
        listener.sandbox_client_secret = secret
    return answer


@patches(ELBv2Backend, "create_rule")
def create_rule(moto, backend, listener_arn, conditions, priority, actions, *args, **kwargs):
    """A login of a rule is not modelled. The balancer would forward without it, so it is refused."""
    if any(action.get("Type") == logins.KIND for action in actions):
        raise NotImplementedError("a rule with authenticate-oidc; the default action of a listener may have it")
    protocol_versions.check_actions(backend, actions, backend.describe_listeners(None, [listener_arn])[0].protocol)
    return moto(listener_arn, conditions, priority, actions, *args, **kwargs)


@patches(ELBv2Backend, "_validate_fixed_response_action")
def validate_fixed_response(moto, _backend, action, i, index):
    """The message has at most 1,024 characters (FixedResponseActionConfig); moto takes any."""
    moto(action, i, index)
    if len(action.data["FixedResponseConfig"].get("MessageBody") or "") > LONGEST_MESSAGE:
        text = f"Value at 'actions.{index}.member.fixedResponseConfig.messageBody' failed to satisfy constraint"
        raise ELBClientError("ValidationError", f"1 validation error detected: {text}: Member must have length less than or equal to 1024")


@patches(ELBv2Backend, "modify_listener_attributes")
def modify_listener_attributes(moto, backend, listener_arn, attrs):
    """AWS refuses keys that it does not know, headers of TLS on a listener without a certificate, and values of headers that it
    does not allow (ModifyListenerAttributes, ListenerAttribute). An empty value removes a header. moto stores anything."""
    listener = backend.describe_listeners(None, [listener_arn])[0]
    for attribute in attrs:
        key, value = attribute["Key"], attribute["Value"]
        known = HTTP_ATTRIBUTES | HTTPS_ATTRIBUTES if listener.protocol == "HTTPS" else HTTP_ATTRIBUTES
        if key not in known:
            raise ELBClientError("ValidationError", f"Listener attribute key '{key}' is not valid")
        allowed = ALLOWED_VALUES.get(key)
        if value and allowed and not re.fullmatch(allowed, value):
            raise ELBClientError("ValidationError", f"Listener attribute value '{value}' is not valid for '{key}'")
    return moto(listener_arn, attrs)


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


LONGEST_MESSAGE = 1024

RESPONSE = "routing.http.response"

HTTP_ATTRIBUTES = {
    f"{RESPONSE}.server.enabled",
    f"{RESPONSE}.content_security_policy.header_value",
    f"{RESPONSE}.x_content_type_options.header_value",
    f"{RESPONSE}.x_frame_options.header_value",
    *(
        f"{RESPONSE}.access_control_{name}.header_value"
        for name in ("allow_origin", "allow_methods", "allow_headers", "allow_credentials", "expose_headers", "max_age")
    ),
}

HTTPS_ATTRIBUTES = {
    f"{RESPONSE}.strict_transport_security.header_value",
    "routing.http.request.x_amzn_tls_version.header_name",
    "routing.http.request.x_amzn_tls_cipher_suite.header_name",
    *(
        f"routing.http.request.x_amzn_mtls_clientcert{part}.header_name"
        for part in ("", "_serial_number", "_issuer", "_subject", "_validity", "_leaf")
    ),
}

ALLOWED_VALUES = {
    f"{RESPONSE}.server.enabled": "true|false",
    f"{RESPONSE}.x_content_type_options.header_value": "nosniff",
    f"{RESPONSE}.x_frame_options.header_value": "DENY|SAMEORIGIN|ALLOW-FROM .+",
}
