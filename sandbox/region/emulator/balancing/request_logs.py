"""The logs of web ACLs in CloudWatch Logs, from what the firewall of the sandbox's load balancer saw."""

import json

from moto.logs.models import logs_backends
from moto.wafv2.models import wafv2_backends

from emulator.balancing.request_record import record

REDACTED = "REDACTED"
# The region has no disk. AWS keeps all events until the group's retention ends.
MOST_EVENTS = 10_000



def write(requests):
    """Adds an event for each of these requests whose web ACL has a log and whose filter keeps it."""
    for arn in {request["acl"] for request in requests}:
        place = destination(arn)
        if not place:
            continue
        acl, settings, logs, group, stream = place
        records = [(request["at"], record(acl, request)) for request in requests if request["acl"] == arn]
        events = [
            {"timestamp": int(at), "message": json.dumps(redact(one, settings.redacted_fields or []), separators=(",", ":"))}
            for at, one in records
            if kept(one, settings.logging_filter)
        ]
        if not events:
            continue
        if stream not in logs.groups[group].streams:
            logs.create_log_stream(group, stream)
        logs.put_log_events(group, stream, events)
        written = logs.groups[group].streams[stream]
        del written.events[:-MOST_EVENTS]


def destination(arn):
    """The web ACL, its logging configuration, and where its events go; None without a log group that exists."""
    parts = arn.split(":")
    if len(parts) < 6:
        return None
    region, account = parts[3:5]
    waf = wafv2_backends[account][region]
    acl, settings = waf.wacls.get(arn), waf.logging_configurations.get(arn)
    if not acl or not settings:
        return None
    logs = logs_backends[account][region]
    group = settings.log_destination_configs[0].split(":log-group:")[-1].removesuffix(":*")
    return (acl, settings, logs, group, f"{region}_{acl.name}_1") if group in logs.groups else None


def redact(one, fields):
    """Puts REDACTED instead of what the configuration names: a header, the query, the path or the method."""
    names = {field["SingleHeader"]["Name"].lower() for field in fields if field.get("SingleHeader")}
    kinds = {key for field in fields for key, value in field.items() if value is not None}
    request = one["httpRequest"]
    hidden = {name: REDACTED for kind_, name in (("QueryString", "args"), ("UriPath", "uri"), ("Method", "httpMethod")) if kind_ in kinds}
    headers = [{**header, "value": REDACTED} if header["name"].lower() in names else header for header in request["headers"]]
    return {**one, "httpRequest": {**request, **hidden, "headers": headers}}


def kept(one, logging_filter):
    """Whether the filter keeps a record; the first filter that fits decides (LoggingFilter)."""
    if not logging_filter:
        return True
    counted = [inner for group in one["ruleGroupList"] for inner in group["nonTerminatingMatchingRules"]]
    actions = {one["action"], *(["COUNT"] if counted or one["nonTerminatingMatchingRules"] else [])}
    if any("overriddenAction" in inner for inner in counted):
        actions.add("EXCLUDED_AS_COUNT")
    labels = {each["name"] for each in one["labels"]}
    for each in logging_filter["Filters"]:
        met = [
            condition["ActionCondition"]["Action"] in actions
            if condition.get("ActionCondition")
            else condition["LabelNameCondition"]["LabelName"] in labels
            for condition in each["Conditions"]
        ]
        if (all if each["Requirement"] == "MEETS_ALL" else any)(met):
            return each["Behavior"] == "KEEP"
    return logging_filter["DefaultBehavior"] == "KEEP"
