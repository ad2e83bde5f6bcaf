# Route53 cannot look through the load balancer: an idle colour's group is empty, and an empty group makes a load balancer unhealthy. A request
# from outside would need a key or a login, or an address that is allowed. So Route53 follows an alarm of each colour.

locals {
  dimensions = {
    for colour, suffix in var.target_group_arn_suffixes : colour => {
      LoadBalancer = var.load_balancer_arn_suffix
      TargetGroup  = suffix
    }
  }

  # Health checks are in no region, and a stack may be in several.
  tags = { "infer-deploy:region" = var.region }
}

# A plain alarm: Route53 follows no metric math, no percentiles, and no "M of N". An idle colour is in ALARM, as it should be.
resource "aws_cloudwatch_metric_alarm" "empty" {
  for_each = local.dimensions

  alarm_name          = "${var.name_prefix}-${each.key}-empty"
  alarm_description   = "No instance of ${each.key} is healthy, which is normal for the colour that does not serve. Route53 chooses another region when it is so for both"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "HealthyHostCount"
  dimensions          = each.value
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 2
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  # A group without instances has no data.
  treat_missing_data = "breaching"
}

resource "aws_route53_health_check" "colour" {
  for_each = local.dimensions

  type                            = "CLOUDWATCH_METRIC"
  cloudwatch_alarm_name           = aws_cloudwatch_metric_alarm.empty[each.key].alarm_name
  cloudwatch_alarm_region         = var.region
  insufficient_data_health_status = "Unhealthy"

  # Route53 copies the alarm's settings. It has to copy them again when they change.
  triggers = each.value

  tags = merge(local.tags, { Name = aws_cloudwatch_metric_alarm.empty[each.key].alarm_name })
}

resource "aws_route53_health_check" "this" {
  type                   = "CALCULATED"
  child_healthchecks     = [for check in aws_route53_health_check.colour : check.id]
  child_health_threshold = 1

  tags = merge(local.tags, { Name = "${var.name_prefix}-${var.region}" })
}
