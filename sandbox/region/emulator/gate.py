"""The gate of the region: only this sandbox's own programs may give orders, because an order can start a container as root.

A request is let in with the sandbox's key as its access key, or with an access key that the region itself issued, such as that of
an instance's role. Web pages are refused even with a key: a browser adds Origin to what a page sends to another site, and a page
whose name was rebound to 127.0.0.1 (DNS rebinding) sends its own name as Host. The signature is not checked.
"""

import hmac
import io
import re
from urllib.parse import parse_qs

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from emulator import calls, refusals, settings
from emulator.lock import CONTROL_PLANE

# What names this machine or the emulator, and buckets below that: a request of S3's virtual-hosted style.
HOSTS = re.compile(r"(?:127\.0\.0\.1|(?:[a-z0-9.-]+\.)?(?:localhost|emulator))(?::\d+)?", re.IGNORECASE)
CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/")
# Enough for what an order holds. A body is read before it is refused: a client that still sends would miss the answer.
READ_BYTES = 1 << 20


def refusal(call):
    """The answer to a request that may not pass; None for one that may."""
    found = objection(call)
    if found is None:
        return None
    environ = call.environ
    environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(min(int(environ.get("CONTENT_LENGTH") or 0), READ_BYTES)))
    return refusals.refuse(call, 403, *found)


def objection(call):
    """AWS's error code and a message, or None."""
    environ = call.environ
    if "HTTP_ORIGIN" in environ:
        return "AccessDenied", "the sandbox takes no orders from web pages"
    if not HOSTS.fullmatch(environ.get("HTTP_HOST", "")):
        return "AccessDenied", "the sandbox answers to 127.0.0.1 only"
    key = access_key(environ)
    if key is None:
        return "MissingAuthenticationToken", f"the request has no access key. {ADVICE}"
    own = key.removeprefix(calls.CONTROLLER)
    if hmac.compare_digest(own.encode(), settings.KEY.encode()) or issued(key):
        return None
    return CODES.get(call.protocol, "InvalidClientTokenId"), f"the access key is not this sandbox's. {ADVICE}"


def access_key(environ):
    """From the header of the sandbox's own paths, the signature, or the query of a presigned URL; None without any."""
    if "HTTP_X_SANDBOX_KEY" in environ:
        return environ["HTTP_X_SANDBOX_KEY"]
    signed = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if signed:
        return signed.group(1)
    query = parse_qs(environ.get("QUERY_STRING", ""))
    # boto3 still signs URLs for S3 by version 2 unless it is configured otherwise.
    presigned = query.get("X-Amz-Credential") or query.get("AWSAccessKeyId")
    return presigned[0].split("/")[0] if presigned else None


def issued(key):
    """Whether the region's STS or IAM issued it."""
    with CONTROL_PLANE:
        sessions = (backend.get_assumed_role_from_access_key(key) for _, _, backend in sts_backends.iter_backends())
        return any(sessions) or any(key in backend.access_keys for _, _, backend in iam_backends.iter_backends())


# Each protocol's code for an unknown access key (Common errors of the services; Amazon S3 error responses).
CODES = {"ec2": "AuthFailure", "json": "UnrecognizedClientException", "s3": "InvalidAccessKeyId"}
ADVICE = f"`infer-deploy sandbox status --name {settings.NAME}` prints the lines for a shell"
