resource "aws_autoscaling_group" "this" {
  for_each = local.colours

  name                      = "answers-${each.key}"
  min_size                  = 0
  max_size                  = 4
  desired_capacity          = 0
  vpc_zone_identifier       = [for subnet in aws_subnet.this : subnet.id]
  target_group_arns         = [aws_lb_target_group.this[each.key].arn]
  health_check_type         = "ELB"
  health_check_grace_period = 0
  default_cooldown          = 60
  default_instance_warmup   = 30
  max_instance_lifetime     = 604800
  termination_policies      = ["OldestLaunchTemplate", "Default"]
  enabled_metrics           = ["GroupDesiredCapacity", "GroupInServiceInstances"]

  launch_template {
    id      = aws_launch_template.this[each.key].id
    version = aws_launch_template.this[each.key].latest_version
  }

  instance_maintenance_policy {
    min_healthy_percentage = 100
    max_healthy_percentage = 200
  }

  dynamic "tag" {
    for_each = merge(local.tags, { colour = each.key })

    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }

  lifecycle {
    ignore_changes = [min_size, desired_capacity]
  }
}

resource "aws_autoscaling_policy" "cpu" {
  for_each = local.colours

  name                   = "cpu"
  autoscaling_group_name = aws_autoscaling_group.this[each.key].name
  policy_type            = "TargetTrackingScaling"

  target_tracking_configuration {
    target_value = 60

    predefined_metric_specification {
      predefined_metric_type = "ASGAverageCPUUtilization"
    }
  }
}

resource "aws_autoscaling_policy" "step" {
  name                   = "step"
  autoscaling_group_name = aws_autoscaling_group.this["blue"].name
  policy_type            = "StepScaling"
  adjustment_type        = "ChangeInCapacity"
  enabled                = false

  step_adjustment {
    scaling_adjustment          = 1
    metric_interval_lower_bound = 0
  }
}

resource "aws_autoscaling_schedule" "this" {
  for_each = local.colours

  scheduled_action_name  = "night"
  autoscaling_group_name = aws_autoscaling_group.this[each.key].name
  desired_capacity       = 0
  min_size               = -1
  max_size               = -1
  recurrence             = "0 20 * * *"
}
