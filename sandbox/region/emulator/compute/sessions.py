"""Session Manager: StartSession and TerminateSession, which moto lacks.

The answer names a stream, as on AWS. Here the controller serves it, on loopback, and runs the command in the instance's container.
"""

import json
import secrets

from moto.core.exceptions import JsonRESTError
from moto.ec2.models import ec2_backends
from moto.ssm.responses import SimpleSystemManagerResponse
from werkzeug.exceptions import NotFound

from emulator.patching import adds

DOCUMENTS = ("SSM-SessionManagerRunShell", "AWS-StartInteractiveCommand", "AWS-StartNonInteractiveCommand")
# Id -> what the controller runs. The port of its streams, once it has said so.
sessions: dict[str, dict] = {}
streams = {"port": None}


@adds(SimpleSystemManagerResponse, "start_session")
def start_session(response):
    target, document = response._get_param("Target"), response._get_param("DocumentName") or DOCUMENTS[0]
    if document not in DOCUMENTS:
        raise JsonRESTError("InvalidDocument", f"Document with name {document} does not exist.")
    instance = ec2_backends[response.current_account][response.region].get_instance_by_id(target)
    if streams["port"] is None or instance is None or instance.state != "running":
        raise JsonRESTError("TargetNotConnected", f"{target} is not connected.")
    command = (response._get_param("Parameters") or {}).get("command", [""])[0]
    name = f"sandbox-{secrets.token_hex(9)}"
    sessions[name] = {"token": secrets.token_urlsafe(48), "instance": target, "document": document, "command": command}
    return json.dumps({
        "SessionId": name,
        "TokenValue": sessions[name]["token"],
        "StreamUrl": f"ws://127.0.0.1:{streams['port']}/v1/data-channel/{name}?role=publish_subscribe",
    })


@adds(SimpleSystemManagerResponse, "terminate_session")
def terminate_session(response):
    """A session that has ended is no error (TerminateSession)."""
    name = response._get_param("SessionId")
    sessions.pop(name, None)
    return json.dumps({"SessionId": name})


def session(query):
    """For the controller, which runs it once."""
    found = sessions.pop(query.get("id", ""), None)
    if found is None:
        raise NotFound("there is no such session")
    return found


def report_port(body):
    streams["port"] = body["port"]
    return {}
