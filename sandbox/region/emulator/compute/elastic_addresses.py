"""Elastic IP addresses: what instances do to them, and where they lead in the sandbox."""

import ipaddress
import random

from moto.ec2.exceptions import EC2ClientError, ResourceAlreadyAssociatedError
from moto.ec2.models import ec2_backends
from moto.ec2.models.elastic_ip_addresses import ElasticAddress, ElasticAddressBackend
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.instances import Instance
from moto.ec2.responses.elastic_ip_addresses import ElasticIPAddresses
from werkzeug.exceptions import BadRequest

from emulator.patching import patches


@patches(ElasticAddress, "__init__")
def choose_address(moto, _address, backend, domain, address=None, tags=None):
    """moto's are of 127.0.0.0/8, which every program takes for its own machine. These are of RFC 5737, which no server has."""
    moto(backend, domain, address or free_address(), tags)


def free_address():
    taken = {one.public_ip for one in every_address()}
    free = [f"{block}.{host}" for block in BLOCKS for host in range(1, 255) if f"{block}.{host}" not in taken]
    if not free:
        raise EC2ClientError("AddressLimitExceeded", "The maximum number of addresses has been reached.")
    return random.choice(free)


@patches(ElasticIPAddresses, "associate_address")
def reassociate_by_default(moto, response):
    """Reassociation is automatic, and AllowReassociation=false refuses it (AssociateAddress); to moto, nothing means false."""
    response.params.setdefault("AllowReassociation", True)
    return moto()


@patches(ElasticAddressBackend, "associate_address")
def associate_address(moto, backend, instance=None, eni=None, address=None, allocation_id=None, reassociate=False):
    """The one that had the address loses it; an address that the instance had stays allocated; the same again changes nothing
    (AssociateAddress). An instance must be running or stopped, and its VPC needs an internet gateway (EC2 API, Error codes:
    Gateway.NotAttached). With moto, both instances show the address, and both addresses the instance.
    """
    if instance:
        refuse_association(backend, instance)
    [found] = backend.address_by_ip([address]) if address else backend.address_by_allocation([allocation_id])
    interface = eni or instance.nics[0]
    if found.eni is interface and found.association_id:
        return found
    if found.eni is not None:
        if not reassociate:
            raise ResourceAlreadyAssociatedError(found.allocation_id)
        backend.disassociate_address(address=found.public_ip)
    for other in backend.addresses:
        if other.eni is interface:
            backend.disassociate_address(address=other.public_ip)
    associated = moto(instance=instance, eni=eni, address=address, allocation_id=allocation_id, reassociate=True)
    # An interface of an instance is the instance's, by whichever of the two it was named.
    associated.instance = interface.instance
    return associated


def refuse_association(backend, instance):
    if instance.state not in ("running", "stopped"):
        message = f"The {instance.state} instance '{instance.id}' is not in a valid state for this operation."
        raise EC2ClientError("InvalidInstanceID", message)
    vpc = backend.vpcs.get(instance.vpc_id)
    # AWS's default VPC has a gateway; moto's lacks it.
    gateways = [gateway for gateway in backend.internet_gateways.values() if gateway.vpc is vpc]
    if vpc is not None and not vpc.is_default and not gateways:
        raise EC2ClientError("Gateway.NotAttached", f"Network {vpc.id} is not attached to any internet gateway")


@patches(ElasticAddressBackend, "release_address")
def release_address(moto, backend, address=None, allocation_id=None):
    """Outside of a default VPC, an address that is in use cannot be released (ReleaseAddress); moto takes it from its instance."""
    [found] = backend.address_by_ip([address]) if address else backend.address_by_allocation([allocation_id])
    if found.eni is not None and found.eni.id in backend.enis and not vpc_of(backend, found.eni).is_default:
        raise EC2ClientError("InvalidIPAddress.InUse", f"Address {found.public_ip} is in use.")
    moto(address=address, allocation_id=allocation_id)


def vpc_of(backend, interface):
    return backend.vpcs[interface.subnet.vpc_id]


@patches(Instance, "terminate")
def terminate(moto, instance):
    """The address is disassociated and stays allocated (Terminate Amazon EC2 instances); with moto the ended instance keeps it."""
    answer = moto()
    for address in instance.ec2_backend.addresses:
        if address.instance is instance:
            instance.ec2_backend.disassociate_address(address=address.public_ip)
    return answer


@patches(NetworkInterface, "stop")
def stop(moto, interface):
    """A stopped instance keeps its Elastic IP address (Elastic IP addresses); moto takes it for an automatic one."""
    moto()
    keep_address(interface)


@patches(NetworkInterface, "start")
def start(moto, interface):
    moto()
    keep_address(interface)


def keep_address(interface):
    for address in interface.ec2_backend.addresses:
        if address.eni is interface:
            interface.public_ip = address.public_ip


def destinations():
    """Elastic IP address -> port -> HOST:PORT of the instance's container; no ports for an address that leads to no running container."""
    return {address.public_ip: ports_of(address.instance) for address in every_address()}


def public_hosts():
    """Elastic IP address -> its container's address, or None where a caller from anywhere reaches neither port, as Let's Encrypt is."""
    return {address.public_ip: public_host(address.instance) for address in every_address()}


def public_host(instance):
    host = host_of(instance)
    return host if host and any(is_open(instance, port, admits_everyone) for port in PORTS) else None


def ports_of(instance):
    """Of 80 and 443, those that the instance's security groups open to public addresses."""
    host = host_of(instance)
    return {str(port): f"{host}:{port}" for port in PORTS if is_open(instance, port, admits_callers)} if host else {}


def host_of(instance):
    return CONTAINERS.get(instance.id) if instance and instance.state == "running" else None


def is_open(instance, port, admits):
    rules = (rule for group in instance.nics[0].group_set for rule in group.ingress_rules)
    return any(is_for(rule, port) and admits(ipaddress.ip_network(rule.cidr_ipv4, strict=False)) for rule in rules)


def is_for(rule, port):
    if rule.ip_protocol not in ("tcp", "-1") or not rule.cidr_ipv4:
        return False
    return rule.ip_protocol == "-1" or rule.from_port <= port <= rule.to_port


def admits_callers(block):
    """A rule for any public range admits the sandbox's callers; one for private addresses, groups or prefix lists does not."""
    return not block.is_private


def admits_everyone(block):
    return block.prefixlen == 0


def is_one_associated():
    """Whether an Elastic IP address leads to an instance: not those of NAT gateways."""
    return any(address.instance for address in every_address())


def every_address():
    return [address for _account, _region, backend in ec2_backends.iter_backends() for address in backend.addresses]


def report(body):
    """{instance id: address}: of every running container of an instance, in the sandbox's network."""
    if not all(isinstance(address, str) for address in body.values()):
        raise BadRequest("an address is a text")
    CONTAINERS.clear()
    CONTAINERS.update(body)
    return {}


CONTAINERS = {}
PORTS = (80, 443)
# RFC 5737: TEST-NET-3 and TEST-NET-2.
BLOCKS = ("203.0.113", "198.51.100")
