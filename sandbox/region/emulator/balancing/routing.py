"""Route53: which of several records with one name it chooses, and which it refuses next to each other."""

from moto.cloudwatch.models import cloudwatch_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.route53.exceptions import Route53ClientError


class InvalidChangeBatch(Route53ClientError):
    code = 400

    def __init__(self, message):
        super().__init__("InvalidChangeBatch", f"[{message}]")


def refuse_conflicts(zone, changes):
    """All records of a name and type have the same routing policy, with one primary, one secondary, and one record of a region
    (ChangeResourceRecordSets, "SetIdentifier", "Failover", "Region")."""
    records = {
        (absolute(record.name), record.type, record.set_identifier): (record.region, record.failover) for record in zone.rrsets
    }
    for change in sorted(changes, key=lambda change: change["Action"] != "DELETE"):
        new = change["ResourceRecordSet"]
        key = key_of(new)
        if change["Action"] == "DELETE":
            records.pop(key, None)
            continue
        where = f"RRSet with DNS name {key[0]}, type {key[1]}, SetIdentifier {key[2]}"
        wanted = (new.get("Region"), new.get("Failover"))
        for (name, kind, identifier), policy in records.items():
            if (name, kind) != key[:2] or identifier == key[2]:
                continue
            if policy_name(identifier, policy) != policy_name(key[2], wanted):
                raise InvalidChangeBatch(f"{where} cannot be created as other RRSets exist with the same name, type and another routing policy")
            if wanted != (None, None) and policy == wanted:
                raise InvalidChangeBatch(f"{where} cannot be created as an RRSet exists with the same name, type and {wanted[0] or wanted[1]}")
        records[key] = wanted


def policy_name(identifier, policy):
    region, failover = policy
    if identifier is None:
        return "simple"
    return "latency" if region else "failover" if failover else "other"


def choose(backend, records):
    """The record with which Route53 answers. For a latency policy AWS takes the region that is nearest to the caller; here everyone is at one
    place, so it is the first one by its set identifier."""
    ordered = sorted(records, key=lambda record: (record.failover or "", record.set_identifier or ""))
    healthy = [record for record in ordered if is_record_healthy(backend, record)]
    # When all are unhealthy, Route53 takes them for healthy: then a primary answers, not its secondary.
    return (healthy or ordered)[0]


def is_record_healthy(backend, record):
    return record.health_check_id is None or is_healthy(backend, backend.health_checks.get(record.health_check_id))


def is_healthy(backend, check):
    """A check that is gone or disabled counts as healthy."""
    if check is None or check.disabled:
        return True
    if check.type_ == "CALCULATED":
        children = [is_healthy(backend, backend.health_checks.get(child)) for child in check.children or []]
        healthy = sum(children) >= int(check.health_threshold or 0)
    elif check.type_ == "CLOUDWATCH_METRIC":
        healthy = follows_alarm(check)
    else:
        healthy = True
    return healthy != check.inverted


def follows_alarm(check):
    alarm = cloudwatch_backends[DEFAULT_ACCOUNT_ID][check.sandbox_alarm["Region"]].alarms.get(check.sandbox_alarm["Name"])
    state = alarm.state_value if alarm else "INSUFFICIENT_DATA"
    if state != "INSUFFICIENT_DATA":
        check.sandbox_last = state == "OK"
        return check.sandbox_last
    # A new check has no last known status, and counts as healthy then (HealthCheckConfig, "InsufficientDataHealthStatus").
    return {"Healthy": True, "Unhealthy": False}.get(check.sandbox_insufficient, getattr(check, "sandbox_last", True))


def key_of(record_set):
    return absolute(record_set["Name"]), record_set["Type"], record_set.get("SetIdentifier")


def absolute(name):
    return name.rstrip(".") + "."
