locals {
  headers = var.response_headers
  hsts    = local.headers.strict_transport_security

  # AWS takes no policy without a header.
  headers_policies = length([for value in values(local.headers) : value if value != null]) == 0 ? 0 : 1
}

# Here and not at the load balancer, so that CloudFront's own answers have them too.
resource "aws_cloudfront_response_headers_policy" "this" {
  # checkov:skip=CKV_AWS_259:subdomains and the browsers' own lists are the user's decision, by response_headers
  count = local.headers_policies

  name    = var.name
  comment = "Security headers of ${var.name}"

  security_headers_config {
    dynamic "content_security_policy" {
      for_each = local.headers.content_security_policy[*]

      content {
        content_security_policy = content_security_policy.value
        override                = true
      }
    }

    dynamic "content_type_options" {
      for_each = local.headers.content_type_options[*]

      content {
        override = true
      }
    }

    dynamic "frame_options" {
      for_each = local.headers.frame_options[*]

      content {
        frame_option = frame_options.value
        override     = true
      }
    }

    dynamic "strict_transport_security" {
      for_each = local.hsts[*]

      content {
        access_control_max_age_sec = tonumber(regex("max-age=([0-9]+)", strict_transport_security.value)[0])
        include_subdomains         = strcontains(strict_transport_security.value, "includeSubDomains")
        preload                    = strcontains(strict_transport_security.value, "preload")
        override                   = true
      }
    }
  }

  # Deleted after the distribution no longer names it: AWS refuses to delete one that is used.
  lifecycle {
    create_before_destroy = true
  }
}
