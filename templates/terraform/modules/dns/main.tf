data "aws_route53_zone" "this" {
  count = var.zone_id == null ? 1 : 0

  name         = var.zone_name
  private_zone = false
}

locals {
  zone_id = var.zone_id == null ? data.aws_route53_zone.this[0].zone_id : var.zone_id
}

resource "aws_acm_certificate" "this" {
  domain_name               = var.domains[0]
  subject_alternative_names = slice(var.domains, 1, length(var.domains))
  validation_method         = "DNS"

  # The listener always needs a certificate, so create the new one before the old one is destroyed.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "validation" {
  for_each = {
    for option in aws_acm_certificate.this.domain_validation_options : option.domain_name => option
  }

  zone_id = local.zone_id
  name    = each.value.resource_record_name
  type    = each.value.resource_record_type
  ttl     = 60
  records = [each.value.resource_record_value]

  # All certificates of a domain share this record: also the next certificate, when the list of domains changes.
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "this" {
  certificate_arn         = aws_acm_certificate.this.arn
  validation_record_fqdns = [for record in aws_route53_record.validation : record.fqdn]

  timeouts {
    create = var.validation_timeout
  }
}
