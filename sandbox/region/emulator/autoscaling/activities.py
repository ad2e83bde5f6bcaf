"""The scaling activities of a group: moto returns an empty list."""

import json
import uuid

from moto.autoscaling.models import AutoScalingBackend
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult
from moto.core.utils import utcnow

from emulator.patching import patches


def record(group, description, cause, status="Successful", instance=None, place=None):
    """Records an activity and returns it. The cause is for people: why an instance came or went. `place` is a zone and a
    subnet, where there is no instance."""
    now = utcnow()
    zone, subnet = (instance.placement.zone, instance.subnet_id) if instance else place
    activity = {
        "ActivityId": str(uuid.uuid4()),
        "AutoScalingGroupName": group.name,
        "AutoScalingGroupARN": group.arn,
        "Description": description,
        "Cause": f"At {now.strftime('%Y-%m-%dT%H:%M:%SZ')} {cause}.",
        "StartTime": now,
        "StatusCode": status,
        "Progress": 50,
        "Details": json.dumps({"Availability Zone": zone, "Subnet ID": subnet}),
    }
    if status in ENDED:
        finish(activity, status)
    log = activities(group.autoscaling_backend)
    log.append(activity)
    del log[:-KEPT]
    return activity


def finish(activity, status="Successful", message=None):
    activity.update(StatusCode=status, EndTime=utcnow(), Progress=100)
    if message:
        activity["StatusMessage"] = message


@patches(AutoScalingResponse, "describe_scaling_activities")
def describe_scaling_activities(_moto, response):
    """Newest first; those of deleted groups only on request (DescribeScalingActivities, IncludeDeletedGroups)."""
    backend = response.autoscaling_backend
    group, ids = response._get_param("AutoScalingGroupName"), response._get_param("ActivityIds", [])
    deleted_too = response._get_bool_param("IncludeDeletedGroups", False)
    found = [
        activity
        for activity in reversed(activities(backend))
        if (not group or activity["AutoScalingGroupName"] == group)
        and (not ids or activity["ActivityId"] in ids)
        and (deleted_too or activity["AutoScalingGroupName"] in backend.autoscaling_groups)
    ]
    start = int(response._get_param("NextToken") or 0)
    end = start + (response._get_int_param("MaxRecords") or 100)
    return ActionResult({"Activities": found[start:end], "NextToken": str(end) if end < len(found) else None})


def activities(backend: AutoScalingBackend):
    return backend.__dict__.setdefault("sandbox_activities", [])


ENDED = ("Successful", "Failed", "Cancelled")
# AWS keeps activities for six weeks.
KEPT = 1000
