"""S3: a bucket policy's conditions."""

import json

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket

from emulator.patching import patches


@patches(FakeBucket, "get_permission")
def get_permission(moto, bucket, action, resource):
    """AWS applies a statement only when its condition is met (IAM User Guide, "IAM JSON policy elements: Condition").

    moto ignores conditions, so a policy that denies plain HTTP would deny every request. Requests to the emulator are
    plain HTTP; statements about aws:SecureTransport are skipped, as if they used TLS.
    """
    if bucket.policy is None:
        return moto(action, resource)
    whole = bucket.policy
    document = json.loads(whole)
    statements = [one for one in document["Statement"] if not about_transport(one)]
    if not statements:
        return PermissionResult.NEUTRAL
    bucket.policy = json.dumps({**document, "Statement": statements}).encode()
    try:
        return moto(action, resource)
    finally:
        bucket.policy = whole


def about_transport(statement):
    return any("aws:SecureTransport" in keys for keys in statement.get("Condition", {}).values())
