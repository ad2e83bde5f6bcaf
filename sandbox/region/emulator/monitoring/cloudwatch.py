"""Metrics with percentiles, aligned periods and metric math; alarms that start without data."""

import datetime
import math

from moto.cloudwatch.models import Alarm, CloudWatchBackend, Dimension, MetricAggregatedDatum, cloudwatch_backends
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult
from moto.core.utils import utcnow

from emulator.monitoring import metric_math
from emulator.patching import patches

# AWS keeps one-minute points for 15 days. The sandbox keeps them in memory, and tools read the last hours only.
KEPT = datetime.timedelta(hours=6)


class Sample(MetricAggregatedDatum):
    """Values with counts, as one datum; moto creates an object for each value."""

    def __init__(self, namespace, name, weighted, dimensions, timestamp, unit):
        low, high = min(value for value, _ in weighted), max(value for value, _ in weighted)
        count = sum(count for _, count in weighted)
        total = sum(value * count for value, count in weighted)
        super().__init__(namespace, name, low, high, count, total, dimensions, timestamp, unit)
        self.weighted = weighted


@patches(CloudWatchBackend, "put_metric_data")
def put_metric_data(moto, backend, namespace, metric_data):
    plain = [metric for metric in metric_data if not metric.get("Values")]
    moto(namespace, plain)
    for metric in [metric for metric in metric_data if metric.get("Values")]:
        counts = metric.get("Counts") or [1] * len(metric["Values"])
        weighted = [(float(value), float(count)) for value, count in zip(metric["Values"], counts, strict=True)]
        backend.metric_data.append(
            Sample(
                namespace,
                metric["MetricName"],
                weighted,
                metric.get("Dimensions", ()),
                metric.get("Timestamp"),
                metric.get("Unit"),
            )
        )


@patches(CloudWatchBackend, "get_metric_data")
def get_metric_data(_moto, backend, queries, start_time, end_time, scan_by="TimestampDescending"):
    """AWS aligns the points to whole periods, identifies a metric by namespace, name and all its dimensions, and computes
    percentiles and metric math (GetMetricData; Using math expressions). moto does none of these."""
    series = {}
    for query in queries:
        stat = query.get("MetricStat")
        if stat:
            metric = stat["Metric"]
            series[query["Id"]] = points(
                backend,
                (metric["Namespace"], metric["MetricName"], metric.get("Dimensions", [])),
                (start_time, end_time),
                int(stat["Period"]),
                stat["Stat"],
                stat.get("Unit"),
            )
    waiting = [query for query in queries if "MetricStat" not in query]
    for _ in range(len(waiting)):
        # An expression may use another one that comes later in the list.
        for query in [query for query in waiting if query["Id"] not in series]:
            if metric_math.names(query["Expression"]) <= series.keys():
                series[query["Id"]] = metric_math.evaluate(query["Expression"], series)
    return [result(query, series, scan_by) for query in queries if query.get("ReturnData", True) in (True, "true")]


@patches(CloudWatchResponse, "get_metric_statistics")
def get_metric_statistics(_moto, response):
    """The same for GetMetricStatistics. moto starts at the first datum, not at a whole period, and lacks its
    ExtendedStatistics."""
    metric = (response._get_param("Namespace"), response._get_param("MetricName"), response._get_param("Dimensions", []))
    between = (response._get_param("StartTime"), response._get_param("EndTime"))
    plain, extended = response._get_param("Statistics", []), response._get_param("ExtendedStatistics", [])
    if not plain and not extended:
        return _moto()
    rows = {}
    for stat in [*plain, *extended]:
        found = points(
            response.cloudwatch_backend, metric, between, response._get_int_param("Period"), stat, response._get_param("Unit")
        )
        for at, value in found.items():
            row = rows.setdefault(at, {"Timestamp": at, "Unit": response._get_param("Unit") or "None"})
            if stat in plain:
                row[stat] = value
            else:
                row.setdefault("ExtendedStatistics", {})[stat] = value
    return ActionResult({"Label": metric[1], "Datapoints": [rows[at] for at in sorted(rows)]})


@patches(Alarm, "__init__")
def start_alarm(moto, alarm, *args, **kwargs):
    """A new alarm is in INSUFFICIENT_DATA until its first evaluation; moto starts it in OK."""
    moto(*args, **kwargs)
    alarm.state_value = "INSUFFICIENT_DATA"


@patches(CloudWatchBackend, "put_metric_alarm")
def put_metric_alarm(moto, backend, *args, **kwargs):
    """An update leaves the alarm's state unchanged (PutMetricAlarm)."""
    before = backend.alarms.get(kwargs["name"])
    alarm = moto(*args, **kwargs)
    if before is not None:
        for field in ("state_value", "state_reason", "state_reason_data", "state_updated_timestamp", "history"):
            setattr(alarm, field, getattr(before, field))
    return alarm


@patches(CloudWatchResponse, "describe_alarms")
def describe_alarms(moto, response):
    """AWS applies names and a state together; moto ignores the state when there are names."""
    answer, state = moto(), response._get_param("StateValue")
    for kind, alarms in answer.result.items():
        answer.result[kind] = [alarm for alarm in alarms if state in (None, alarm.state_value)]
    return answer


@patches(Dimension, "__lt__")
def before(_moto, dimension, other):
    """moto compares a value with a name, so that the order of dimensions depends on the order of the request."""
    return (dimension.name, dimension.value) < (other.name, other.value)


def points(backend, metric, between, period, stat, unit=None):
    """Start of the period -> value of the statistic, in order of time."""
    namespace, name, dimensions = metric
    wanted = sorted((one["Name"], one.get("Value")) for one in dimensions)
    start, end = align(between[0], period), between[1]
    periods = {}
    for datum in backend.get_all_metrics():
        if datum.namespace != namespace or datum.name != name or not start <= datum.timestamp < end:
            continue
        if sorted((one.name, one.value) for one in datum.dimensions) != wanted or (unit and datum.unit != unit):
            continue
        periods.setdefault(align(datum.timestamp, period), []).append(datum)
    found = {at: statistic(stat, periods[at]) for at in sorted(periods)}
    return {at: value for at, value in found.items() if value is not None}


def statistic(stat, data):
    count = sum(getattr(datum, "sample_count", 1) for datum in data)
    total = sum(getattr(datum, "sum", getattr(datum, "value", 0)) for datum in data)
    if stat == "SampleCount":
        return count
    if stat == "Sum":
        return total
    if stat == "Average":
        return total / count if count else None
    if stat == "Minimum":
        return min(datum.min if hasattr(datum, "min") else datum.value for datum in data)
    if stat == "Maximum":
        return max(datum.max if hasattr(datum, "max") else datum.value for datum in data)
    if stat[:1] in "pP" and stat[1:].replace(".", "", 1).isdigit():
        return percentile(float(stat[1:]), data)
    return None


def percentile(rank, data):
    """The smallest value such that `rank` percent of all values are not above it. As on AWS, a statistic set of several values
    has no percentile."""
    weighted = []
    for datum in data:
        if hasattr(datum, "weighted"):
            weighted += datum.weighted
        elif hasattr(datum, "value"):
            weighted.append((datum.value, 1))
        elif datum.sample_count == 1 or datum.min == datum.max:
            weighted.append((datum.min, datum.sample_count))
    needed = math.fsum(count for _, count in weighted) * rank / 100
    seen = 0
    for value, count in sorted(weighted):
        seen += count
        if seen >= needed:
            return value
    return None


def result(query, series, scan_by):
    found = sorted(series.get(query["Id"], {}).items(), reverse=scan_by != "TimestampAscending")
    metric = query.get("MetricStat", {}).get("Metric", {}).get("MetricName")
    return {
        "id": query["Id"],
        "label": query.get("Label") or metric or query["Id"],
        "values": [value for _, value in found],
        "timestamps": [at for at, _ in found],
        "status_code": "Complete",
    }


def align(moment, period):
    moment = moment.replace(tzinfo=None)
    seconds = (moment - EPOCH).total_seconds()
    return EPOCH + datetime.timedelta(seconds=seconds - seconds % period)


def forget_old():
    oldest = utcnow() - KEPT
    for _account, _region, backend in cloudwatch_backends.iter_backends():
        if backend.metric_data and backend.metric_data[0].timestamp < oldest:
            backend.metric_data = [datum for datum in backend.metric_data if datum.timestamp >= oldest]


EPOCH = datetime.datetime(1970, 1, 1)
