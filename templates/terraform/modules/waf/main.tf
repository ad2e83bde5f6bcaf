locals {
  # Each reads the body, where a prediction may be anything: free text with markup, a prompt about paths, a large image.
  body_rules = {
    AWSManagedRulesAmazonIpReputationList = []
    AWSManagedRulesKnownBadInputsRuleSet  = ["JavaDeserializationRCE_BODY", "Log4JRCE_BODY"]
    AWSManagedRulesCommonRuleSet = [
      "CrossSiteScripting_BODY",
      "EC2MetaDataSSRF_BODY",
      "GenericLFI_BODY",
      "GenericRFI_BODY",
      "SizeRestrictions_BODY",
    ]
    AWSManagedRulesSQLiRuleSet = ["SQLi_BODY", "SQLiExtendedPatterns_BODY"]
  }

  # Clients of an API are programs, and many send no User-Agent.
  client_rules = {
    AWSManagedRulesCommonRuleSet = ["NoUserAgent_HEADER"]
  }

  # In the order of their evaluation. Never AWSManagedRulesAnonymousIpList: it blocks hosting providers, where other servers call from.
  groups = var.mode == "none" ? [] : [
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesSQLiRuleSet",
  ]

  key_rule  = "api-keys"
  rate_rule = "requests-of-one-address"
}

resource "aws_wafv2_web_acl" "this" {
  name        = var.name
  description = "What reaches the load balancer of ${var.name}"
  scope       = "REGIONAL"

  default_action {
    allow {}
  }

  # AWS WAF's samples and its log have a request's headers, and everyone with a policy such as ReadOnlyAccess sees the samples.
  dynamic "data_protection_config" {
    for_each = var.key_group_arn == null ? [] : [1]

    content {
      data_protection {
        action = "SUBSTITUTION"

        field {
          field_type = "SINGLE_HEADER"
          field_keys = ["x-api-key"]
        }
      }
    }
  }

  # First, and not overridden by the mode: a request without a valid key gets 401 before any other rule looks at it.
  dynamic "rule" {
    for_each = var.key_group_arn == null ? [] : [var.key_group_arn]

    content {
      name     = local.key_rule
      priority = 0

      override_action {
        none {}
      }

      statement {
        rule_group_reference_statement {
          arn = rule.value
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = local.key_rule
        sampled_requests_enabled   = true
      }
    }
  }

  # Rules are inline: each aws_wafv2_web_acl_rule would cost the provider some 170 MB of memory.
  dynamic "rule" {
    for_each = local.groups

    content {
      name     = rule.value
      priority = rule.key + 1

      override_action {
        dynamic "none" {
          for_each = var.mode == "block" ? [1] : []
          content {}
        }

        dynamic "count" {
          for_each = var.mode == "count" ? [1] : []
          content {}
        }
      }

      statement {
        managed_rule_group_statement {
          vendor_name = "AWS"
          name        = rule.value

          dynamic "rule_action_override" {
            for_each = concat(local.body_rules[rule.value], lookup(local.client_rules, rule.value, []))

            content {
              name = rule_action_override.value

              action_to_use {
                count {}
              }
            }
          }
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = rule.value
        sampled_requests_enabled   = true
      }
    }
  }

  dynamic "rule" {
    for_each = var.mode == "none" ? [] : [var.rate]

    content {
      name     = local.rate_rule
      priority = length(local.groups) + 1

      action {
        dynamic "block" {
          for_each = var.mode == "block" ? [1] : []

          content {
            custom_response {
              response_code = 429
            }
          }
        }

        dynamic "count" {
          for_each = var.mode == "count" ? [1] : []
          content {}
        }
      }

      statement {
        rate_based_statement {
          aggregate_key_type    = "IP"
          evaluation_window_sec = 300
          limit                 = rule.value
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = local.rate_rule
        sampled_requests_enabled   = true
      }
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = var.name
    sampled_requests_enabled   = true
  }
}

resource "aws_wafv2_web_acl_association" "this" {
  web_acl_arn  = aws_wafv2_web_acl.this.arn
  resource_arn = var.load_balancer_arn
}

resource "aws_cloudwatch_log_group" "this" {
  # checkov:skip=CKV_AWS_338:the user decides how long, by logs.retention
  name              = var.log_group_name
  retention_in_days = var.retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_wafv2_web_acl_logging_configuration" "this" {
  resource_arn            = aws_wafv2_web_acl.this.arn
  log_destination_configs = [aws_cloudwatch_log_group.this.arn]

  dynamic "redacted_fields" {
    for_each = toset(var.redacted_headers)

    content {
      single_header {
        name = redacted_fields.value
      }
    }
  }

  # Requests that no rule matched are in the app's own logs.
  logging_filter {
    default_behavior = "DROP"

    filter {
      behavior    = "KEEP"
      requirement = "MEETS_ANY"

      condition {
        action_condition {
          action = "BLOCK"
        }
      }

      condition {
        action_condition {
          action = "COUNT"
        }
      }
    }
  }
}
