# Both colours have the policy. Releases let only the one of the colour that serves act: the process AlarmNotification of the other group
# is suspended. New instances count after the group's default_instance_warmup.
resource "aws_autoscaling_policy" "target" {
  for_each = var.group_names

  name                   = "target"
  autoscaling_group_name = each.value
  policy_type            = "TargetTrackingScaling"

  target_tracking_configuration {
    target_value = var.target

    predefined_metric_specification {
      predefined_metric_type = local.predefined[var.metric]
      resource_label         = var.metric == "requests" ? "${var.load_balancer_arn_suffix}/${var.target_group_arn_suffixes[each.key]}" : null
    }
  }
}

locals {
  predefined = {
    cpu      = "ASGAverageCPUUtilization"
    requests = "ALBRequestCountPerTarget"
  }
}
