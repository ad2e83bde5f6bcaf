"""Which resources a call names: what a policy's `Resource` and `Condition` are compared with.

Only the parameters of the table below are looked at. Their values are names, ids and ARNs, so nothing secret gets into the record.
"""

import json
import re
from urllib.parse import parse_qs
from xml.sax.saxutils import unescape

from moto.autoscaling.models import autoscaling_backends

from emulator.autoscaling import lookup
from emulator.lock import CONTROL_PLANE


def parameters(call):
    """Parameter -> its values, such as {"AlarmNames": ["app-production-errors"]}; with "Tags": [] where the call also tags."""
    found = FROM_PATH[call.service](call) if call.service in FROM_PATH else from_body(call)
    if call.operation == "TerminateInstanceInAutoScalingGroup":
        found["AutoScalingGroupName"] = groups_of(found.pop("InstanceId", []))
    return {name: sorted({str(value) for value in values}) for name, values in found.items() if values != [""]}


def from_body(call):
    wanted = NAMING.get(call.service, set())
    if call.protocol in ("query", "ec2"):
        return from_form(call.form, wanted)
    return from_json(call.body, wanted)


def from_form(form, wanted):
    """AlarmNames.member.1 is one of AlarmNames, and Tags.member.1.ResourceId one of ResourceId."""
    found = {}
    for name, values in form.items():
        parts = name.split(".")
        if parts[0] in TAGS:
            found.setdefault("Tags", [])
        part = next((part for part in (parts[0], parts[-1]) if part in wanted), None)
        if part is not None:
            found.setdefault(part, []).extend(values)
    return found


def from_json(body, wanted):
    try:
        values = json.loads(body or b"{}")
    except ValueError:
        return {}
    if not isinstance(values, dict):
        return {}
    found = {name: value if isinstance(value, list) else [value] for name, value in values.items() if name in wanted}
    return {**found, **({"Tags": []} if any(values.get(name) for name in TAGS) else {})}


def of_bucket(call):
    bucket, key = call.bucket_and_key
    prefix = parse_qs(call.environ.get("QUERY_STRING", "")).get("prefix", [""])
    if call.operation == "DeleteObjects":
        keys = [unescape(found) for found in KEYS.findall(call.body.decode("utf-8", "replace"))]
    else:
        keys = [key]
    return {"Bucket": [bucket], "Key": keys, "Prefix": prefix}


def of_route53(call):
    """/2013-04-01/hostedzone/ID/rrset, /2013-04-01/healthcheck/ID, /2013-04-01/change/ID, /2013-04-01/tags/hostedzone/ID

    ListTagsForResources has the ids in its body.
    """
    parts = call.environ.get("PATH_INFO", "").strip("/").removeprefix("2013-04-01/").removeprefix("tags/").split("/")
    if call.operation == "ListTagsForResources":
        return {"Id": [f"{parts[0]}/{found}" for found in RESOURCE_IDS.findall(call.body.decode("utf-8", "replace"))]}
    return {"Id": ["/".join(parts[:2])]} if len(parts) > 1 else {}


def of_cloudfront(call):
    """/2020-05-31/distribution/ID/config, with IAM's name for the kind; /2020-05-31/tagging?Resource=ARN"""
    parts = call.environ.get("PATH_INFO", "").strip("/").split("/")[1:]
    if parts[:1] == ["tagging"]:
        return {"Resource": parse_qs(call.environ.get("QUERY_STRING", "")).get("Resource", [""])}
    kind = {"vpc-origin": "vpcorigin"}.get(parts[0], parts[0]) if parts else ""
    number = parts[1] if len(parts) > 1 else "*"
    tags = {"Tags": []} if b"<Tag>" in call.body else {}
    return {"Id": [f"{kind}/{number}"], **tags}


def groups_of(instance_ids):
    """By the ARN of its group a policy allows or denies the end of an instance."""
    with CONTROL_PLANE:
        backends = [backend for _, _, backend in autoscaling_backends.iter_backends()]
        found = [lookup.membership(backend, instance_id) for backend in backends for instance_id in instance_ids]
    return [group.name for group, _ in filter(None, found)]


RESOURCE_IDS = re.compile(r"<ResourceId>([^<]+)</ResourceId>")
KEYS = re.compile(r"<Key>([^<]*)</Key>")
FROM_PATH = {"cloudfront": of_cloudfront, "s3": of_bucket, "route53": of_route53}
TAGS = {"Tags", "tags", "TagSpecification"}
# For each of IAM's prefixes: the parameters whose values are in ARNs or in conditions. EC2's ids are in no policy.
NAMING = {
    "acm": {"CertificateArn"},
    # Of a launch template, only whether the call names one.
    "autoscaling": {"AutoScalingGroupName", "InstanceId", "ResourceId", "LaunchTemplate"},
    "cloudwatch": {"AlarmName", "AlarmNames", "DashboardName", "DashboardNames", "ResourceARN"},
    "ecr": {"repositoryName", "repositoryNames", "resourceArn"},
    "elasticloadbalancing": {"Name", "ListenerArn", "LoadBalancerArn", "ResourceArns", "RuleArn", "TargetGroupArn"},
    "iam": {"AWSServiceName", "InstanceProfileName", "OpenIDConnectProviderArn", "PolicySourceArn", "RoleName", "Url"},
    "logs": {"logGroupName", "resourceArn"},
    "secretsmanager": {"Name", "SecretId"},
    "sns": {"Name", "ResourceArn", "TopicArn"},
    "ssm": {"Name", "Names", "ResourceId"},
}
