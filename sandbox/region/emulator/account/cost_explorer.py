"""Cost Explorer: cost allocation tags, and the costs that a test puts down. The region itself costs nothing."""

import datetime
import json

from moto.ce.models import ce_backends
from moto.ce.responses import CostExplorerResponse
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.exceptions import JsonRESTError
from moto.core.resource_tagging import iter_taggable_backends
from moto.ec2.models import ec2_backends
from werkzeug.exceptions import BadRequest

from emulator.patching import adds, patches

def put(body):
    """{"key": "infer-deploy:stack", "value": "app-production", "services": {"Amazon Elastic Compute Cloud - Compute": 12.3}}"""
    try:
        costs()[(body["key"], body["value"])] = {name: float(usd) for name, usd in body["services"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadRequest("costs have key, value and services, a map of USD by the service's name") from error
    return {}


@patches(CostExplorerResponse, "get_cost_and_usage")
def get_cost_and_usage(_moto, response):
    """By service, for one tag: nothing while the key is not active, and no error (GetCostAndUsage; Activating user-defined cost allocation tags)."""
    asked = json.loads(response.body)
    start, end = (datetime.date.fromisoformat(asked["TimePeriod"][name]) for name in ("Start", "End"))
    if start >= end:
        raise JsonRESTError("ValidationException", "Start date (and hour) should be before end date (and hour)")
    tag = asked.get("Filter", {}).get("Tags", {})
    found = {}
    for value in tag.get("Values", []):
        if tag.get("Key") in active():
            found.update(costs().get((tag["Key"], value), {}))
    groups = [
        {"Keys": [service], "Metrics": {name: {"Amount": repr(usd), "Unit": "USD"} for name in asked["Metrics"]}}
        for service, usd in found.items()
    ]
    period = {"TimePeriod": asked["TimePeriod"], "Total": {}, "Groups": groups, "Estimated": True}
    return json.dumps({"ResultsByTime": [period], "GroupDefinitions": asked.get("GroupBy", []), "DimensionValueAttributes": []})


@adds(CostExplorerResponse, "list_cost_allocation_tags")
def list_cost_allocation_tags(response):
    """AWS sees a new tag within a day, the region at once."""
    asked = json.loads(response.body)
    wanted = asked.get("TagKeys")
    return json.dumps(
        {
            "CostAllocationTags": [
                {"TagKey": key, "Type": "UserDefined", "Status": "Active" if key in active() else "Inactive"}
                for key in sorted(seen())
                if wanted is None or key in wanted
            ]
        }
    )


@adds(CostExplorerResponse, "update_cost_allocation_tags_status")
def update_cost_allocation_tags_status(response):
    errors = []
    for entry in json.loads(response.body)["CostAllocationTagsStatus"]:
        key = entry["TagKey"]
        if key not in seen():
            errors.append({"TagKey": key, "Code": "TagKeysNotFoundException", "Message": "Tag keys not found"})
        elif entry["Status"] == "Active":
            active().add(key)
        else:
            active().discard(key)
    return json.dumps({"Errors": errors})


def seen():
    """The keys of every tag, and those that were active once."""
    keys = set(active())
    for region in list(ec2_backends[DEFAULT_ACCOUNT_ID]):
        for backend in iter_taggable_backends(DEFAULT_ACCOUNT_ID, region):
            for resource in backend.iter_tagged_resources():
                keys |= set(resource.tags)
    return keys


def costs():
    """(key, value) of a tag -> service -> USD of this month."""
    return store().setdefault("sandbox_costs", {})


def active():
    """The keys by which AWS counts."""
    return store().setdefault("sandbox_active_tags", set())


def store():
    """Emptied with the region."""
    return ce_backends[DEFAULT_ACCOUNT_ID]["aws"].__dict__
