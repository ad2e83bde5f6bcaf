"""EC2: the size limit of user data, so that a rehearsal already meets it."""

import base64

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.instances import InstanceBackend
from moto.ec2.models.launch_templates import LaunchTemplate

from emulator.patching import patches

MOST_BYTES = 16384


@patches(InstanceBackend, "run_instances")
def run_instances(moto, _backend, image_id, count, user_data, *args, **kwargs):
    check_user_data(user_data)
    return moto(image_id, count, user_data, *args, **kwargs)


@patches(LaunchTemplate, "create_version")
def create_version(moto, _template, data, description):
    check_user_data(data.get("UserData"))
    return moto(data, description)


def check_user_data(user_data):
    """16 KB before base64 (Run commands at launch: "limited to 16 KB, in raw form, before it is base64-encoded")."""
    if user_data and len(base64.b64decode(str(user_data))) > MOST_BYTES:
        raise EC2ClientError("InvalidUserData.Malformed", f"User data is limited to {MOST_BYTES} bytes")
