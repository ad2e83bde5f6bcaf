"""The hosted zone of a stack's domain, and where the domain's records lead."""

import re

from moto.core import DEFAULT_ACCOUNT_ID
from moto.route53.models import route53_backends
from moto.utilities.utils import get_partition
from werkzeug.exceptions import BadRequest

from emulator.balancing import load_balancers


def ensure(body):
    """{"zone": name or id, "domain": host name, "region": region}: makes the zone unless it is there.

    On AWS the zone is there already: the user has it, and has the domain delegated to it. A region that begins empty would
    refuse every configuration with a domain, so the sandbox makes the zone that a configuration names.
    """
    zone, domain = body.get("zone"), body.get("domain")
    if not (isinstance(zone, str) and zone and isinstance(domain, str) and domain):
        raise BadRequest("a zone and a domain are needed")
    backend = route53_backends[DEFAULT_ACCOUNT_ID][get_partition(body.get("region", "us-east-1"))]
    by_id = re.fullmatch(r"Z[A-Z0-9]{1,31}", zone)
    name = f"{parent(domain) if by_id else zone.lower()}."
    found = backend.zones.get(zone) if by_id else public_zone(backend, name)
    if found is None:
        found = backend.create_hosted_zone(name, private_zone=False, comment="made by the sandbox")
        if by_id:
            del backend.zones[found.resource_id]
            found.resource_id = zone
            backend.zones[zone] = found
    return {"id": found.resource_id, "name": found.name}


def addresses():
    """Host name -> {port of a listener: loopback port}, for every alias record that leads to a load balancer."""
    names = {
        balancer.dns_name: {
            str(listener.port): listener.sandbox_port
            for listener in balancer.listeners.values()
            if hasattr(listener, "sandbox_port")
        }
        for balancer in load_balancers.every_load_balancer()
    }
    return {
        record.name.rstrip("."): names[target]
        for _account, _partition, backend in route53_backends.iter_backends()
        for zone in backend.zones.values()
        for record in zone.rrsets
        if (target := alias(record)) in names
    }


def alias(record):
    return ((record.alias_target or {}).get("DNSName") or "").rstrip(".").removeprefix("dualstack.")


def parent(domain):
    """An id does not tell the zone's name; the domain above is the likeliest, and its records fit in either way."""
    above = domain.split(".", 1)[1]
    return above if "." in above else domain


def public_zone(backend, name):
    return next((zone for zone in backend.zones.values() if zone.name == name and not zone.private_zone), None)
