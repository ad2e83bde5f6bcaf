locals {
  balancer  = { LoadBalancer = var.load_balancer_arn_suffix }
  namespace = "AWS/ApplicationELB"

  colours = {
    for colour, suffix in var.target_group_arn_suffixes : colour => merge(local.balancer, { TargetGroup = suffix })
  }

  topic_arns = concat(aws_sns_topic.this[*].arn, var.topic_arns)
  call_arns  = length(var.call_topic_arns) == 0 ? local.topic_arns : var.call_topic_arns

  # Alarms on metric math over the whole service. The last expression of each is what its threshold is compared with.
  # Errors have no datum in a minute without errors, so FILL makes a zero of it. Requests are not filled: a minute without any is no datum,
  # which is not a breach. A share counts only with enough requests.
  shares = {
    "error-share" = {
      description = "Too large a share of the answers of ${var.name_prefix} are 5xx of the app"
      threshold   = var.thresholds.error_percent
      metrics     = { requests = "RequestCount", bad = "HTTPCode_Target_5XX_Count" }
      expression  = "IF(requests >= ${var.thresholds.min_requests}, 100 * FILL(bad, 0) / requests, 0)"
    }
    # A request for which the load balancer finds no target is in no RequestCount.
    "unanswered-share" = {
      description = "The load balancer of ${var.name_prefix} answers too large a share of the requests with 5xx itself, because no instance does"
      threshold   = var.thresholds.error_percent
      metrics     = { requests = "RequestCount", bad = "HTTPCode_ELB_5XX_Count" }
      expression  = "IF(bad + FILL(requests, 0) >= ${var.thresholds.min_requests}, 100 * bad / (bad + FILL(requests, 0)), 0)"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "share" {
  for_each = local.shares

  alarm_name          = "${var.name_prefix}-${each.key}"
  alarm_description   = each.value.description
  evaluation_periods  = 2
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.threshold
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.topic_arns
  ok_actions          = local.topic_arns

  metric_query {
    id          = "share"
    expression  = each.value.expression
    label       = "per cent of the requests"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = each.value.metrics

    content {
      id = metric_query.key

      metric {
        namespace   = local.namespace
        metric_name = metric_query.value
        dimensions  = local.balancer
        period      = 60
        stat        = "Sum"
      }
    }
  }

  lifecycle { ignore_changes = [actions_enabled] } # maintenance and a sleep mute it
}

resource "aws_cloudwatch_metric_alarm" "slow" {
  alarm_name          = "${var.name_prefix}-slow"
  alarm_description   = "One answer of ${var.name_prefix} in a hundred takes longer than ${var.thresholds.p99_seconds} s"
  evaluation_periods  = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.thresholds.p99_seconds
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.topic_arns
  ok_actions          = local.topic_arns

  metric_query {
    id          = "p99"
    expression  = "IF(requests >= ${var.thresholds.min_requests}, slowest, 0)"
    label       = "seconds"
    return_data = true
  }

  metric_query {
    id = "requests"

    metric {
      namespace   = local.namespace
      metric_name = "RequestCount"
      dimensions  = local.balancer
      period      = 60
      stat        = "Sum"
    }
  }

  metric_query {
    id = "slowest"

    metric {
      namespace   = local.namespace
      metric_name = "TargetResponseTime"
      dimensions  = local.balancer
      period      = 60
      stat        = "p99"
    }
  }

  lifecycle { ignore_changes = [actions_enabled] } # maintenance and a sleep mute it
}

# The healthy hosts that requests can reach: those of either colour, and of each colour that gets requests. An idle colour gets none, so it
# does not count. The load balancer sends requests to unhealthy targets when a group has no others, so its requests count here too.
resource "aws_cloudwatch_metric_alarm" "no_healthy_host" {
  alarm_name          = "${var.name_prefix}-no-healthy-host"
  alarm_description   = "No instance of ${var.name_prefix} is healthy, or none of those that get requests"
  evaluation_periods  = 2
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.topic_arns
  ok_actions          = local.topic_arns

  metric_query {
    id          = "healthy"
    expression  = "MIN([MAX([${join(", ", [for colour in keys(local.colours) : "FILL(healthy_${colour}, 0)"])}]), ${join(", ", [for colour in keys(local.colours) : "IF(FILL(requests_${colour}, 0) > 0, FILL(healthy_${colour}, 1), 1)"])}])"
    label       = "healthy hosts"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = local.colours

    content {
      id = "healthy_${metric_query.key}"

      metric {
        namespace   = local.namespace
        metric_name = "HealthyHostCount"
        dimensions  = metric_query.value
        period      = 60
        stat        = "Maximum"
      }
    }
  }

  dynamic "metric_query" {
    for_each = local.colours

    content {
      id = "requests_${metric_query.key}"

      metric {
        namespace   = local.namespace
        metric_name = "RequestCount"
        dimensions  = metric_query.value
        period      = 60
        stat        = "Sum"
      }
    }
  }

  lifecycle { ignore_changes = [actions_enabled] } # maintenance and a sleep mute it
}

locals {
  connections = {
    "connection-errors"    = { metric = "TargetConnectionErrorCount", threshold = var.thresholds.connection_errors, what = "cannot connect to its instances" }
    "rejected-connections" = { metric = "RejectedConnectionCount", threshold = 1, what = "has reached its largest number of connections and rejects more" }
  }
}

resource "aws_cloudwatch_metric_alarm" "connections" {
  for_each = local.connections

  alarm_name          = "${var.name_prefix}-${each.key}"
  alarm_description   = "The load balancer of ${var.name_prefix} ${each.value.what}"
  namespace           = local.namespace
  metric_name         = each.value.metric
  dimensions          = local.balancer
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 2
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.threshold
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.topic_arns
  ok_actions          = local.topic_arns

  lifecycle { ignore_changes = [actions_enabled] } # maintenance and a sleep mute it
}

# The fullest instance of a colour that gets requests.
locals {
  fill = var.instance_metrics ? {
    memory = { metric = "MemoryUsedPercent", threshold = var.thresholds.memory_percent }
    disk   = { metric = "DiskUsedPercent", threshold = var.thresholds.disk_percent }
  } : {}
}

resource "aws_cloudwatch_metric_alarm" "fill" {
  for_each = local.fill

  alarm_name          = "${var.name_prefix}-${each.key}"
  alarm_description   = "An instance of ${var.name_prefix} has used more than ${each.value.threshold} per cent of its ${each.key}"
  evaluation_periods  = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.topic_arns
  ok_actions          = local.topic_arns

  metric_query {
    id          = "fullest"
    expression  = "MAX([${join(", ", [for colour in keys(local.colours) : "IF(FILL(requests_${colour}, 0) > 0, used_${colour}, 0)"])}])"
    label       = "per cent"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = local.colours

    content {
      id = "used_${metric_query.key}"

      metric {
        namespace   = var.metrics_namespace
        metric_name = each.value.metric
        dimensions  = { Colour = metric_query.key, Stack = var.name_prefix }
        period      = 60
        stat        = "Maximum"
      }
    }
  }

  dynamic "metric_query" {
    for_each = local.colours

    content {
      id = "requests_${metric_query.key}"

      metric {
        namespace   = local.namespace
        metric_name = "RequestCount"
        dimensions  = metric_query.value
        period      = 60
        stat        = "Sum"
      }
    }
  }

  lifecycle { ignore_changes = [actions_enabled] } # maintenance and a sleep mute it
}

# ACM renews a certificate 60 days before its end, and publishes the days twice a day.
resource "aws_cloudwatch_metric_alarm" "certificate" {
  count = var.has_certificate ? 1 : 0

  alarm_name          = "${var.name_prefix}-certificate"
  alarm_description   = "The certificate of ${var.name_prefix} ends in less than 30 days, and ACM has not renewed it"
  namespace           = "AWS/CertificateManager"
  metric_name         = "DaysToExpiry"
  dimensions          = { CertificateArn = var.certificate_arn }
  statistic           = "Minimum"
  period              = 86400
  evaluation_periods  = 1
  comparison_operator = "LessThanThreshold"
  threshold           = 30
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.topic_arns
  ok_actions          = local.topic_arns

  lifecycle { ignore_changes = [actions_enabled] } # maintenance and a sleep mute it
}

# The one alarm for which a person gets up at night.
resource "aws_cloudwatch_composite_alarm" "call" {
  alarm_name        = "${var.name_prefix}-call-a-person"
  alarm_description = "Users of ${var.name_prefix} get errors: too large a share of the answers, or no healthy instance"
  alarm_rule = join(" OR ", [
    for name in concat(values(aws_cloudwatch_metric_alarm.share)[*].alarm_name, [aws_cloudwatch_metric_alarm.no_healthy_host.alarm_name]) : "ALARM(\"${name}\")"
  ])
  alarm_actions = local.call_arns
  ok_actions    = local.call_arns

  lifecycle { ignore_changes = [actions_enabled] } # maintenance and a sleep mute it
}
