"""Deleted NAT gateways."""

import time

from moto.ec2.models import ec2_backends
from moto.ec2.models.nat_gateways import NatGatewayBackend

from emulator import settings
from emulator.patching import patches


@patches(NatGatewayBackend, "delete_nat_gateway")
def delete_nat_gateway(moto, backend, nat_gateway_id):
    """AWS deletes the gateway's network interface with it (NAT gateways: delete); moto leaves it in the subnet."""
    gateway = moto(nat_gateway_id)
    backend.enis.pop(gateway._eni.id, None)
    gateway.sandbox_ended = time.monotonic()
    return gateway


def forget_deleted(now):
    """moto lists deleted gateways forever; AWS for about an hour. `now` is time.monotonic()."""
    for _account, _region, backend in ec2_backends.iter_backends():
        for key, gateway in list(backend.nat_gateways.items()):
            if now - getattr(gateway, "sandbox_ended", now) >= settings.TERMINATED_SECONDS:
                del backend.nat_gateways[key]
