locals {
  # Policies of AWS's with the same ids in every account (CloudFront developer guide, "Use managed cache policies" and "Use managed
  # origin request policies").
  caching_disabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
  all_viewer       = "216adef6-5c7f-47e4-b989-5492eafa07d3"

  origin = "load-balancer"
}

# The way into the VPC: CloudFront's network interfaces in the load balancer's subnets. AWS takes up to a quarter of an hour for it.
resource "aws_cloudfront_vpc_origin" "this" {
  vpc_origin_endpoint_config {
    name                   = var.name
    arn                    = var.load_balancer.arn
    http_port              = 80
    https_port             = 443
    origin_protocol_policy = "http-only"

    origin_ssl_protocols {
      items    = ["TLSv1.2"]
      quantity = 1
    }
  }

  timeouts {
    create = "40m"
    update = "40m"
    delete = "40m"
  }
}

resource "aws_cloudfront_distribution" "this" {
  # checkov:skip=CKV_AWS_68:a web ACL costs money, and the stack's own is at the load balancer
  # checkov:skip=CKV2_AWS_47:the same
  # checkov:skip=CKV_AWS_174:CloudFront decides for its own certificate
  # checkov:skip=CKV2_AWS_42:CloudFront's own name, which needs no domain, has only its certificate
  # checkov:skip=CKV_AWS_305:an API has no page at its root
  # checkov:skip=CKV_AWS_310:the stack is in one region, and CloudFront fails over for GET only
  # checkov:skip=CKV_AWS_374:an API's users may be anywhere
  comment         = var.name
  enabled         = true
  is_ipv6_enabled = true
  http_version    = "http2and3"

  # All edges. A cheaper class would answer users in Asia or South America from Europe or North America.
  price_class = "PriceClass_All"

  origin {
    origin_id   = local.origin
    domain_name = var.load_balancer.dns_name

    vpc_origin_config {
      vpc_origin_id       = aws_cloudfront_vpc_origin.this.id
      origin_read_timeout = var.read_timeout_seconds
    }
  }

  dynamic "logging_config" {
    for_each = var.access_logs == null ? [] : [var.access_logs]

    content {
      bucket = logging_config.value.bucket
      prefix = logging_config.value.prefix
    }
  }

  # Whatever is not in `cache` reaches the app as it came, and is never cached.
  default_cache_behavior {
    target_origin_id           = local.origin
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
    cached_methods             = ["GET", "HEAD"]
    cache_policy_id            = local.caching_disabled
    origin_request_policy_id   = local.all_viewer
    response_headers_policy_id = one(aws_cloudfront_response_headers_policy.this[*].id)
  }

  # Without an origin request policy, so that two users who share an answer have sent the app the same request.
  dynamic "ordered_cache_behavior" {
    for_each = var.cache

    content {
      path_pattern               = ordered_cache_behavior.value.path
      target_origin_id           = local.origin
      viewer_protocol_policy     = "redirect-to-https"
      allowed_methods            = ["GET", "HEAD", "OPTIONS"]
      cached_methods             = ["GET", "HEAD"]
      cache_policy_id            = aws_cloudfront_cache_policy.route[ordered_cache_behavior.value.path].id
      response_headers_policy_id = one(aws_cloudfront_response_headers_policy.this[*].id)
    }
  }

  # CloudFront keeps an error for ten seconds otherwise, also where caching is off, and answers everyone with it.
  dynamic "custom_error_response" {
    for_each = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504]

    content {
      error_code            = custom_error_response.value
      error_caching_min_ttl = 0
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = true
  }
}

resource "aws_cloudfront_cache_policy" "route" {
  for_each = { for route in var.cache : route.path => route }

  # The path may have any character, and a name may not.
  name    = "${var.name}-${substr(sha256(each.key), 0, 8)}"
  comment = "Answers to GET ${each.key}"

  # The app's Cache-Control may shorten the time, down to none, and not extend it.
  min_ttl     = 0
  default_ttl = each.value.seconds
  max_ttl     = each.value.seconds

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_brotli = true
    enable_accept_encoding_gzip   = true

    cookies_config {
      cookie_behavior = "none"
    }

    # Host, so that the app reads the name that the user asked for; there is one.
    headers_config {
      header_behavior = "whitelist"

      headers {
        items = concat(["Host"], each.value.headers)
      }
    }

    query_strings_config {
      query_string_behavior = each.value.query == "only" ? "whitelist" : each.value.query

      dynamic "query_strings" {
        for_each = each.value.query == "only" ? [each.value.queries] : []

        content {
          items = query_strings.value
        }
      }
    }
  }

  # Deleted after the distribution no longer names it: AWS refuses to delete one that is used.
  lifecycle {
    create_before_destroy = true
  }
}
