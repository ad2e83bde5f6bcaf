"""Who calls what: the service, the action in IAM's terms, the resources and the access key of a request, and a record of them."""

import functools
import re
from urllib.parse import parse_qs

from botocore.exceptions import UnknownServiceError
from moto.core.request import Request
from moto.core.routing import NotFound, get_service_router
from moto.core.utils import get_service_model
from moto.sts.models import sts_backends

from emulator import named, settings
from emulator.lock import CONTROL_PLANE

# The controller puts this before the sandbox's key. No weather applies to it, and its calls are not recorded.
CONTROLLER = "controller-"


class Call:
    """One request to the AWS API."""

    # Read once the call is known to be welcome.
    body = b""

    def __init__(self, environ, start_response):
        self.environ, self.start_response = environ, start_response
        scope = SCOPE.search(environ.get("HTTP_AUTHORIZATION", "")) or SCOPE.search(unsigned_scope(environ))
        self.key, self.region, signing = scope.groups() if scope else ("", "us-east-1", "s3")
        # The name by which the request is signed, and the prefix of its actions in policies.
        self.signing = signing.lower()
        self.service = POLICY_PREFIXES.get(self.signing, self.signing)

    @property
    def by_controller(self):
        return self.key.startswith(CONTROLLER)

    @property
    def by_client(self):
        """Not the controller's call, nor an instance's with the keys of its role."""
        return not self.by_controller and not is_instance(self.key)

    @functools.cached_property
    def operation(self):
        """The operation's name in the API: PutBucketVersioning. Empty when it is none that moto knows."""
        target = self.environ.get("HTTP_X_AMZ_TARGET")
        if target:
            return target.rsplit(".", 1)[-1]
        if self.environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
            found = self.form.get("Action")
            if found:
                return found[0]
        try:
            return get_service_router(self.signing).match(Request(dict(self.environ)))[0].name
        except (NotFound, NotImplementedError, UnknownServiceError):
            return ""

    @property
    def action(self):
        """The operation as policies call it: PutBucketVersioning, but ListBucket for HeadBucket."""
        action = OTHER_ACTIONS.get(self.service, {}).get(self.operation, self.operation)
        return S3_VERSION_ACTIONS.get(action, action) if self.names_version else action

    @property
    def names_version(self):
        """Whether an S3 call is about a version of an object, and not about the current one."""
        if self.service != "s3":
            return False
        query = parse_qs(self.environ.get("QUERY_STRING", ""))
        return "versionId" in query or (self.operation == "DeleteObjects" and b"<VersionId>" in self.body)

    @functools.cached_property
    def form(self):
        return parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)

    @functools.cached_property
    def protocol(self):
        """s3, ec2, query, json, rest-xml or rest-json: the form of its errors."""
        if self.signing in ("s3", "ec2"):
            return self.signing
        if self.environ.get("HTTP_X_AMZ_TARGET"):
            return "json"
        if self.environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
            return "query"
        try:
            return str(get_service_model(self.signing).protocol)
        except UnknownServiceError:
            return "query"

    @property
    def changes(self):
        """Whether the operation may change something."""
        return not self.operation.startswith(READING)

    @property
    def bucket_and_key(self):
        """Of an S3 call in path style, which SDKs use for an address."""
        bucket, _, key = self.environ.get("PATH_INFO", "").lstrip("/").partition("/")
        return bucket, key


def is_instance(key):
    """Whether it belongs to a session of an instance: that has the instance's id for a name."""
    if not key.startswith("ASIA"):
        return False
    with CONTROL_PLANE:
        sessions = [backend.get_assumed_role_from_access_key(key) for _, _, backend in sts_backends.iter_backends()]
    return any(session.session_name.startswith("i-") for session in sessions if session)


def unsigned_scope(environ):
    """The same in a presigned address."""
    return environ.get("QUERY_STRING", "").replace("%2F", "/").replace("X-Amz-Credential", "Credential")


def note(call):
    """Unsigned calls are left out: they are moto's own, or have nothing to do with policies."""
    if not call.key:
        return
    # An instance's role is limited by its own policy, and its calls are many.
    named_by_call = named.parameters(call) if call.key == settings.KEY else {}
    parameters = tuple(sorted((name, tuple(values)) for name, values in named_by_call.items()))
    what = (call.service, call.action, call.key, call.region, parameters)
    RECORDED[what] = RECORDED.get(what, 0) + 1


def recorded():
    return {
        "calls": [
            {"service": service, "action": action, "key": key, "region": region, "parameters": dict(parameters), "count": count}
            for (service, action, key, region, parameters), count in sorted(RECORDED.items())
        ]
    }


RECORDED = {}
SCOPE = re.compile(r"Credential=([^/\s,]+)/\d*/([^/]+)/([^/]+)/aws4_request")
READING = ("Describe", "Get", "List", "Head", "BatchGet", "BatchCheck", "Lookup", "Search", "Select")
# IAM's prefix where it differs from the name in the signature (Service Authorization Reference).
POLICY_PREFIXES = {"monitoring": "cloudwatch", "tagging": "tag"}
# S3's operations that policies know by another name (Service Authorization Reference, "Actions defined by Amazon S3").
S3_ACTIONS = {
    "CompleteMultipartUpload": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CopyObject": "PutObject",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeleteObjects": "DeleteObject",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListBuckets": "ListAllMyBuckets",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
}
# Of a version that the call names (Amazon S3 user guide, "Required permissions for Amazon S3 API operations").
S3_VERSION_ACTIONS = {
    "DeleteObject": "DeleteObjectVersion",
    "GetObject": "GetObjectVersion",
    "GetObjectTagging": "GetObjectVersionTagging",
}
# The tags of a new distribution are cloudfront:TagResource, and the rest of the call is the plain one (the same reference).
OTHER_ACTIONS = {"s3": S3_ACTIONS, "cloudfront": {"CreateDistributionWithTags": "CreateDistribution"}}
