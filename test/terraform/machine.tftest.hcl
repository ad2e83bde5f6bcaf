# What one machine needs for a certificate: by HTTP-01, and by DNS-01 in a zone of Route53.

mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = {
      dns_suffix = "amazonaws.com"
    }
  }

  mock_data "aws_ec2_instance_type_offerings" {
    defaults = {
      locations = ["eu-central-1a"]
    }
  }

  mock_data "aws_iam_policy_document" {
    defaults = {
      json = "{}"
    }
  }
}

variables {
  account_id            = "123456789012"
  allocation_id         = "eipalloc-1"
  ami_id                = "ami-0123456789abcdef0"
  boot_log_group_name   = "boot"
  door_names            = { settings = "/door/settings", traffic = "/door/traffic" }
  grace_seconds         = 600
  https                 = true
  instance_folder       = "./instance"
  instance_profile_name = "embeddings"
  instance_type         = "t3.small"
  log_group_name        = "app"
  name                  = "embeddings-production"
  pointer_names         = { blue = "/blue", green = "/green" }
  region                = "eu-central-1"
  stack                 = { name = "embeddings", environment = "production" }
  state                 = { bucket = "infer-deploy-123456789012-eu-central-1", prefix = "embeddings/production" }
  subnet_ids            = { eu-central-1a = "subnet-1" }
  tags                  = {}
  vpc_id                = "vpc-1"

  settings = {
    domains         = ["api.example.com"]
    drain_seconds   = 60
    headers         = {}
    health_path     = "/healthz"
    request_seconds = 60
  }
}

run "machine_for_everyone" {
  command = plan

  module {
    source = "./modules/machine"
  }

  assert {
    condition = toset([
      for rule in aws_vpc_security_group_ingress_rule.web : "${rule.cidr_ipv4} ${rule.ip_protocol} ${rule.from_port}-${rule.to_port}"
    ]) == toset(["0.0.0.0/0 tcp 80-80", "0.0.0.0/0 tcp 443-443", "0.0.0.0/0 udp 443-443"])
    error_message = "Everyone reaches HTTP, HTTPS and HTTP/3, and nothing else."
  }

  assert {
    condition     = jsondecode(aws_ssm_parameter.settings.value).challenge == "http-01"
    error_message = "Let's Encrypt reaches port 80."
  }
}

run "machine_for_two_ranges" {
  command = plan

  module {
    source = "./modules/machine"
  }

  variables {
    challenge     = "dns-01"
    ingress_cidrs = ["198.51.100.0/24", "203.0.113.0/24"]
    zone_id       = "Z0123456789ABC"
  }

  assert {
    condition = toset([
      for rule in aws_vpc_security_group_ingress_rule.web : "${rule.cidr_ipv4} ${rule.ip_protocol} ${rule.from_port}"
      ]) == toset(flatten([
        for cidr in var.ingress_cidrs : ["${cidr} tcp 80", "${cidr} tcp 443", "${cidr} udp 443"]
    ]))
    error_message = "Each range reaches HTTP, HTTPS and HTTP/3, and nothing else does."
  }

  assert {
    condition = (
      jsondecode(aws_ssm_parameter.settings.value).challenge == "dns-01"
      && jsondecode(aws_ssm_parameter.settings.value).zone_id == "Z0123456789ABC"
    )
    error_message = "The door gets the challenge and the zone."
  }
}

run "machine_refuses_dns_01_without_a_zone" {
  command = plan

  module {
    source = "./modules/machine"
  }

  variables {
    challenge = "dns-01"
  }

  expect_failures = [aws_ssm_parameter.settings]
}

# Exactly what Caddy's module for Route53 calls.
run "identity_proves_its_own_names" {
  command = plan

  module {
    source = "./modules/identity"
  }

  variables {
    role_name      = "embeddings"
    repository_arn = "arn:aws:ecr:eu-central-1:123456789012:repository/infer-deploy/embeddings/production"
    log_group_arns = []
    pointer_names  = []
    acme_challenge = { domains = ["api.example.com", "*.example.com"], zone_id = "Z0123456789ABC" }
  }

  assert {
    condition = {
      for pair in flatten([
        for statement in data.aws_iam_policy_document.instance.statement : [
          for action in statement.actions : { action = action, resources = join(" ", statement.resources) }
        ]
      ]) : pair.action => replace(pair.resources, local.arn_prefix, "arn") if startswith(pair.action, "route53:")
      } == {
      "route53:ChangeResourceRecordSets" = "arn:route53:::hostedzone/Z0123456789ABC"
      "route53:GetChange"                = "arn:route53:::change/*"
      "route53:ListResourceRecordSets"   = "arn:route53:::hostedzone/Z0123456789ABC"
    }
    error_message = "The machine writes in its zone, reads it, and asks for its changes."
  }

  assert {
    condition = toset(flatten([
      for statement in data.aws_iam_policy_document.instance.statement : [
        for condition in statement.condition : "${condition.test} ${condition.variable} ${join(",", sort(condition.values))}"
      ] if contains(statement.actions, "route53:ChangeResourceRecordSets")
      ])) == toset([
      "ForAllValues:StringEquals route53:ChangeResourceRecordSetsActions DELETE,UPSERT",
      "ForAllValues:StringEquals route53:ChangeResourceRecordSetsNormalizedRecordNames _acme-challenge.api.example.com,_acme-challenge.example.com",
      "ForAllValues:StringEquals route53:ChangeResourceRecordSetsRecordTypes TXT",
    ])
    error_message = "It writes only the TXT records that prove its own names."
  }
}
