"""NAT gateways: the deleted ones, and the filter by tags."""

import time

from moto.ec2.models import ec2_backends
from moto.ec2.models.nat_gateways import NatGatewayBackend

from emulator import settings
from emulator.patching import patches


@patches(NatGatewayBackend, "delete_nat_gateway")
def delete_nat_gateway(moto, backend, nat_gateway_id):
    """AWS deletes the gateway's network interface with it and disassociates its Elastic IP address (NAT gateways: delete); moto leaves
    both."""
    gateway = moto(nat_gateway_id)
    for address in backend.addresses:
        if address.eni is gateway._eni:
            backend.disassociate_address(address=address.public_ip)
    backend.enis.pop(gateway._eni.id, None)
    gateway.sandbox_ended = time.monotonic()
    return gateway


@patches(NatGatewayBackend, "describe_nat_gateways")
def describe_nat_gateways(moto, backend, filters, nat_gateway_ids):
    """AWS filters by tags too (DescribeNatGateways, "Filter"); moto ignores what it does not know."""
    wanted = {name: values for name, values in (filters or {}).items() if name.startswith("tag:")}
    return [
        gateway
        for gateway in moto(filters, nat_gateway_ids)
        if all(gateway.get_filter_value(name) in values for name, values in wanted.items())
    ]


def forget_deleted(now):
    """moto lists deleted gateways forever; AWS for about an hour. `now` is time.monotonic()."""
    for _account, _region, backend in ec2_backends.iter_backends():
        for key, gateway in list(backend.nat_gateways.items()):
            if now - getattr(gateway, "sandbox_ended", now) >= settings.TERMINATED_SECONDS:
                del backend.nat_gateways[key]
