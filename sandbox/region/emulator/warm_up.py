"""Work that would delay the first calls, done before they come."""

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
    "secretsmanager",
)


def warm():
    """Reads the service descriptions and creates the account's policies. Takes the lock for one service at a time, so that
    a call in between does not wait longer than that."""
    for service in SERVICES:
        with CONTROL_PLANE:
            get_service_model(service)
    with CONTROL_PLANE:
        iam_backends[ACCOUNT]["aws"]
        # All of this stays in memory: spare the garbage collector from scanning it again and again.
        gc.collect()
        gc.freeze()
