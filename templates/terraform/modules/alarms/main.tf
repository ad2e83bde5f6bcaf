locals {
  dimensions = {
    for colour, suffix in var.target_group_arn_suffixes : colour => {
      LoadBalancer = var.load_balancer_arn_suffix
      TargetGroup  = suffix
    }
  }
}

# Missing data is not a breach: an idle colour has no requests, and that must not stop a release.

resource "aws_cloudwatch_metric_alarm" "errors" {
  for_each = local.dimensions

  alarm_name          = "${var.name_prefix}-${each.key}-errors"
  alarm_description   = "Instances of ${each.key} answered with 5xx"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "HTTPCode_Target_5XX_Count"
  dimensions          = each.value
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = var.thresholds.errors_per_minute
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.action_arns
  ok_actions          = var.action_arns

  lifecycle { ignore_changes = [actions_enabled] } # maintenance and a sleep mute it
}

resource "aws_cloudwatch_metric_alarm" "unhealthy" {
  for_each = local.dimensions

  alarm_name          = "${var.name_prefix}-${each.key}-unhealthy"
  alarm_description   = "Instances of ${each.key} fail their health check"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "UnHealthyHostCount"
  dimensions          = each.value
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 2
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = var.thresholds.unhealthy_hosts
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.action_arns
  ok_actions          = var.action_arns

  lifecycle { ignore_changes = [actions_enabled] } # maintenance and a sleep mute it
}

resource "aws_cloudwatch_metric_alarm" "latency" {
  for_each = local.dimensions

  alarm_name          = "${var.name_prefix}-${each.key}-latency"
  alarm_description   = "One request in a hundred to ${each.key} takes too long"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "TargetResponseTime"
  dimensions          = each.value
  extended_statistic  = "p99"
  period              = 60
  evaluation_periods  = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.thresholds.p99_seconds
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.action_arns
  ok_actions          = var.action_arns

  # With "ignore" CloudWatch would skip this alarm below a thousand requests a minute: on a small service it would never
  # go off, and once on it would stay on.
  evaluate_low_sample_count_percentiles = "evaluate"

  lifecycle { ignore_changes = [actions_enabled] } # maintenance and a sleep mute it
}

# The load balancer's own answers: no instance was healthy, or the connection broke.
resource "aws_cloudwatch_metric_alarm" "unanswered" {
  alarm_name          = "${var.name_prefix}-unanswered"
  alarm_description   = "The load balancer answered with 5xx because no instance did"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "HTTPCode_ELB_5XX_Count"
  dimensions          = { LoadBalancer = var.load_balancer_arn_suffix }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = var.thresholds.unanswered_per_minute
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.action_arns
  ok_actions          = var.action_arns

  lifecycle { ignore_changes = [actions_enabled] } # maintenance and a sleep mute it
}
