"""What the first calls would otherwise wait for, done while nobody asks yet."""

import gc

from moto.core.utils import get_service_model
from moto.iam.models import iam_backends

from emulator.lock import CONTROL_PLANE

ACCOUNT = "123456789012"
SERVICES = (
    "ec2",
    "iam",
    "s3",
    "elbv2",
    "autoscaling",
    "ecr",
    "ssm",
    "logs",
    "cloudwatch",
    "sts",
    "sns",
    "resourcegroupstaggingapi",
)


def warm():
    """Reads the service descriptions and makes the account's policies. One service at a time under the lock, so that a
    call in between waits for no more than that."""
    for service in SERVICES:
        with CONTROL_PLANE:
            get_service_model(service)
    with CONTROL_PLANE:
        iam_backends[ACCOUNT]["aws"]
        # All this stays: the collector need not look at it again and again.
        gc.collect()
        gc.freeze()
