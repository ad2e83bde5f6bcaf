"""Target groups of HTTP/2 and gRPC: their defaults, and the listeners that AWS refuses for them."""

from moto.elbv2.exceptions import ELBClientError
from moto.elbv2.models import ELBv2Backend, FakeAction
from moto.elbv2.responses import ELBV2Response

from emulator.patching import patches

VERSIONS = ("HTTP1", "HTTP2", "GRPC")


@patches(ELBv2Backend, "create_target_group")
def create_target_group(moto, backend, name, **kwargs):
    """A target group of gRPC has codes of gRPC (CreateTargetGroup, Matcher): by default 12 for the path /AWS.ALB/healthcheck."""
    # Terraform's provider sends an empty one where the configuration has none, and means the default.
    version, matcher = kwargs.get("protocol_version") or None, kwargs.get("matcher") or {}
    if version not in (None, *VERSIONS):
        refuse(f"Protocol version '{version}' must be one of 'HTTP1, HTTP2, GRPC'", "ValidationError")
    settle(version, matcher)
    if version == "GRPC":
        kwargs["matcher"] = {"GrpcCode": matcher.get("GrpcCode") or "12"}
        kwargs["healthcheck_path"] = kwargs.get("healthcheck_path") or "/AWS.ALB/healthcheck"
    return moto(name, **kwargs)


@patches(ELBV2Response, "modify_target_group")
def modify_target_group(moto, response):
    """moto ignores the codes of gRPC."""
    params = response._get_params()
    group = response.elbv2_backend.target_groups.get(params.get("TargetGroupArn"))
    matcher = params.get("Matcher") or {}
    if group:
        settle(group.protocol_version, matcher)
    answer = moto()
    if group and matcher.get("GrpcCode"):
        group.matcher = {"GrpcCode": matcher["GrpcCode"]}
    return answer


@patches(ELBv2Backend, "modify_rule")
def modify_rule(moto, backend, rule_arn, conditions, actions):
    for rule in backend.describe_rules(None, [rule_arn]) if actions else []:
        check_actions(backend, actions, backend.describe_listeners(None, [rule.listener_arn])[0].protocol)
    return moto(rule_arn, conditions, actions)


def check_actions(backend, actions, protocol):
    """"The only supported listener protocol is HTTPS. The only supported action type for listener rules is forward" (Target groups for your
    Application Load Balancers, Protocol version). The second is for the actions of one rule: another one may answer by itself."""
    named = {arn for action in actions for arn in backend._get_target_group_arns_from(action_data=FakeAction(action).data)}
    versions = [group.protocol_version for arn, group in backend.target_groups.items() if arn in named]
    for version in versions:
        if version not in ("HTTP2", "GRPC"):
            continue
        if protocol != "HTTPS":
            refuse(f"Listener protocol '{protocol}' is not supported with a target group with the protocol-version '{version}'")
        for action in actions:
            if action.get("Type") != "forward":
                refuse(f"Action type '{action.get('Type')}' is not supported with a target group with the protocol-version '{version}'")


def settle(version, matcher):
    wrong = "HttpCode" if version == "GRPC" else "GrpcCode"
    if matcher.get(wrong):
        refuse(f"Matcher {wrong} is not supported with the protocol version '{version or 'HTTP1'}'", "ValidationError")


def refuse(text, code="InvalidLoadBalancerAction"):
    raise ELBClientError(code, text)
