locals {
  colours = toset(["blue", "green"])

  # As the machine's door publishes its metrics.
  dimensions = { for colour in local.colours : colour => { Stack = var.stack, Colour = colour } }
}

# Missing data is not a breach: an idle colour has no requests, and that must not stop a release.

resource "aws_cloudwatch_metric_alarm" "errors" {
  for_each = local.dimensions

  alarm_name          = "${var.name_prefix}-${each.key}-errors"
  alarm_description   = "The container of ${each.key} answered with 5xx"
  namespace           = var.namespace
  metric_name         = "DoorErrors"
  dimensions          = each.value
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = var.thresholds.errors_per_minute
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.action_arns
  ok_actions          = var.action_arns

  lifecycle { ignore_changes = [actions_enabled] } # maintenance mutes it
}

resource "aws_cloudwatch_metric_alarm" "unhealthy" {
  for_each = local.dimensions

  alarm_name          = "${var.name_prefix}-${each.key}-unhealthy"
  alarm_description   = "The container of ${each.key} fails its health check"
  namespace           = var.namespace
  metric_name         = "DoorUnhealthy"
  dimensions          = each.value
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 2
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.action_arns
  ok_actions          = var.action_arns

  lifecycle { ignore_changes = [actions_enabled] } # maintenance mutes it
}

resource "aws_cloudwatch_metric_alarm" "latency" {
  for_each = local.dimensions

  alarm_name          = "${var.name_prefix}-${each.key}-latency"
  alarm_description   = "One request in a hundred to ${each.key} takes too long"
  namespace           = var.namespace
  metric_name         = "DoorSeconds"
  dimensions          = each.value
  extended_statistic  = "p99"
  period              = 60
  evaluation_periods  = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.thresholds.p99_seconds
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.action_arns
  ok_actions          = var.action_arns

  # With "ignore" CloudWatch would skip this alarm on a small service: see the module alarms.
  evaluate_low_sample_count_percentiles = "evaluate"

  lifecycle { ignore_changes = [actions_enabled] } # maintenance mutes it
}

# The door's own answers: no container was healthy, or the connection broke.
resource "aws_cloudwatch_metric_alarm" "unanswered" {
  alarm_name          = "${var.name_prefix}-unanswered"
  alarm_description   = "The door answered with 5xx because no container did"
  namespace           = var.namespace
  metric_name         = "DoorUnanswered"
  dimensions          = { Stack = var.stack }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = var.thresholds.unanswered_per_minute
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.action_arns
  ok_actions          = var.action_arns

  lifecycle { ignore_changes = [actions_enabled] } # maintenance mutes it
}

# Let's Encrypt's certificates are renewed when a third of their time is left.
resource "aws_cloudwatch_metric_alarm" "certificate" {
  count = var.has_certificate ? 1 : 0

  alarm_name          = "${var.name_prefix}-certificate"
  alarm_description   = "The certificate ends soon and has not been renewed"
  namespace           = var.namespace
  metric_name         = "CertificateDays"
  dimensions          = { Stack = var.stack }
  statistic           = "Minimum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "LessThanThreshold"
  threshold           = var.certificate_days
  treat_missing_data  = "ignore"
  alarm_actions       = var.action_arns
  ok_actions          = var.action_arns
}

# EC2 moves the machine to another host by itself when its own one fails. The group replaces it when it does not answer EC2.
resource "aws_cloudwatch_metric_alarm" "status" {
  alarm_name          = "${var.name_prefix}-status"
  alarm_description   = "The machine fails EC2's status checks"
  namespace           = "AWS/EC2"
  metric_name         = "StatusCheckFailed"
  dimensions          = { AutoScalingGroupName = var.group_name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 2
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.action_arns
  ok_actions          = var.action_arns
}

resource "aws_cloudwatch_metric_alarm" "full" {
  for_each = { memory = "MemoryUsedPercent", disk = "DiskUsedPercent" }

  alarm_name        = "${var.name_prefix}-${each.key}"
  alarm_description = "The machine's ${each.key} is nearly used up"
  namespace         = var.namespace
  metric_name       = each.value
  # Blue's agent measures the machine.
  dimensions          = { Stack = var.stack, Colour = "blue" }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 2
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 90
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.action_arns
  ok_actions          = var.action_arns
}
