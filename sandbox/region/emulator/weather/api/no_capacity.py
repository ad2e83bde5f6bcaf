"""EC2 has no capacity in a zone, or of a type, or the account's quota is used up.

InsufficientInstanceCapacity concerns one type in one zone. Auto Scaling then records a failed activity and launches in another
zone (EC2 Auto Scaling User Guide, Troubleshoot: insufficient capacity; Instance distribution). VcpuLimitExceeded is the quota
of On-Demand vCPUs, in all zones (EC2 API, Error codes). A group keeps trying.
"""

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.instances import InstanceBackend

from emulator.patching import patches
from emulator.weather.condition import Condition


class NoCapacity(Condition):
    name = "no-capacity"
    summary = "EC2 has no capacity for new instances"
    takes = "a zone such as a, a type such as t3.small, more of them with +, or vcpu for the account's quota"
    default = "a"

    def parse(self, text):
        return set(text.split("+"))

    def refuses(self, zone, instance_type):
        return bool(self.value & {zone, zone[-1:], instance_type})

    def lacks_quota(self):
        return self.on and "vcpu" in self.value


CONDITION = NoCapacity()
# What Service Quotas says meanwhile.
VCPU_LIMIT = 5.0


@patches(InstanceBackend, "run_instances")
def run_instances(moto, backend, *args, **kwargs):
    if CONDITION.on:
        check(backend, kwargs)
    return moto(*args, **kwargs)


def check(backend, kwargs):
    if CONDITION.lacks_quota():
        raise EC2ClientError(
            "VcpuLimitExceeded",
            f"You have requested more vCPU capacity than your current vCPU limit of {VCPU_LIMIT:.0f} allows for the instance bucket that the "
            "specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an "
            "adjustment to this limit.",
        )
    zone, kind = where_and_what(backend, kwargs)
    if not CONDITION.refuses(zone, kind):
        return
    zones = sorted(one.name for one in backend.describe_availability_zones())
    others = ", ".join(one for one in zones if not CONDITION.refuses(one, kind))
    instead = f" You can currently get {kind} capacity by not specifying an Availability Zone in your request or choosing {others}."
    raise EC2ClientError(
        "InsufficientInstanceCapacity",
        f"We currently do not have sufficient {kind} capacity in the Availability Zone you requested ({zone}). Our system will "
        f"be working on provisioning additional capacity.{instead if others else ''}",
    )


def where_and_what(backend, kwargs):
    """The zone and the type of a launch."""
    subnet = kwargs.get("subnet_id")
    zone = backend.get_subnet(subnet).availability_zone if subnet else kwargs.get("placement") or f"{backend.region_name}a"
    template = kwargs.get("launch_template")
    data = backend._get_template_from_args(template).data if template else {}
    kind = kwargs.get("instance_type")
    return zone, data.get("InstanceType") or kind if kwargs.get("is_instance_type_default") else kind
