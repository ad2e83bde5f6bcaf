"""Target tracking: Auto Scaling makes a pair of alarms for each policy (Target tracking scaling policies). moto makes none.
The controller evaluates them, and changes the group's size as the policy asks."""

import uuid

from moto.autoscaling.models import autoscaling_backends
from moto.cloudwatch.models import cloudwatch_backends

from emulator.autoscaling.capacity import reconcile
from emulator.autoscaling.lookup import group_named


def make_alarms(policy):
    """Three minutes above the target scale out; fifteen below it, with a margin, scale in."""
    remove_alarms(policy)
    tracking = vars(policy.target_tracking_configuration or Nothing())
    metric = metric_of(policy, tracking)
    if metric is None:
        return
    target = float(tracking["TargetValue"])
    pair = [("AlarmHigh", "GreaterThanThreshold", 3, target)]
    if str(tracking.get("DisableScaleIn")).lower() != "true":
        pair.append(("AlarmLow", "LessThanThreshold", 15, target * MARGIN))
    policy.alarms = []
    for kind, comparison, periods, threshold in pair:
        name = f"TargetTracking-{policy.auto_scaling_group_name}-{kind}-{uuid.uuid4()}"
        alarm = watch(policy).put_metric_alarm(
            name=name,
            comparison_operator=comparison,
            evaluation_periods=periods,
            period=60,
            threshold=threshold,
            description="DO NOT EDIT OR DELETE. For TargetTrackingScaling policy " + policy.arn,
            alarm_actions=[policy.arn],
            **metric,
        )
        policy.alarms.append({"AlarmName": name, "AlarmARN": alarm.alarm_arn})


def remove_alarms(policy):
    watch(policy).delete_alarms([alarm["AlarmName"] for alarm in getattr(policy, "alarms", None) or []])
    policy.alarms = []


def metric_of(policy, tracking):
    """None for a metric that is not modelled; such a policy is stored and never acts."""
    own = tracking.get("CustomizedMetricSpecification")
    if own and own.get("MetricName"):
        dimensions = {one["Name"]: one["Value"] for one in own["Dimensions"]}
        return metric(own["Namespace"], own["MetricName"], own["Statistic"], dimensions)
    predefined = tracking.get("PredefinedMetricSpecification") or {}
    kind = predefined.get("PredefinedMetricType")
    if kind == "ALBRequestCountPerTarget":
        balancer, target_group = predefined["ResourceLabel"].split("/targetgroup/")
        dimensions = {"LoadBalancer": balancer, "TargetGroup": f"targetgroup/{target_group}"}
        return metric("AWS/ApplicationELB", "RequestCountPerTarget", "Sum", dimensions)
    if kind == "ASGAverageCPUUtilization":
        return metric("AWS/EC2", "CPUUtilization", "Average", {"AutoScalingGroupName": policy.auto_scaling_group_name})
    return None


def metric(namespace, name, statistic, dimensions):
    listed = [{"Name": key, "Value": value} for key, value in dimensions.items()]
    return {"namespace": namespace, "metric_name": name, "statistic": statistic, "dimensions": listed}


def watch(policy):
    backend = policy.autoscaling_backend
    return cloudwatch_backends[backend.account_id][backend.region_name]


def resize(body):
    """PUT /_sandbox/desired-capacity: the controller's order of a policy, with its cause for the activities."""
    for _account, region, backend in autoscaling_backends.iter_backends():
        if region == body["region"] and body["group"] in backend.autoscaling_groups:
            group = group_named(backend, body["group"])
            before, wanted = group.desired_capacity, int(body["desired"])
            group.desired_capacity = min(max(wanted, group.min_size), group.max_size)
            reconcile(group, f"{body['cause']} changing the desired capacity from {before} to {group.desired_capacity}")
    return {}


class Nothing:
    """No configuration of target tracking."""


# AWS does not document how far below the target it scales in.
MARGIN = 0.9
