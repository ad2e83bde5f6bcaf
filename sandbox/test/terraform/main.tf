# What the product's own modules do not use yet, or not in this way: each block was once planned anew because of an
# answer that differed from AWS's. Without a load balancer, for which the provider waits a minute whatever is answered.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

provider "aws" {
  region = "eu-west-1"

  default_tags {
    tags = local.tags
  }
}

locals {
  colours = toset(["blue", "green"])
  tags    = { "infer-deploy:name" = "answers" }
  zones   = ["eu-west-1a", "eu-west-1b"]
}

data "aws_ssm_parameter" "ami" {
  name = "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"
}

data "aws_ami" "ubuntu" {
  owners = ["099720109477"]

  filter {
    name   = "image-id"
    values = [data.aws_ssm_parameter.ami.insecure_value]
  }
}

resource "aws_vpc" "this" {
  cidr_block = "10.42.0.0/16"
}

resource "aws_subnet" "this" {
  for_each = { for index, zone in local.zones : zone => index }

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(aws_vpc.this.cidr_block, 8, each.value)
}

resource "aws_eip" "this" {
  domain = "vpc"
}

resource "aws_nat_gateway" "this" {
  allocation_id = aws_eip.this.id
  subnet_id     = aws_subnet.this["eu-west-1a"].id
}

resource "aws_security_group" "this" {
  name_prefix = "answers-"
  description = "Instances"
  vpc_id      = aws_vpc.this.id
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = aws_security_group.this.id
  description                  = "from each other"
  ip_protocol                  = "tcp"
  from_port                    = 8000
  to_port                      = 8000
}

resource "aws_lb_target_group" "this" {
  for_each = local.colours

  name                 = "answers-${each.key}"
  port                 = 8000
  protocol             = "HTTP"
  vpc_id               = aws_vpc.this.id
  deregistration_delay = 10
}

resource "aws_iam_role" "this" {
  name = "answers"

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "this" {
  role       = aws_iam_role.this.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_iam_instance_profile" "this" {
  name = "answers"
  role = aws_iam_role.this.name
}

resource "aws_launch_template" "this" {
  for_each = local.colours

  name                   = "answers-${each.key}"
  image_id               = data.aws_ami.ubuntu.id
  instance_type          = "t3.small"
  user_data              = base64encode("#cloud-config\n{}")
  vpc_security_group_ids = [aws_security_group.this.id]
  ebs_optimized          = true

  iam_instance_profile {
    arn = aws_iam_instance_profile.this.arn
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
    instance_metadata_tags      = "enabled"
  }

  monitoring {
    enabled = true
  }

  block_device_mappings {
    device_name = data.aws_ami.ubuntu.root_device_name

    ebs {
      volume_type           = "gp3"
      volume_size           = 20
      encrypted             = true
      delete_on_termination = true
    }
  }

  dynamic "tag_specifications" {
    for_each = ["instance", "volume"]

    content {
      resource_type = tag_specifications.value
      tags          = local.tags
    }
  }
}

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

resource "aws_ecr_repository" "this" {
  name                 = "answers"
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_sns_topic" "this" {
  name = "answers"
}

resource "aws_sns_topic_subscription" "this" {
  topic_arn = aws_sns_topic.this.arn
  protocol  = "email"
  endpoint  = "ops@example.com"
}

resource "aws_cloudwatch_metric_alarm" "this" {
  alarm_name          = "answers"
  evaluation_periods  = 1
  threshold           = 5
  comparison_operator = "GreaterThanThreshold"
  alarm_actions       = [aws_sns_topic.this.arn]

  metric_query {
    id          = "share"
    expression  = "100 * errors / requests"
    label       = "errors"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { errors = "HTTPCode_Target_5XX_Count", requests = "RequestCount" }

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/ApplicationELB"
        metric_name = metric_query.value
        stat        = "Sum"
        period      = 60
        dimensions  = { LoadBalancer = "app/answers/0123456789abcdef" }
      }
    }
  }
}

resource "aws_budgets_budget" "this" {
  name         = "answers"
  budget_type  = "COST"
  limit_amount = "100"
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  cost_filter {
    name   = "TagKeyValue"
    values = ["user:infer-deploy:name$answers"]
  }

  notification {
    comparison_operator        = "GREATER_THAN"
    threshold                  = 80
    threshold_type             = "PERCENTAGE"
    notification_type          = "ACTUAL"
    subscriber_email_addresses = ["ops@example.com"]
  }
}

resource "aws_secretsmanager_secret" "this" {
  name                    = "answers"
  recovery_window_in_days = 0
}
