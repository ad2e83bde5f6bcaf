# Both colours have the policy. Releases let only the one of the colour that serves act: the process AlarmNotification of the other group
# is suspended. New instances count after the group's default_instance_warmup.
resource "aws_autoscaling_policy" "target" {
  for_each = var.group_names

  name                   = "target"
  autoscaling_group_name = each.value
  policy_type            = "TargetTrackingScaling"

  target_tracking_configuration {
    target_value = var.target

    dynamic "predefined_metric_specification" {
      for_each = var.metric == "series" ? [] : [var.metric]

      content {
        predefined_metric_type = local.predefined[var.metric]
        resource_label         = var.metric == "requests" ? "${var.load_balancer_arn_suffix}/${var.target_group_arn_suffixes[each.key]}" : null
      }
    }

    # Each instance of a colour sends one value a minute, so their average is what one instance has, and falls as instances are added.
    # https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html#target-tracking-choose-metrics
    dynamic "customized_metric_specification" {
      for_each = var.metric == "series" ? [var.series] : []

      content {
        namespace   = var.metrics_namespace
        metric_name = customized_metric_specification.value
        statistic   = "Average"

        metric_dimension {
          name  = "Colour"
          value = each.key
        }

        metric_dimension {
          name  = "Stack"
          value = var.stack
        }
      }
    }
  }
}

locals {
  predefined = {
    cpu      = "ASGAverageCPUUtilization"
    requests = "ALBRequestCountPerTarget"
  }
}
