# Plans of the modules of a domain, like modules.tftest.hcl.

mock_provider "aws" {
  mock_data "aws_route53_zone" {
    defaults = {
      zone_id = "Z0FOUND"
    }
  }

  # The real provider knows the records before it asks AWS for the certificate.
  mock_resource "aws_acm_certificate" {
    override_during = plan
    defaults = {
      domain_validation_options = []
    }
  }
}

variables {
  domains = ["api.example.com", "www.example.com"]
}

run "certificate_in_a_zone_that_is_found_by_name" {
  command = plan

  module {
    source = "./modules/dns"
  }

  variables {
    zone_name = "example.com"
  }

  assert {
    condition     = aws_acm_certificate.this.domain_name == "api.example.com" && aws_acm_certificate.this.subject_alternative_names == toset(["www.example.com"]) && aws_acm_certificate.this.validation_method == "DNS"
    error_message = "One certificate has all names."
  }

  assert {
    condition     = output.zone_id == "Z0FOUND" && !data.aws_route53_zone.this[0].private_zone
    error_message = "The zone is public, and the module of the address gets it."
  }
}

run "certificate_in_a_zone_by_its_id" {
  command = plan

  module {
    source = "./modules/dns"
  }

  variables {
    zone_id = "Z0GIVEN"
  }

  assert {
    condition     = output.zone_id == "Z0GIVEN" && length(data.aws_route53_zone.this) == 0
    error_message = "A zone whose id is known is not looked up."
  }
}

run "certificate_refuses" {
  command = plan

  module {
    source = "./modules/dns"
  }

  variables {
    domains = ["api.example.com", "api.example.com"]
  }

  expect_failures = [var.domains, var.zone_name]
}

run "address" {
  command = plan

  module {
    source = "./modules/address"
  }

  variables {
    region        = "eu-west-1"
    zone_id       = "Z0FOUND"
    load_balancer = { dns_name = "embeddings.elb.amazonaws.com", zone_id = "Z0BALANCER" }
  }

  assert {
    condition = { for name, record in aws_route53_record.this : name => "${record.type} ${record.zone_id} ${record.alias[0].name}" } == {
      "api.example.com" = "A Z0FOUND embeddings.elb.amazonaws.com"
      "www.example.com" = "A Z0FOUND embeddings.elb.amazonaws.com"
    }
    error_message = "Each name leads to the load balancer."
  }

  assert {
    condition     = alltrue([for record in aws_route53_record.this : !record.alias[0].evaluate_target_health])
    error_message = "The idle colour's empty group is no reason to take the address away."
  }
}

run "address_of_one_stack" {
  command = plan

  module {
    source = "./modules/address"
  }

  variables {
    region        = "eu-west-1"
    zone_id       = "Z0FOUND"
    load_balancer = { dns_name = "embeddings.elb.amazonaws.com", zone_id = "Z0BALANCER" }
  }

  assert {
    condition = alltrue([
      for record in aws_route53_record.this :
      record.set_identifier == null && record.health_check_id == null && length(record.latency_routing_policy) + length(record.failover_routing_policy) == 0
    ])
    error_message = "Without routing, the records are alone."
  }
}

run "address_that_is_shared_by_latency" {
  command = plan

  module {
    source = "./modules/address"
  }

  variables {
    region          = "eu-west-1"
    zone_id         = "Z0FOUND"
    load_balancer   = { dns_name = "embeddings.elb.amazonaws.com", zone_id = "Z0BALANCER" }
    routing         = { policy = "latency", set_identifier = "dublin-eu-west-1" }
    health_check_id = "check"
  }

  assert {
    condition = alltrue([
      for record in aws_route53_record.this :
      record.set_identifier == "dublin-eu-west-1" && record.health_check_id == "check" && record.latency_routing_policy[0].region == "eu-west-1" && length(record.failover_routing_policy) == 0
    ])
    error_message = "Each name has a latency record of the region."
  }
}

run "address_that_takes_over" {
  command = plan

  module {
    source = "./modules/address"
  }

  variables {
    region        = "eu-west-1"
    zone_id       = "Z0FOUND"
    load_balancer = { dns_name = "embeddings.elb.amazonaws.com", zone_id = "Z0BALANCER" }
    routing       = { policy = "secondary", set_identifier = "dublin-eu-west-1" }
  }

  assert {
    condition = alltrue([
      for record in aws_route53_record.this :
      record.failover_routing_policy[0].type == "SECONDARY" && record.health_check_id == null && length(record.latency_routing_policy) == 0
    ])
    error_message = "A secondary needs no health check: Route53 takes it when the primary is unhealthy."
  }
}

run "address_refuses" {
  command = plan

  module {
    source = "./modules/address"
  }

  variables {
    region        = "eu-west-1"
    zone_id       = "Z0FOUND"
    load_balancer = { dns_name = "embeddings.elb.amazonaws.com", zone_id = "Z0BALANCER" }
    routing       = { policy = "weighted", set_identifier = "dublin-eu-west-1" }
  }

  expect_failures = [var.routing]
}

run "health_checks" {
  command = plan

  module {
    source = "./modules/health-checks"
  }

  variables {
    name_prefix               = "app-dublin"
    region                    = "eu-west-1"
    load_balancer_arn_suffix  = "app/app-dublin/1"
    target_group_arn_suffixes = { blue = "targetgroup/blue/1", green = "targetgroup/green/1" }
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.empty :
      alarm.statistic == "Maximum" && alarm.metric_name == "HealthyHostCount" && length(alarm.metric_query) == 0 && alarm.datapoints_to_alarm == null && alarm.treat_missing_data == "breaching"
    ])
    error_message = "Route53 follows plain alarms only, and a group without instances has no data."
  }

  assert {
    condition     = { for colour, check in aws_route53_health_check.colour : colour => "${check.type} ${check.cloudwatch_alarm_name} ${check.cloudwatch_alarm_region} ${check.insufficient_data_health_status}" } == { for colour in ["blue", "green"] : colour => "CLOUDWATCH_METRIC app-dublin-${colour}-empty eu-west-1 Unhealthy" }
    error_message = "A check follows the alarm of each colour."
  }

  assert {
    condition     = aws_route53_health_check.this.type == "CALCULATED" && aws_route53_health_check.this.child_health_threshold == 1
    error_message = "One healthy colour is enough."
  }
}
