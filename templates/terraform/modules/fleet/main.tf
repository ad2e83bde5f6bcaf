data "aws_ec2_instance_type_offerings" "zones" {
  location_type = "availability-zone"

  filter {
    name   = "instance-type"
    values = var.instance_types
  }

  filter {
    name   = "location"
    values = keys(var.subnet_ids)
  }
}

locals {
  colours = toset(["blue", "green"])

  # Not every zone offers every type, GPU types least of all. The groups use the zones that offer one of them.
  offered_subnet_ids = [
    for zone, subnet in var.subnet_ids : subnet
    if contains(data.aws_ec2_instance_type_offerings.zones.locations, zone)
  ]

  unoffered_types = [
    for type in var.instance_types : type
    if !contains(data.aws_ec2_instance_type_offerings.zones.instance_types, type)
  ]

  # A group with a choice of machines. It names them in place of the template's type.
  is_mixed = length(var.instance_types) > 1 || var.spot != null

  # In MB/s; null is gp3's own 125. An image of 10 GB takes minutes to unpack at that, and only large images need large disks.
  disk_throughput = var.disk_gb >= 100 ? 250 : null

  # The provider's default tags reach neither groups nor what launch templates create.
  tags = {
    for colour in local.colours : colour => merge(var.tags, {
      Name                  = var.group_names[colour]
      "infer-deploy:colour" = colour
    })
  }
}

resource "aws_launch_template" "this" {
  for_each = local.colours

  name                   = var.group_names[each.key]
  description            = "Instances of ${each.key}"
  image_id               = var.ami_id
  instance_type          = var.instance_types[0]
  update_default_version = true
  user_data              = local.user_data[each.key]

  block_device_mappings {
    device_name = var.root_device_name

    ebs {
      delete_on_termination = true
      encrypted             = true
      kms_key_id            = var.kms_key_arn
      volume_size           = var.disk_gb
      volume_type           = "gp3"
      throughput            = local.disk_throughput
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

  # Hop limit 1: the container cannot take the instance's credentials.
  metadata_options {
    http_endpoint               = "enabled"
    http_put_response_hop_limit = 1
    http_tokens                 = "required"
  }

  monitoring {
    enabled = var.detailed_monitoring
  }

  network_interfaces {
    associate_public_ip_address = var.public_addresses
    delete_on_termination       = true
    device_index                = 0
    security_groups             = [aws_security_group.this.id]
  }

  dynamic "tag_specifications" {
    for_each = toset(["instance", "network-interface", "volume"])

    content {
      resource_type = tag_specifications.value
      tags          = local.tags[each.key]
    }
  }

  lifecycle {
    precondition {
      condition     = local.user_data_bytes[each.key] <= 16384
      error_message = "EC2 takes at most 16 KB of user data; this is ${local.user_data_bytes[each.key]} bytes."
    }
  }
}

resource "aws_autoscaling_group" "this" {
  for_each = local.colours

  name                = var.group_names[each.key]
  vpc_zone_identifier = local.offered_subnet_ids
  target_group_arns   = [var.target_group_arns[each.key]]

  # Releases raise them. A new colour serves no traffic.
  min_size         = 0
  desired_capacity = 0
  max_size         = var.max_size

  # Releases let the policies of the colour that serves act. A new colour serves no traffic.
  suspended_processes = ["AlarmNotification"]

  # A Spot Instance at risk gets its successor before AWS reclaims it.
  capacity_rebalance = var.spot != null

  default_instance_warmup   = var.warmup_seconds
  health_check_type         = "ELB"
  health_check_grace_period = var.grace_seconds
  termination_policies      = ["OldestLaunchTemplate", "OldestInstance"]
  wait_for_capacity_timeout = "0"

  # An unhealthy instance leaves only when its replacement is healthy: under load all of them can fail their check at once.
  instance_maintenance_policy {
    min_healthy_percentage = 100
    max_healthy_percentage = 200
  }

  # A smaller size does not end instances in Standby, and they would keep the group from being deleted.
  force_delete = true

  metrics_granularity = "1Minute"
  enabled_metrics = [
    "GroupDesiredCapacity",
    "GroupInServiceInstances",
    "GroupMaxSize",
    "GroupMinSize",
    "GroupPendingInstances",
    "GroupStandbyInstances",
    "GroupTerminatingInstances",
    "GroupTotalInstances",
  ]

  # By number: a group that follows $Latest would change without an apply.
  dynamic "launch_template" {
    for_each = local.is_mixed ? [] : [aws_launch_template.this[each.key]]

    content {
      id      = launch_template.value.id
      version = tostring(launch_template.value.latest_version)
    }
  }

  dynamic "mixed_instances_policy" {
    for_each = local.is_mixed ? [aws_launch_template.this[each.key]] : []

    content {
      instances_distribution {
        on_demand_allocation_strategy            = "prioritized"
        on_demand_base_capacity                  = var.spot == null ? 0 : var.spot.base
        on_demand_percentage_above_base_capacity = var.spot == null ? 100 : 100 - var.spot.share
        spot_allocation_strategy                 = "price-capacity-optimized"
      }

      launch_template {
        launch_template_specification {
          launch_template_id = mixed_instances_policy.value.id
          version            = tostring(mixed_instances_policy.value.latest_version)
        }

        # In the order of preference: a zone without capacity for one type gets the next.
        dynamic "override" {
          for_each = var.instance_types

          content {
            instance_type = override.value
          }
        }
      }
    }
  }

  dynamic "tag" {
    for_each = local.tags[each.key]

    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = false
    }
  }

  lifecycle {
    ignore_changes = [desired_capacity, min_size, suspended_processes]

    precondition {
      condition     = length(local.offered_subnet_ids) > 0 && length(local.unoffered_types) == 0
      error_message = "${join(" and ", coalescelist(local.unoffered_types, var.instance_types))} is offered in none of ${join(", ", keys(var.subnet_ids))}: choose another type, or name zones that have it."
    }
  }
}
