"""Instances started from a launch template: moto uses only a part of the template."""

from moto.ec2.exceptions import UnvailableAMIIdError
from moto.ec2.models.instances import InstanceBackend

from emulator.patching import patches


@patches(InstanceBackend, "run_instances")
def run_instances(moto, backend, image_id, count, user_data, security_group_names, **kwargs):
    """AWS fills every parameter that the request omits from the launch template (RunInstances, "LaunchTemplate"). moto ignores
    the instance profile, the metadata options, the volumes' tags and the network interface's security groups, adds a second
    root volume, and starts instances of an image that its owner has deregistered."""
    template = kwargs.get("launch_template")
    data = backend._get_template_from_args(template).data if template else {}
    image_id = image_id or data.get("ImageId")
    if image_id:
        require_image(backend, image_id)
    kwargs["metadata_options"] = {**data.get("MetadataOptions", {}), **(kwargs.get("metadata_options") or {})}
    kwargs["ebs_optimized"] = kwargs.get("ebs_optimized") or bool(data.get("EbsOptimized"))
    if data.get("Monitoring", {}).get("Enabled"):
        kwargs["monitoring_state"] = "enabled"
    kwargs["tags"] = with_template_tags(kwargs.get("tags") or {}, data)
    if data.get("NetworkInterfaces") and not kwargs.get("nics"):
        kwargs.update(primary_interface(data["NetworkInterfaces"], kwargs))
    devices = kwargs.get("block_device_mappings") or data.get("BlockDeviceMappings") or []
    kwargs["block_device_mappings"] = with_root_device(backend, image_id, devices)
    reservation = moto(image_id, count, user_data, security_group_names, **kwargs)
    asked = {"Name": kwargs.get("iam_instance_profile_name"), "Arn": kwargs.get("iam_instance_profile_arn")}
    for number, instance in enumerate(reservation.instances):
        own_interfaces(instance, kwargs.get("nics") or [])
        if not any(asked.values()):
            associate_profile(backend, instance, data.get("IamInstanceProfile") or {})
        elif number > 0:
            # moto itself assigns the request's profile to the first instance, after this.
            associate_profile(backend, instance, asked)
    return reservation


def require_image(backend, image_id):
    """InvalidAMIID.Unavailable for one that its owner has deregistered, InvalidAMIID.NotFound for one that never was (EC2 API, Error codes)."""
    if image_id in backend.deleted_amis:
        raise UnvailableAMIIdError(image_id)
    backend.describe_images(ami_ids=[image_id])


def with_template_tags(tags, data):
    merged = {kind: dict(values) for kind, values in tags.items()}
    for specification in data.get("TagSpecifications") or []:
        own = {tag["Key"]: tag.get("Value", "") for tag in specification.get("Tags") or []}
        kind = specification.get("ResourceType", "instance")
        merged[kind] = {**own, **merged.get(kind, {})}
    return merged


def primary_interface(interfaces, kwargs):
    first = min(interfaces, key=lambda interface: int(interface.get("DeviceIndex", 0)))
    filled = {"security_group_ids": kwargs.get("security_group_ids") or list(first.get("Groups") or [])}
    if kwargs.get("associate_public_ip") is None and "AssociatePublicIpAddress" in first:
        filled["associate_public_ip"] = str(first["AssociatePublicIpAddress"]).lower() == "true"
    if not kwargs.get("subnet_id") and first.get("SubnetId"):
        filled["subnet_id"] = first["SubnetId"]
    return filled


def with_root_device(backend, image_id, devices):
    """Each device once, with the root device: otherwise moto creates an 8 GB volume at /dev/sda1 that nothing deletes.
    DeleteOnTermination defaults to true for the devices of an image."""
    images = backend.describe_images(filters={"image-id": image_id})
    root = images[0].root_device_name if images else "/dev/sda1"
    named = [device for device in devices if "Ebs" in device]
    if all(device["DeviceName"] != root for device in named):
        named = [{"DeviceName": root, "Ebs": {"VolumeSize": 8, "VolumeType": "gp3"}}, *named]
    return [{**device, "Ebs": {"VolumeSize": 8, "DeleteOnTermination": True, **device["Ebs"]}} for device in named]


def own_interfaces(instance, requested):
    """AWS deletes an interface that was created with the instance when the instance ends; moto keeps it and its groups."""
    brought = {nic.get("NetworkInterfaceId") for nic in requested}
    for interface in instance.nics.values():
        if interface.id not in brought:
            interface.delete_on_termination = True


def associate_profile(backend, instance, profile):
    if profile.get("Name") or profile.get("Arn"):
        backend.associate_iam_instance_profile(
            instance_id=instance.id,
            iam_instance_profile_name=profile.get("Name"),
            iam_instance_profile_arn=profile.get("Arn"),
        )
