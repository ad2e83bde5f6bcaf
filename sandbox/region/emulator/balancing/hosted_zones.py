"""Route53: the hosted zone of a stack's domain, and the load balancers that its records lead to."""

import re

from moto.core import DEFAULT_ACCOUNT_ID
from moto.route53.exceptions import ResourceRecordAlreadyExists
from moto.route53.models import Route53Backend, route53_backends
from moto.utilities.utils import get_partition
from werkzeug.exceptions import BadRequest

from emulator.balancing import load_balancers
from emulator.patching import patches


@patches(Route53Backend, "change_resource_record_sets")
def change_resource_record_sets(moto, backend, zone_id, changes):
    """CREATE is refused when the zone has a record of that name and type, whatever its values (ChangeResourceRecordSets).

    moto refuses only values that were created before, even if their record is gone, and it then takes any later record of
    the zone for the same one. So the journal that it looks at forgets a record which is created again.
    """
    zone = backend.get_hosted_zone(zone_id)
    existing = {(absolute(record.name), record.type, record.set_identifier) for record in zone.rrsets}
    for change in changes:
        if change["Action"] != "CREATE":
            continue
        key = key_of(change["ResourceRecordSet"])
        if key in existing:
            raise ResourceRecordAlreadyExists(name=key[0], _type=key[1])
        zone.rr_changes[:] = [made for made in zone.rr_changes if key_of(made["ResourceRecordSet"]) != key]
    return moto(zone_id, changes)


def key_of(record_set):
    return absolute(record_set["Name"]), record_set["Type"], record_set.get("SetIdentifier")


def absolute(name):
    return name.rstrip(".") + "."


def ensure(body):
    """{"zone": name or id, "domain": host name, "region": region}: creates the zone unless it exists.

    On AWS the user already has the zone, and the domain is delegated to it. An empty region would refuse every
    configuration with a domain, so the sandbox creates the zone that the configuration names.
    """
    zone, domain = body.get("zone"), body.get("domain")
    if not (isinstance(zone, str) and zone and isinstance(domain, str) and domain):
        raise BadRequest("a zone and a domain are needed")
    backend = route53_backends[DEFAULT_ACCOUNT_ID][get_partition(body.get("region", "us-east-1"))]
    by_id = re.fullmatch(r"Z[A-Z0-9]{1,31}", zone)
    name = f"{parent(domain) if by_id else zone.lower()}."
    found = backend.zones.get(zone) if by_id else public_zone(backend, name)
    if found is None:
        found = backend.create_hosted_zone(name, private_zone=False, comment="created by the sandbox")
        if by_id:
            del backend.zones[found.resource_id]
            found.resource_id = zone
            backend.zones[zone] = found
    return {"id": found.resource_id, "name": found.name}


def addresses():
    """Host name -> {listener port: loopback port}, for every alias record that leads to a load balancer."""
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
    """A guess at the name of a zone that is given by id: the domain above, which holds the domain's records in any case."""
    above = domain.split(".", 1)[1]
    return above if "." in above else domain


def public_zone(backend, name):
    return next((zone for zone in backend.zones.values() if zone.name == name and not zone.private_zone), None)
