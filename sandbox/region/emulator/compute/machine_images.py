"""Public images: Canonical's Ubuntu and AWS's with NVIDIA's driver, with their SSM parameters. A user's own images."""

import datetime
import hashlib
import re

from moto.core.utils import utcnow
from moto.ec2.models import ec2_backends
from moto.ec2.models.amis import Ami, AmiBackend
from moto.ssm.models import Parameter, ParameterDict
from werkzeug.exceptions import BadRequest

from emulator.patching import patches

CANONICAL = "099720109477"
# Of the Deep Learning AMIs; its alias is amazon.
DEEP_LEARNING = "898082745236"


def current(_body=None):
    """The current serial and the names of the parameters; the AMI id itself differs by region."""
    names = [parameter(*release, arch) for release in RELEASES for arch in ARCHITECTURES]
    return {"serial": published[-1], "parameters": [*names, *map(driver_parameter, ARCHITECTURES)]}


def publish(body):
    """Publishes a newer build of every image: {"serial": "20270101"}, or {} for the day after the last one. DescribeImages
    still returns older builds, as on AWS."""
    serial = body.get("serial") or next_day(published[-1])
    if not (isinstance(serial, str) and serial.isdigit() and len(serial) == 8 and serial > published[-1]):
        raise BadRequest(f"serial {serial!r} is not a date (YYYYMMDD) after {published[-1]}")
    published.append(serial)
    for _account, _region, backend in ec2_backends.iter_backends():
        load_amis(lambda: None, backend)
    return current()


@patches(ParameterDict, "_check_loading_status")
def check_loading_status(moto, parameters, key):
    """AWS resolves Canonical's parameters in every region (Ubuntu on AWS: "Finding images with SSM"), and those of the Deep Learning
    AMIs (DLAMI developer guide, "Find the ID"); moto has only Amazon's own."""
    moto(key)
    if str(key or "").startswith(ROOT):
        for release in RELEASES:
            for arch in ARCHITECTURES:
                image = ami_id(parameters.region_name, release, arch, published[-1])
                name = parameter(*release, arch)
                point(parameters, name, image, CANONICAL)
                point(parameters, name.replace(release[0], release[1]), image, CANONICAL)
    if str(key or "").startswith(DRIVER_ROOT):
        for arch in ARCHITECTURES:
            image = ami_id(parameters.region_name, DRIVER_RELEASE, arch, published[-1])
            point(parameters, driver_parameter(arch), image, DEEP_LEARNING)


def point(parameters, name, image, maker):
    versions = dict.setdefault(parameters, name, [])
    if not versions or versions[-1].value != image:
        versions.append(public_parameter(name, image, len(versions) + 1, maker))


@patches(AmiBackend, "_load_amis")
def load_amis(moto, backend):
    """Owner and root device are those of the real images; the launch template's disk depends on them."""
    moto()
    for serial in published:
        for release in RELEASES:
            for arch in ARCHITECTURES:
                image = ami_id(backend.region_name, release, arch, serial)
                if image not in backend.amis:
                    backend.amis[image] = ami(backend, image, release, arch, serial)
        for arch in ARCHITECTURES:
            image = ami_id(backend.region_name, DRIVER_RELEASE, arch, serial)
            if image not in backend.amis:
                backend.amis[image] = driver_ami(backend, image, arch, serial)


@patches(AmiBackend, "describe_images")
def describe_images(moto, backend, ami_ids=None, filters=None, exec_users=None, owners=None):
    """An id of AWS's form is an image of the user, with the root disk of Ubuntu's, from which it was made (EC2 user guide, "Create an
    Amazon EBS-backed AMI"). So a configuration that names one is rehearsed unchanged. moto knows only what was made in it.
    """
    for image in ami_ids or ():
        if OWN.fullmatch(image) and image not in backend.amis and image not in backend.deleted_amis:
            backend.amis[image] = own(backend, image)
    return moto(ami_ids, filters, exec_users, owners)


def ami_id(region, release, arch, serial):
    """The same at every start of the sandbox, so that a Terraform state from before a restart still matches."""
    return "ami-" + hashlib.sha256(f"{region} {release[0]} {arch} {serial}".encode()).hexdigest()[:17]


def parameter(version, _codename, disk, arch):
    return f"{ROOT}/{version}/stable/current/{arch}/hvm/ebs-{disk}/ami-id"


def driver_parameter(arch):
    return f"{DRIVER_ROOT}/{PROCESSORS[arch]}/base-oss-nvidia-driver-gpu-ubuntu-24.04/latest/ami-id"


def public_parameter(name, value, version, maker):
    return Parameter(
        account_id=maker,
        name=name,
        value=value,
        parameter_type="String",
        description=None,
        allowed_pattern=None,
        keyid=None,
        last_modified_date=utcnow(),
        version=version,
        data_type="aws:ec2:image",
    )


class SizedAmi(Ami):
    """moto says 15 GB of every image. AWS refuses a smaller root disk than the image's snapshot (InvalidBlockDeviceMapping)."""

    gigabytes = 8

    @property
    def block_device_mappings(self):
        (mapping,) = super().block_device_mappings
        return [{**mapping, "Ebs": {**mapping["Ebs"], "VolumeSize": self.gigabytes, "VolumeType": "gp3"}}]


class DriverAmi(SizedAmi):
    gigabytes = 75


def ami(backend, image, release, arch, serial):
    version, codename, disk = release
    name = f"ubuntu/images/hvm-ssd{'-gp3' if disk == 'gp3' else ''}/ubuntu-{codename}-{version}-{arch}-server-{serial}"
    return SizedAmi(
        backend,
        image,
        name=name,
        description=f"Canonical, Ubuntu, {version}, {arch} {codename} image",
        owner_id=CANONICAL,
        **on_amazon(name, arch, serial),
    )


def on_amazon(name, arch, serial):
    """What the public images of Canonical and AWS have in common."""
    return {
        "public": True,
        "virtualization_type": "hvm",
        "architecture": PROCESSORS[arch],
        "creation_date": datetime.datetime.strptime(serial, "%Y%m%d"),
        "image_location": f"amazon/{name}",
        "hypervisor": "xen",
        "root_device_type": "ebs",
        "root_device_name": "/dev/sda1",
        "boot_mode": "uefi-preferred",
    }


def driver_ami(backend, image, arch, serial):
    name = f"Deep Learning {'ARM64 ' if arch == 'arm64' else ''}Base OSS Nvidia Driver GPU AMI (Ubuntu 24.04) {serial}"
    return DriverAmi(
        backend,
        image,
        name=name,
        description="Ubuntu with NVIDIA's driver, its container toolkit and Docker",
        owner_id=DEEP_LEARNING,
        **on_amazon(name, arch, serial),
    )


def own(backend, image):
    return SizedAmi(
        backend,
        image,
        name=f"own-{image}",
        description="An image of this account",
        owner_id=backend.account_id,
        virtualization_type="hvm",
        architecture="x86_64",
        image_location=f"{backend.account_id}/own-{image}",
        hypervisor="xen",
        root_device_type="ebs",
        root_device_name="/dev/sda1",
        boot_mode="uefi-preferred",
    )


def next_day(serial):
    day = datetime.datetime.strptime(serial, "%Y%m%d") + datetime.timedelta(days=1)
    return day.strftime("%Y%m%d")


ROOT = "/aws/service/canonical/ubuntu/server"
# Version, codename, disk type in the parameter's name: 24.04 is published for gp3, 22.04 for gp2.
RELEASES = (("24.04", "noble", "gp3"), ("22.04", "jammy", "gp2"))
ARCHITECTURES = ("amd64", "arm64")
PROCESSORS = {"amd64": "x86_64", "arm64": "arm64"}
DRIVER_ROOT = "/aws/service/deeplearning/ami"
DRIVER_RELEASE = ("deep-learning-24.04",)
# The other form, ami-00000000000000000, stays one that does not exist.
OWN = re.compile(r"ami-(?!0{17})[0-9a-f]{17}")
published = ["20260601"]
