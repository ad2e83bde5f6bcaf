"""The region's first zone lacks something.

Not every zone has NAT gateways or every instance type, and each account's zone names point at other zones. CreateNatGateway
is then refused with NotAvailableInZone, a launch with Unsupported (EC2 API, Error codes; EC2 Auto Scaling User Guide,
Troubleshoot: instance type and Availability Zone); DescribeInstanceTypeOfferings leaves the zone out.
"""

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.instance_types import InstanceTypeOfferingBackend
from moto.ec2.models.instances import InstanceBackend
from moto.ec2.models.nat_gateways import NatGatewayBackend

from emulator.patching import patches
from emulator.weather.api.no_capacity import where_and_what
from emulator.weather.condition import Condition


class PartialRegion(Condition):
    name = "partial-region"
    summary = "the region's first zone lacks NAT gateways, or an instance type"
    takes = "nat, or an instance type such as t3.small, or both with +"
    default = "nat"

    def parse(self, text):
        return set(text.split("+"))

    def lacks(self, backend, zone, what):
        return what in self.value and zone == first_zone(backend).name


CONDITION = PartialRegion()


def first_zone(backend):
    return min(backend.describe_availability_zones(), key=lambda zone: zone.name)


@patches(NatGatewayBackend, "create_nat_gateway")
def create_nat_gateway(moto, backend, subnet_id, *args, **kwargs):
    if CONDITION.on and CONDITION.lacks(backend, backend.get_subnet(subnet_id).availability_zone, "nat"):
        raise EC2ClientError("NotAvailableInZone", "Nat Gateway is not available in this availability zone")
    return moto(subnet_id, *args, **kwargs)


@patches(InstanceBackend, "run_instances")
def run_instances(moto, backend, *args, **kwargs):
    if CONDITION.on:
        zone, kind = where_and_what(backend, kwargs)
        if CONDITION.lacks(backend, zone, kind):
            others = ", ".join(sorted(one.name for one in backend.describe_availability_zones() if one.name != zone))
            raise EC2ClientError(
                "Unsupported",
                f"Your requested instance type ({kind}) is not supported in your requested Availability Zone ({zone}). Please "
                f"retry your request by not specifying an Availability Zone or choosing {others}.",
            )
    return moto(*args, **kwargs)


@patches(InstanceTypeOfferingBackend, "describe_instance_type_offerings")
def describe_instance_type_offerings(moto, backend, *args, **kwargs):
    found = moto(*args, **kwargs)
    if not CONDITION.on:
        return found
    first = first_zone(backend)
    return [one for one in found if one["Location"] not in (first.name, first.zone_id) or one["InstanceType"] not in CONDITION.value]
