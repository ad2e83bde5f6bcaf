"""Limits of AWS that a first deployment would otherwise meet only there."""

import base64

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.instances import InstanceBackend
from moto.ec2.models.launch_templates import LaunchTemplate
from moto.ssm.exceptions import ValidationException
from moto.ssm.models import SimpleSystemManagerBackend

from emulator.mends import mends

USER_DATA_BYTES = 16384
STANDARD_PARAMETER_CHARACTERS = 4096


@mends(SimpleSystemManagerBackend, "put_parameter")
def put_parameter(moto, backend, name, description, value, *args, **kwargs):
    """A standard parameter holds 4 KB (Managing parameter tiers)."""
    tier = kwargs.get("tier") or backend.default_parameter_tier
    if tier == "Standard" and len(value or "") > STANDARD_PARAMETER_CHARACTERS:
        raise ValidationException(
            f"Standard tier parameters support a maximum parameter value of {STANDARD_PARAMETER_CHARACTERS} characters. "
            "To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier."
        )
    return moto(name, description, value, *args, **kwargs)


@mends(InstanceBackend, "run_instances")
def run_instances(moto, _backend, image_id, count, user_data, *args, **kwargs):
    check_user_data(user_data)
    return moto(image_id, count, user_data, *args, **kwargs)


@mends(LaunchTemplate, "create_version")
def create_version(moto, _template, data, description):
    check_user_data(data.get("UserData"))
    return moto(data, description)


def check_user_data(user_data):
    """16 KB before base64 (Run commands at launch: "limited to 16 KB, in raw form, before it is base64-encoded")."""
    if user_data and len(base64.b64decode(str(user_data))) > USER_DATA_BYTES:
        raise EC2ClientError("InvalidUserData.Malformed", f"User data is limited to {USER_DATA_BYTES} bytes")
