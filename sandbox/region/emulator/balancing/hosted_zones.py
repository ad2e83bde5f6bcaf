"""Route53: the hosted zone of a stack's domain, and the load balancers that its records lead to."""

import re

from moto.core import DEFAULT_ACCOUNT_ID
from moto.route53.exceptions import ResourceRecordAlreadyExists
from moto.route53.models import Route53Backend, route53_backends
from moto.utilities.utils import get_partition
from werkzeug.exceptions import BadRequest

from emulator.balancing import load_balancers, routing
from emulator.balancing.routing import absolute, key_of
from emulator.compute import elastic_addresses
from emulator.patching import patches


@patches(Route53Backend, "change_resource_record_sets")
def change_resource_record_sets(moto, backend, zone_id, changes):
    """CREATE is refused when the zone has a record of that name and type, whatever its values (ChangeResourceRecordSets).

    moto refuses only values that were created before, even if their record is gone, and it then takes any later record of
    the zone for the same one. So the journal that it looks at forgets a record which is created again. With a record, moto also
    deletes those of other names that have its set identifier.
    """
    zone = backend.get_hosted_zone(zone_id)
    routing.refuse_conflicts(zone, changes)
    existing = {key_of_record(record) for record in zone.rrsets}
    deleted = {key_of(change["ResourceRecordSet"]) for change in changes if change["Action"] == "DELETE"}
    for change in changes:
        if change["Action"] != "CREATE":
            continue
        key = key_of(change["ResourceRecordSet"])
        if key in existing - deleted:
            raise ResourceRecordAlreadyExists(name=key[0], _type=key[1])
        zone.rr_changes[:] = [made for made in zone.rr_changes if key_of(made["ResourceRecordSet"]) != key]
    kept = [record for record in zone.rrsets if key_of_record(record) not in deleted]
    answer = moto(zone_id, changes)
    present = {key_of_record(record) for record in zone.rrsets}
    zone.rrsets.extend(record for record in kept if key_of_record(record) not in present)
    return answer


@patches(Route53Backend, "create_hosted_zone")
def create_hosted_zone(moto, backend, name, private_zone, *args, **kwargs):
    """A new zone is delegated to nothing: its owner has yet to name its servers where the domain is registered. Ids begin with Z."""
    zone = moto(name, private_zone, *args, **kwargs)
    zone.sandbox_delegation = []
    rename(backend, zone, f"Z{zone.resource_id[1:]}")
    return zone


def rename(backend, zone, zone_id):
    del backend.zones[zone.resource_id]
    zone.resource_id = zone_id
    backend.zones[zone_id] = zone


def key_of_record(record):
    return absolute(record.name), record.type, record.set_identifier


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
        found.sandbox_delegation = None
        if by_id:
            rename(backend, found, zone)
    return {"id": found.resource_id, "name": found.name}


def public_names(name):
    """What the internet's DNS says of a name: its name servers, the authorities that its CAA records allow, and the values of its A record.

    The zone that ensure() has made is delegated to its own name servers, unless delegate() says otherwise, as a registrar's settings may.
    """
    known = address_records().get(name.rstrip(".").lower(), [])
    for _account, _partition, backend in route53_backends.iter_backends():
        zone, found = public_zone(backend, absolute(name)), issuers(backend, name)
        if zone is not None or found:
            return {"name_servers": name_servers(zone), "issuers": found, "addresses": known}
    return {"name_servers": [], "issuers": [], "addresses": known}


def name_servers(zone):
    if zone is None:
        return []
    servers = getattr(zone, "sandbox_delegation", None)
    servers = zone.delegation_set.name_servers if servers is None else servers
    return [server.rstrip(".").lower() for server in servers]


def issuers(backend, name):
    values = [
        value
        for zone in backend.zones.values()
        if not zone.private_zone
        for record in zone.rrsets
        if record.type == "CAA" and absolute(record.name) == absolute(name)
        for value in record.records
    ]
    return [match[1] for value in values if (match := re.fullmatch(r'\d+ issue "(.*)"', value))]


def delegate(body):
    """{"zone": name, "name_servers": [names]}: what the zone's parent says from now on; an empty list is no delegation."""
    for _account, _partition, backend in route53_backends.iter_backends():
        zone = public_zone(backend, absolute(body.get("zone", "")))
        if zone is not None:
            zone.sandbox_delegation = list(body.get("name_servers", []))
            return {"zone": zone.name, "name_servers": zone.sandbox_delegation}
    raise BadRequest("there is no such public zone")


def addresses():
    """Host name -> {listener port: loopback port}: of every load balancer, and of every alias record that leads to one.

    Of several records with one name, the one that Route53 would choose counts.
    """
    names = {
        balancer.dns_name: {
            str(listener.port): listener.sandbox_port
            for listener in balancer.listeners.values()
            if hasattr(listener, "sandbox_port")
        }
        for balancer in load_balancers.every_load_balancer()
    }
    found = dict(names)
    for _account, _partition, backend in route53_backends.iter_backends():
        for zone in backend.zones.values():
            for name in {record.name for record in zone.rrsets}:
                ours = [record for record in zone.rrsets if record.name == name and alias(record) in names]
                if ours:
                    found[name.rstrip(".")] = names[alias(routing.choose(backend, ours))]
    return found


def machine_addresses():
    """Elastic IP address, and each name whose A record has one as its value -> {port: HOST:PORT of the machine's container}."""
    leads = elastic_addresses.destinations()
    named = {}
    for name, values in address_records().items():
        ours = [leads[value] for value in values if value in leads]
        if ours:
            named[name] = next(filter(None, ours), {})
    return {**leads, **named}


def address_records():
    """Host name -> the values of its public A record. Of several records with one name, the one that Route53 would choose counts."""
    found = {}
    for _account, _partition, backend in route53_backends.iter_backends():
        for zone in backend.zones.values():
            plain = [] if zone.private_zone else [one for one in zone.rrsets if one.type == "A" and one.records]
            for name in {record.name for record in plain}:
                chosen = routing.choose(backend, [record for record in plain if record.name == name])
                found[name.rstrip(".").lower()] = list(chosen.records)
    return found


def authority_view():
    """What the region's certificate authority needs: whether anything here could want a certificate of it, and the public DNS.

    A null is an address at which nothing of this region answers, or not to everyone.
    """
    leads = elastic_addresses.destinations()
    records = address_records()
    pointed = any(value in leads for values in records.values() for value in values)
    hosts = elastic_addresses.public_hosts()
    return {
        "needed": pointed or elastic_addresses.is_one_associated(),
        "names": {name: [hosts.get(value) for value in values] for name, values in records.items()},
        "texts": text_records(),
        "zones": sorted(zone.name.rstrip(".").lower() for zone in public_zones()),
    }


def text_records():
    """Host name -> the values of its public TXT records, without their quotation marks."""
    found = {}
    for zone in public_zones():
        for record in zone.rrsets:
            if record.type == "TXT":
                values = ["".join(re.findall(r'"([^"]*)"', value)) for value in record.records]
                found.setdefault(record.name.rstrip(".").lower(), []).extend(values)
    return found


def public_zones():
    return [zone for _account, _partition, backend in route53_backends.iter_backends() for zone in backend.zones.values() if not zone.private_zone]


def issuers_here():
    """Host name -> {"443": loopback port}, for the issuers of logins that a test has started on this machine."""
    return {name: {"443": port} for name, port in ISSUERS.items()}


def put_issuer(body):
    """{"name": host name, "port": loopback port}: from now on the host name of an issuer leads there."""
    name, port = body.get("name"), body.get("port")
    if not (isinstance(name, str) and name and isinstance(port, int)):
        raise BadRequest("a name and a port are needed")
    ISSUERS[name] = port
    return issuers_here()


ISSUERS = {}


def alias(record):
    return ((record.alias_target or {}).get("DNSName") or "").rstrip(".").removeprefix("dualstack.")


def parent(domain):
    """A guess at the name of a zone that is given by id: the domain above, which holds the domain's records in any case."""
    above = domain.split(".", 1)[1]
    return above if "." in above else domain


def public_zone(backend, name):
    return next((zone for zone in backend.zones.values() if zone.name == name and not zone.private_zone), None)
