resource "aws_lb" "this" {
  # checkov:skip=CKV2_AWS_20:with a domain, port 80 redirects to HTTPS; without one there is no certificate
  # checkov:skip=CKV2_AWS_28:a web ACL costs money, so waf.mode turns it on
  name               = var.name
  load_balancer_type = "application"
  internal           = var.internal
  security_groups    = [aws_security_group.this.id]
  subnets            = var.subnet_ids

  drop_invalid_header_fields = true
  enable_deletion_protection = var.deletion_protection
  client_keep_alive          = var.client_keep_alive_seconds
  idle_timeout               = var.idle_timeout_seconds

  # Of a web ACL that does not answer, the app must not suffer, unless the web ACL is what asks for keys.
  enable_waf_fail_open = var.waf_fail_open

  dynamic "access_logs" {
    for_each = var.access_logs == null ? [] : [var.access_logs]

    content {
      enabled = true
      bucket  = access_logs.value.bucket
      prefix  = access_logs.value.prefix
    }
  }

  lifecycle {
    precondition {
      condition     = terraform_data.internal.output == var.internal
      error_message = "A stack's load balancer cannot become internal or public: AWS would replace it, and the address with it. Keep internal = ${terraform_data.internal.output}, or create the stack under another name."
    }
  }
}

# As with the port: a load balancer that is replaced has no traffic meanwhile, and another address afterwards.
resource "terraform_data" "internal" {
  input = var.internal

  lifecycle {
    ignore_changes = [input]
  }
}

# The port is fixed for the life of the stack: a target group cannot change its port, and replacing the
# one that serves would cut the traffic. It is stored here so that the plan refuses a change.
resource "terraform_data" "port" {
  input = var.port

  lifecycle {
    ignore_changes = [input]
  }
}

# The same for the protocol version.
resource "terraform_data" "protocol_version" {
  input = var.protocol_version

  lifecycle {
    ignore_changes = [input]
  }
}

resource "aws_lb_target_group" "this" {
  # checkov:skip=CKV_AWS_378:TLS ends at the load balancer, and only it reaches the instances
  for_each = var.target_group_names

  name             = each.value
  vpc_id           = var.vpc_id
  target_type      = "instance"
  protocol         = "HTTP"
  protocol_version = var.protocol_version
  port             = var.port

  deregistration_delay = var.drain_seconds

  # Inference times depend on the input's length, so the least busy instance gets the next request.
  load_balancing_algorithm_type = "least_outstanding_requests"

  health_check {
    enabled             = true
    protocol            = "HTTP"
    port                = var.health.port
    path                = var.health.path
    matcher             = var.health.matcher
    interval            = var.health.interval_seconds
    timeout             = var.health.timeout_seconds
    healthy_threshold   = var.health.healthy_threshold
    unhealthy_threshold = var.health.unhealthy_threshold
  }

  tags = {
    "infer-deploy:colour" = each.key
  }

  lifecycle {
    precondition {
      condition     = terraform_data.port.output == var.port
      error_message = "The port of a stack cannot change: its target groups were created for ${terraform_data.port.output}. Keep that port, or create the stack under another name."
    }

    precondition {
      condition     = terraform_data.protocol_version.output == var.protocol_version
      error_message = "The protocol of a stack cannot change: its target groups were created for ${terraform_data.protocol_version.output}. Keep it, or create the stack under another name."
    }

    precondition {
      condition     = var.protocol_version == "HTTP1" || var.https
      error_message = "AWS takes target groups of ${var.protocol_version} for a listener with HTTPS only: set a domain."
    }
  }
}
