resource "aws_lb_listener" "https" {
  count = var.https ? 1 : 0

  load_balancer_arn = aws_lb.this.arn
  protocol          = "HTTPS"
  port              = 443
  certificate_arn   = var.certificate_arn
  ssl_policy        = var.ssl_policy

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

  # Releases move the weights; Terraform only creates the listener.
  lifecycle {
    ignore_changes = [default_action]
  }
}

resource "aws_lb_listener" "http" {
  # checkov:skip=CKV_AWS_2:without a domain there is no certificate; with one, a rule redirects to HTTPS
  # checkov:skip=CKV_AWS_103:the same
  load_balancer_arn = aws_lb.this.arn
  protocol          = "HTTP"
  port              = 80

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

# A rule and not the default action, so that a domain can be added to a stack that serves:
# port 80 forwards until there is a certificate.
resource "aws_lb_listener_rule" "to_https" {
  count = var.https ? 1 : 0

  listener_arn = aws_lb_listener.http.arn
  priority     = 1

  condition {
    path_pattern {
      values = ["*"]
    }
  }

  action {
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
