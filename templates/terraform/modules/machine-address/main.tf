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
