"""Canonical's Ubuntu images: the public SSM parameters and their AMIs. A user's own images."""

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


def current(_body=None):
    """The current serial and the names of the parameters; the AMI id itself differs by region."""
    return {"serial": published[-1], "parameters": [parameter(*release, arch) for release in RELEASES for arch in ARCHITECTURES]}


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
    """AWS resolves Canonical's parameters in every region (Ubuntu on AWS: "Finding images with SSM"); moto has only Amazon's."""
    moto(key)
    if not str(key or "").startswith(ROOT):
        return
    for release in RELEASES:
        for arch in ARCHITECTURES:
            image = ami_id(parameters.region_name, release, arch, published[-1])
            for name in (parameter(*release, arch), parameter(*release, arch).replace(release[0], release[1])):
                versions = dict.setdefault(parameters, name, [])
                if not versions or versions[-1].value != image:
                    versions.append(public_parameter(name, image, len(versions) + 1))


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


def public_parameter(name, value, version):
    return Parameter(
        account_id=CANONICAL,
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


def ami(backend, image, release, arch, serial):
    version, codename, disk = release
    name = f"ubuntu/images/hvm-ssd{'-gp3' if disk == 'gp3' else ''}/ubuntu-{codename}-{version}-{arch}-server-{serial}"
    return Ami(
        backend,
        image,
        name=name,
        description=f"Canonical, Ubuntu, {version}, {arch} {codename} image",
        owner_id=CANONICAL,
        public=True,
        virtualization_type="hvm",
        architecture={"amd64": "x86_64", "arm64": "arm64"}[arch],
        creation_date=datetime.datetime.strptime(serial, "%Y%m%d"),
        image_location=f"amazon/{name}",
        hypervisor="xen",
        root_device_type="ebs",
        root_device_name="/dev/sda1",
        boot_mode="uefi-preferred",
    )


def own(backend, image):
    return Ami(
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
# The other form, ami-00000000000000000, stays one that does not exist.
OWN = re.compile(r"ami-(?!0{17})[0-9a-f]{17}")
published = ["20260601"]
