"""S3: a bucket policy's conditions."""

import json

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket

from emulator.patching import patches


@patches(FakeBucket, "get_permission")
def get_permission(moto, bucket, action, resource):
    """AWS applies a statement only where its condition holds (IAM User Guide, "IAM JSON policy elements: Condition").

    moto ignores conditions, so that a policy that denies plain HTTP denies everybody. The emulator cannot tell how a
    request would have come to AWS: a statement about aws:SecureTransport is left out, as for a caller who speaks TLS.
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
