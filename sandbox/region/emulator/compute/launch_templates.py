"""Launch templates, returned as they were created."""

from moto.ec2.models.launch_templates import LaunchTemplate
from moto.ec2.responses.launch_templates import LaunchTemplates
from moto.ec2.utils import parse_user_data

from emulator.patching import patches


@patches(LaunchTemplates, "create_launch_template")
def create_launch_template(moto, response):
    """The request's TagSpecifications tag the launch template itself. moto also writes them into the template's data, and
    Terraform then finds a tag_specifications block that its configuration does not have."""
    before = list(response._get_param("LaunchTemplateData.TagSpecifications", []))
    answer = moto()
    template = response.ec2_backend.launch_templates[answer.result["LaunchTemplate"]["LaunchTemplateId"]]
    data = template.versions[0].data
    data["TagSpecifications"] = before
    if not before:
        del data["TagSpecifications"]
    return answer


@patches(LaunchTemplate, "create_version")
def create_version(moto, _template, data, description):
    """moto reads the user data of a template's first version only: an Auto Scaling group cannot start a later version."""
    if isinstance(data.get("UserData"), str):
        data["UserData"] = parse_user_data(data["UserData"])
    return moto(data, description)


# moto always answers with the tags of the creation, so Terraform would plan to remove one again and again.
LaunchTemplate.tags = property(LaunchTemplate.get_tags, lambda _template, _tags: None)
