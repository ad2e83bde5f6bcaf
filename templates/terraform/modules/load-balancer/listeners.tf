locals {
  headers = var.response_headers
}

resource "aws_lb_listener" "https" {
  count = var.https ? 1 : 0

  load_balancer_arn = aws_lb.this.arn
  protocol          = "HTTPS"
  port              = 443
  certificate_arn   = var.certificate_arn
  ssl_policy        = var.ssl_policy

  routing_http_response_content_security_policy_header_value   = local.headers.content_security_policy
  routing_http_response_strict_transport_security_header_value = local.headers.strict_transport_security
  routing_http_response_x_content_type_options_header_value    = local.headers.content_type_options
  routing_http_response_x_frame_options_header_value           = local.headers.frame_options

  # A new listener lets no one in before `infer-deploy up` has given it the client's secret: with this one no login succeeds.
  dynamic "default_action" {
    for_each = var.login == null ? [] : [var.login]

    content {
      type  = "authenticate-oidc"
      order = 1

      authenticate_oidc {
        issuer                 = default_action.value.issuer
        authorization_endpoint = default_action.value.authorization_endpoint
        token_endpoint         = default_action.value.token_endpoint
        user_info_endpoint     = default_action.value.user_info_endpoint
        client_id              = default_action.value.client_id
        client_secret          = "infer-deploy up sets it"
        scope                  = default_action.value.scope
        session_timeout        = default_action.value.session_seconds
      }
    }
  }

  default_action {
    type  = "forward"
    order = var.login == null ? null : 2

    forward {
      dynamic "target_group" {
        for_each = aws_lb_target_group.this

        content {
          arn    = target_group.value.arn
          weight = target_group.key == var.initial_colour ? 100 : 0
        }
      }
    }
  }

  # Releases move the weights, and `up` changes the login; Terraform only creates the listener.
  lifecycle {
    ignore_changes = [default_action]
  }
}

# Port 80 of a stack without a domain. With one it is "redirect" below: the same listener on AWS, which moved.tf of the root
# renames, so that port 80 answers all the time while a domain is added or removed.
resource "aws_lb_listener" "plain" {
  # checkov:skip=CKV_AWS_2:without a domain there is no certificate
  # checkov:skip=CKV_AWS_103:the same
  count = var.https ? 0 : 1

  load_balancer_arn = aws_lb.this.arn
  protocol          = "HTTP"
  port              = 80

  routing_http_response_content_security_policy_header_value = local.headers.content_security_policy
  routing_http_response_x_content_type_options_header_value  = local.headers.content_type_options
  routing_http_response_x_frame_options_header_value         = local.headers.frame_options

  default_action {
    type = "forward"

    forward {
      dynamic "target_group" {
        for_each = aws_lb_target_group.this

        content {
          arn    = target_group.value.arn
          weight = target_group.key == var.initial_colour ? 100 : 0
        }
      }
    }
  }

  lifecycle {
    ignore_changes = [default_action]
  }
}

resource "aws_lb_listener" "redirect" {
  count = var.https ? 1 : 0

  load_balancer_arn = aws_lb.this.arn
  protocol          = "HTTP"
  port              = 80

  default_action {
    type = "redirect"

    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }

  # The redirect's target must exist first.
  depends_on = [aws_lb_listener.https]
}
