"""A role that is not in an instance profile cannot be removed from it: NoSuchEntity, where moto breaks down.

IAM API reference, RemoveRoleFromInstanceProfile. It is what a caller meets whose first answer was lost.
"""

from moto.iam.exceptions import NoSuchEntity
from moto.iam.models import IAMBackend

from emulator.patching import patches


@patches(IAMBackend, "remove_role_from_instance_profile")
def remove_role_from_instance_profile(moto, backend, profile_name, role_name):
    if backend.get_role(role_name) not in backend.get_instance_profile(profile_name).roles:
        raise NoSuchEntity(f"The role with name {role_name} cannot be found.")
    return moto(profile_name, role_name)
