"""Metrics in log events (Embedded metric format specification)."""

import datetime
import json

from moto.cloudwatch.models import cloudwatch_backends
from moto.logs.models import LogsBackend

from emulator.patching import patches


@patches(LogsBackend, "put_log_events")
def put_log_events(moto, backend, log_group_name, log_stream_name, log_events):
    answer = moto(log_group_name, log_stream_name, log_events)
    watch = cloudwatch_backends[backend.account_id][backend.region_name]
    for event in log_events:
        for namespace, data in metrics_in(event["message"]):
            watch.put_metric_data(namespace, data)
    return answer


def metrics_in(message):
    """(namespace, data) for each directive; nothing for a line of another kind."""
    line = parse(message)
    for directive in line.get("_aws", {}).get("CloudWatchMetrics", []):
        at = datetime.datetime.fromtimestamp(line["_aws"]["Timestamp"] / 1000, datetime.timezone.utc).replace(tzinfo=None)
        sets = directive["Dimensions"]
        values = {metric["Name"]: as_list(line[metric["Name"]]) for metric in directive["Metrics"]}
        yield directive["Namespace"], [
            datum(line, metric, names, at, value) for metric in directive["Metrics"] for names in sets for value in values[metric["Name"]]
        ]


def as_list(values):
    """A metric's target is a number, or a list of at most 100 (Embedded metric format specification, "Target members")."""
    return values[:100] if isinstance(values, list) else [values]


def datum(line, metric, names, at, value):
    return {
        "MetricName": metric["Name"],
        "Dimensions": [{"Name": name, "Value": line[name]} for name in names],
        "Value": float(value),
        "Unit": metric.get("Unit", "None"),
        "Timestamp": at,
    }


def parse(message):
    if not message.startswith("{"):
        return {}
    try:
        line = json.loads(message)
    except ValueError:
        return {}
    return line if isinstance(line, dict) and isinstance(line.get("_aws"), dict) else {}
