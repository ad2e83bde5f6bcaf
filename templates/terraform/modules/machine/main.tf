data "aws_ec2_instance_type_offerings" "zones" {
  location_type = "availability-zone"

  filter {
    name   = "instance-type"
    values = [var.instance_type]
  }

  filter {
    name   = "location"
    values = keys(var.subnet_ids)
  }
}

locals {
  colours = toset(["blue", "green"])

  # Not every zone offers every type.
  offered_subnet_ids = [
    for zone, subnet in var.subnet_ids : subnet
    if contains(data.aws_ec2_instance_type_offerings.zones.locations, zone)
  ]

  # The provider's default tags reach neither groups nor what launch templates create.
  tags = merge(var.tags, { Name = var.name })
}

resource "aws_launch_template" "this" {
  # checkov:skip=CKV_AWS_88:users reach the machine itself
  name                   = var.name
  description            = "The machine"
  image_id               = var.ami_id
  instance_type          = var.instance_type
  update_default_version = true
  user_data              = local.user_data

  block_device_mappings {
    device_name = var.root_device_name

    ebs {
      delete_on_termination = true
      encrypted             = true
      kms_key_id            = var.kms_key_arn
      volume_size           = var.disk_gb
      volume_type           = "gp3"
    }
  }

  dynamic "credit_specification" {
    for_each = var.cpu_credits == null ? [] : [var.cpu_credits]

    content {
      cpu_credits = credit_specification.value
    }
  }

  iam_instance_profile {
    name = var.instance_profile_name
  }

  # Hop limit 1: a container cannot take the instance's credentials.
  metadata_options {
    http_endpoint               = "enabled"
    http_put_response_hop_limit = 1
    http_tokens                 = "required"
  }

  # The public address is there until the machine has taken the Elastic IP.
  network_interfaces {
    associate_public_ip_address = true
    delete_on_termination       = true
    device_index                = 0
    security_groups             = [aws_security_group.this.id]
  }

  dynamic "tag_specifications" {
    for_each = toset(["instance", "network-interface", "volume"])

    content {
      resource_type = tag_specifications.value
      tags          = local.tags
    }
  }

  lifecycle {
    precondition {
      condition     = length(local.user_data) / 4 * 3 <= 16384
      error_message = "EC2 takes at most 16 KB of user data; this is ${length(local.user_data) / 4 * 3} bytes."
    }
  }
}

# A group of one: a machine that dies is replaced, in any of the zones. The new one takes the address and the certificate.
resource "aws_autoscaling_group" "this" {
  name                = var.name
  vpc_zone_identifier = local.offered_subnet_ids

  # The first release starts the machine.
  min_size         = 0
  desired_capacity = 0
  max_size         = 1

  health_check_type         = "EC2"
  health_check_grace_period = var.grace_seconds
  wait_for_capacity_timeout = "0"
  force_delete              = true

  # By number: a group that follows $Latest would change without an apply.
  launch_template {
    id      = aws_launch_template.this.id
    version = tostring(aws_launch_template.this.latest_version)
  }

  dynamic "tag" {
    for_each = local.tags

    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = false
    }
  }

  lifecycle {
    ignore_changes = [desired_capacity, min_size]

    precondition {
      condition     = length(local.offered_subnet_ids) > 0
      error_message = "${var.instance_type} is offered in none of ${join(", ", keys(var.subnet_ids))}: choose another type, or name zones that have it."
    }
  }
}

# What the door follows at once, without another machine.
resource "aws_ssm_parameter" "settings" {
  # checkov:skip=CKV2_AWS_34:it holds names and limits, and no secret
  name        = var.door_names.settings
  description = "The door: names, headers and limits"
  type        = "String"
  tier        = "Standard"
  value       = jsonencode(merge(var.settings, { challenge = var.challenge, zone_id = var.zone_id }))

  lifecycle {
    precondition {
      condition     = var.challenge == "http-01" || var.zone_id != null
      error_message = "DNS-01 needs the hosted zone of the names in Route53."
    }
  }
}

# Where requests go. Releases write it.
resource "aws_ssm_parameter" "traffic" {
  # checkov:skip=CKV2_AWS_34:it names shares of the traffic, and its tokens open nothing but a pause
  name        = var.door_names.traffic
  description = "The door: shares of the traffic"
  type        = "String"
  tier        = "Standard"

  value = jsonencode({
    generation = 0
    image      = null
    weights    = { for colour in local.colours : colour => colour == var.initial_colour ? 100 : 0 }
    probe      = null
    pause      = null
    slots      = { for colour in local.colours : colour => { run = false, until = null } }
  })

  lifecycle {
    ignore_changes = [value]
  }
}
