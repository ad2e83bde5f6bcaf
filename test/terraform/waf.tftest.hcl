# Plans of the web ACL, like modules.tftest.hcl.

mock_provider "aws" {}

variables {
  name              = "embeddings-production"
  load_balancer_arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/embeddings-production/0"
  log_group_name    = "aws-waf-logs-infer-deploy/embeddings/production"
  rate              = 10000
}

run "waf_blocks" {
  command = plan

  module {
    source = "./modules/waf"
  }

  variables {
    mode = "block"
  }

  assert {
    condition     = length(flatten([for rule in aws_wafv2_web_acl.this.rule : rule.override_action[*].none])) == 4
    error_message = "Each of AWS's groups blocks."
  }

  assert {
    condition = alltrue(flatten([
      for rule in aws_wafv2_web_acl.this.rule : [
        for group in rule.statement[0].managed_rule_group_statement : [
          for override in group.rule_action_override : length(override.action_to_use[0].count) == 1
        ]
      ]
    ]))
    error_message = "A rule that is overridden counts."
  }

  assert {
    condition = toset(flatten([
      for rule in aws_wafv2_web_acl.this.rule : [
        for group in rule.statement[0].managed_rule_group_statement : group.rule_action_override[*].name
      ]
      ])) == toset([
      "CrossSiteScripting_BODY", "EC2MetaDataSSRF_BODY", "GenericLFI_BODY", "GenericRFI_BODY", "JavaDeserializationRCE_BODY", "Log4JRCE_BODY",
      "NoUserAgent_HEADER", "SizeRestrictions_BODY", "SQLiExtendedPatterns_BODY", "SQLi_BODY"
    ])
    error_message = "Everything that reads the body counts, and so does a missing User-Agent."
  }

  assert {
    condition     = !strcontains(jsonencode(aws_wafv2_web_acl.this.rule), "AnonymousIpList")
    error_message = "Servers in hosting centres are clients of an API."
  }

  assert {
    condition     = flatten([for rule in aws_wafv2_web_acl.this.rule : [for action in rule.action : action.block[*].custom_response[*].response_code]]) == [429]
    error_message = "Too many requests get 429."
  }

  assert {
    condition     = toset(flatten(aws_wafv2_web_acl_logging_configuration.this.redacted_fields[*].single_header[*].name)) == toset(["authorization", "cookie", "x-api-key"])
    error_message = "No key gets into the log."
  }
}

run "waf_counts" {
  command = plan

  module {
    source = "./modules/waf"
  }

  variables {
    mode = "count"
  }

  assert {
    condition = [
      length(flatten([for rule in aws_wafv2_web_acl.this.rule : rule.override_action[*].count])),
      length(flatten([for rule in aws_wafv2_web_acl.this.rule : rule.override_action[*].none])),
      length(flatten([for rule in aws_wafv2_web_acl.this.rule : rule.action[*].count])),
      length(flatten([for rule in aws_wafv2_web_acl.this.rule : rule.action[*].block])),
    ] == [4, 0, 1, 0]
    error_message = "No rule blocks."
  }
}

run "waf_asks_for_keys_whatever_the_mode_is" {
  command = plan

  module {
    source = "./modules/waf"
  }

  variables {
    key_group_arn = "arn:aws:wafv2:eu-central-1:123456789012:regional/rulegroup/embeddings-production/00000000-0000-0000-0000-000000000000"
    mode          = "count"
  }

  assert {
    condition = [
      for rule in aws_wafv2_web_acl.this.rule : [rule.priority, length(rule.override_action[0].none), length(rule.override_action[0].count)]
      if length(rule.statement[0].rule_group_reference_statement) == 1
    ] == [[0, 1, 0]]
    error_message = "The keys come first and are never only counted."
  }

  assert {
    condition     = toset(flatten(aws_wafv2_web_acl.this.data_protection_config[*].data_protection[*].field[*].field_keys)) == toset(["x-api-key"])
    error_message = "No key gets into samples."
  }
}

run "waf_with_keys_alone" {
  command = plan

  module {
    source = "./modules/waf"
  }

  variables {
    key_group_arn = "arn:aws:wafv2:eu-central-1:123456789012:regional/rulegroup/embeddings-production/00000000-0000-0000-0000-000000000000"
    mode          = "none"
  }

  assert {
    condition     = [for rule in aws_wafv2_web_acl.this.rule : rule.name] == ["api-keys"]
    error_message = "Without a mode there is no other rule."
  }
}

run "waf_log_group_of_another_name" {
  command = plan

  module {
    source = "./modules/waf"
  }

  variables {
    log_group_name = "/infer-deploy/embeddings/production/waf"
    mode           = "count"
  }

  expect_failures = [var.log_group_name]
}
