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
