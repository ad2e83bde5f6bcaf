locals {
  # HTTP/3 is UDP. With HTTP-01, Let's Encrypt asks on port 80.
  ports = merge({ "HTTP" = { port = 80, protocol = "tcp" } }, var.https ? {
    "HTTPS"  = { port = 443, protocol = "tcp" }
    "HTTP/3" = { port = 443, protocol = "udp" }
  } : {})

  ingress = merge([
    for cidr in var.ingress_cidrs : {
      for name, port in local.ports : "${name} from ${cidr}" => merge(port, { cidr = cidr })
    }
  ]...)
}

resource "aws_security_group" "this" {
  name        = var.name
  description = "The machine: reached on the ports of the web only"
  vpc_id      = var.vpc_id

  tags = {
    Name = var.name
  }
}

resource "aws_vpc_security_group_ingress_rule" "web" {
  # checkov:skip=CKV_AWS_260:it is a web server, and with HTTP-01 Let's Encrypt asks on port 80 from anywhere
  for_each = local.ingress

  security_group_id = aws_security_group.this.id
  description       = each.key
  cidr_ipv4         = each.value.cidr
  from_port         = each.value.port
  to_port           = each.value.port
  ip_protocol       = each.value.protocol
}

# Deliberately open: the container calls databases and APIs that only its author knows.
resource "aws_vpc_security_group_egress_rule" "out" {
  security_group_id = aws_security_group.this.id
  description       = "Whatever the container and the boot need to reach"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}
