"""IAM's managed policies, read once: moto reads all five megabytes for every account and after every reset."""

import datetime
import functools
import json

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend

from emulator.patching import patches


@patches(IAMBackend, "_init_aws_policies")
def init_aws_policies(_moto, backend):
    """AWS's policies exist in every account; moto has them only when its environment asks for them."""
    return [
        AWSManagedPolicy(name, account_id=backend.account_id, region=backend.region_name, **settings)
        for name, settings in managed_policies().items()
    ]


@functools.cache
def managed_policies():
    return {
        name: {
            "default_version_id": data["DefaultVersionId"],
            "path": data["Path"],
            "document": json.dumps(data["Document"]),
            "create_date": datetime.datetime.fromisoformat(data["CreateDate"]),
            "update_date": datetime.datetime.fromisoformat(data["UpdateDate"]),
        }
        for name, data in json.loads(aws_managed_policies_data).items()
    }
