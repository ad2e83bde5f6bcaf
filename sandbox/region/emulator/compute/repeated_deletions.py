"""EC2: the deletion of what is gone. A caller whose first answer was lost meets it, and Terraform knows AWS's answers only."""

from moto.ec2.exceptions import InvalidLaunchTemplateIdNotFound
from moto.ec2.models.launch_templates import LaunchTemplateBackend
from moto.ec2.models.vpcs import VPCBackend

from emulator.patching import patches


@patches(LaunchTemplateBackend, "delete_launch_template")
def delete_launch_template(moto, backend, name, tid):
    """By its id: InvalidLaunchTemplateId.NotFound (EC2, Error codes)."""
    if tid and tid not in backend.launch_templates:
        raise InvalidLaunchTemplateIdNotFound(tid)
    return moto(name, tid)


@patches(VPCBackend, "delete_vpc_endpoints")
def delete_vpc_endpoints(moto, backend, vpce_ids=None):
    """moto deletes the routes of a gateway endpoint a second time, and does not find them."""
    endpoints = backend.vpc_end_points
    moto([one for one in vpce_ids or [] if one not in endpoints or endpoints[one].state != "deleted"])
