# Stays the same whatever machine has it.
resource "aws_eip" "this" {
  # checkov:skip=CKV2_AWS_19:the machine takes it when it boots, so that a replacement does too
  domain = "vpc"

  tags = {
    Name = var.name
  }
}

data "aws_route53_zone" "this" {
  count = var.zone_name == null ? 0 : 1

  name         = var.zone_name
  private_zone = false
}

locals {
  zone_id = var.zone_name == null ? var.zone_id : data.aws_route53_zone.this[0].zone_id
}

# No AAAA record: the machine has no IPv6 address.
resource "aws_route53_record" "this" {
  for_each = toset(var.zone_id == null && var.zone_name == null ? [] : var.domains)

  zone_id = local.zone_id
  name    = each.key
  type    = "A"
  ttl     = 60
  records = [aws_eip.this.public_ip]
}
