"""The instance metadata service, version 2, for the containers of instances (Use instance metadata; IMDSv2)."""

import base64
import json
import re
import secrets
import socket
import time

from moto.autoscaling.models import autoscaling_backends
from moto.ec2.models import ec2_backends
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from emulator.compute import role_credentials
from emulator.autoscaling.lookup import membership
from emulator.lock import CONTROL_PLANE

PORT = 1338


class QuietHandler(WSGIRequestHandler):
    def log_request(self, *_):
        """Logs nothing: agents ask every few seconds, and their requests would fill the log."""


def serve():
    make_server("0.0.0.0", PORT, application, threaded=True, request_handler=QuietHandler).serve_forever()


def application(environ, start_response):
    request = Request(environ)
    # Outside the lock, because the name server may be slow.
    instance_id = instance_at(request.remote_addr)
    with CONTROL_PLANE:
        body, status, headers = answer(request, running(instance_id))
    return Response(body, status, headers, content_type="text/plain")(environ, start_response)


def answer(request, instance):
    """Body, status, headers."""
    if instance is None or instance.metadata_options.http_endpoint == "disabled":
        return "", 403 if instance else 404, {}
    if request.path == "/latest/api/token":
        return issue(request, instance)
    token = request.headers.get("X-aws-ec2-metadata-token")
    if token is None and instance.metadata_options.http_tokens == "required":
        return "", 401, {}
    if token is not None and not valid(token, instance):
        return "", 401, {}
    found = look_up(documents(instance), request.path)
    return ("", 404, {}) if found is None else (found, 200, {})


def issue(request, instance):
    """Issues a token for 1 second to 6 hours; never through a proxy, which X-Forwarded-For reveals."""
    if request.method != "PUT":
        return "", 405, {"Allow": "OPTIONS, PUT"}
    if "X-Forwarded-For" in request.headers:
        return "", 403, {}
    seconds = request.headers.get("X-aws-ec2-metadata-token-ttl-seconds", "")
    if not seconds.isdigit() or not 1 <= int(seconds) <= 21600:
        return "", 400, {}
    for old in [token for token, (_, ends) in tokens.items() if ends < time.monotonic()]:
        del tokens[old]
    token = base64.b64encode(secrets.token_bytes(40)).decode()
    tokens[token] = (instance.id, time.monotonic() + int(seconds))
    return token, 200, {"X-aws-ec2-metadata-token-ttl-seconds": seconds}


def valid(token, instance):
    owner, ends = tokens.get(token, (None, 0))
    return owner == instance.id and time.monotonic() < ends


def look_up(tree, path):
    """The value at the path, or the names below it: one a line, folders with a slash."""
    for part in [part for part in path.split("/") if part]:
        if not isinstance(tree, dict) or part not in tree:
            return None
        tree = tree[part]
        if callable(tree):
            tree = tree()
    if isinstance(tree, dict):
        return "\n".join(name + "/" * isinstance(below, dict) for name, below in tree.items())
    return tree


def documents(instance):
    backend = instance.ec2_backend
    zone = instance.placement.zone
    metadata = {
        "ami-id": instance.image_id,
        "ami-launch-index": str(instance.ami_launch_index),
        "hostname": instance.private_dns_name,
        "instance-id": instance.id,
        "instance-life-cycle": instance.lifecycle or "on-demand",
        "instance-type": instance.instance_type,
        "local-hostname": instance.private_dns_name,
        "local-ipv4": instance.private_ip,
        "placement": {"availability-zone": zone, "region": backend.region_name},
        "reservation-id": reservation_of(instance),
        "security-groups": "\n".join(group.name for group in instance.security_groups),
        "services": {"domain": "amazonaws.com", "partition": backend.partition},
    }
    if instance.public_ip:
        metadata["public-ipv4"] = instance.public_ip
    lifecycle = target_lifecycle_state(instance)
    if lifecycle:
        metadata["autoscaling"] = {"target-lifecycle-state": lifecycle}
    ends = getattr(instance, "sandbox_taken_back", None)
    if ends:
        metadata["spot"] = {"instance-action": json.dumps({"action": "terminate", "time": ends.strftime("%Y-%m-%dT%H:%M:%SZ")})}
    role = role_credentials.role_of(instance)
    if role:
        metadata["iam"] = {
            "info": lambda: json.dumps(role_credentials.info(instance), indent=2),
            "security-credentials": {role.name: lambda: json.dumps(role_credentials.issue(instance, role), indent=2)},
        }
    if instance.metadata_options.instance_metadata_tags == "enabled":
        tags = {tag["key"]: tag["value"] for tag in instance.get_tags()}
        metadata["tags"] = {"instance": {key: value for key, value in tags.items() if "/" not in key}}
    latest = {
        "meta-data": metadata,
        "dynamic": {"instance-identity": {"document": lambda: json.dumps(identity(instance), indent=2)}},
    }
    if instance.user_data:
        latest["user-data"] = lambda: base64.b64decode(str(instance.user_data))
    return {"latest": latest}


def target_lifecycle_state(instance):
    """The steady state that the instance is in or is moving to: Standby as soon as it begins to drain (Retrieve the target
    lifecycle state through instance metadata). None for an instance without a group."""
    found = membership(autoscaling_backends[instance.owner_id][instance.ec2_backend.region_name], instance.id)
    if found is None:
        return "Detached" if hasattr(instance, "sandbox_detached") else None
    return {"EnteringStandby": "Standby", "Terminating": "Terminated"}.get(found[1].lifecycle_state, found[1].lifecycle_state)


def identity(instance):
    return {
        "accountId": instance.owner_id,
        "architecture": instance.architecture,
        "availabilityZone": instance.placement.zone,
        "imageId": instance.image_id,
        "instanceId": instance.id,
        "instanceType": instance.instance_type,
        "pendingTime": instance.launch_time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "privateIp": instance.private_ip,
        "region": instance.ec2_backend.region_name,
        "version": "2017-09-30",
    }


def reservation_of(instance):
    for reservation in instance.ec2_backend.reservations.values():
        if instance in reservation.instances:
            return reservation.id
    return ""


def running(instance_id):
    for _account, _region, backend in ec2_backends.iter_backends():
        instance = backend.get_instance_by_id(instance_id)
        if instance is not None and instance.state == "running":
            return instance
    return None


def instance_at(address):
    """The instance whose container has this address, by Docker's name server: infer-deploy-NAME-i-0123.NETWORK"""
    try:
        name = socket.gethostbyaddr(address)[0]
    except OSError:
        return None
    found = re.search(r"(?:^|-)(i-[0-9a-f]{8,17})(?:\.|$)", name)
    return found.group(1) if found else None


tokens = {}
