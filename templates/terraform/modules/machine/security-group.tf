locals {
  # HTTP/3 is UDP. Let's Encrypt asks on port 80.
  ports = {
    "HTTP"   = { port = 80, protocol = "tcp" }
    "HTTPS"  = { port = 443, protocol = "tcp" }
    "HTTP/3" = { port = 443, protocol = "udp" }
  }
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
  # checkov:skip=CKV_AWS_260:it is a web server, and Let's Encrypt asks on port 80 from anywhere
  for_each = var.https ? local.ports : { HTTP = local.ports["HTTP"] }

  security_group_id = aws_security_group.this.id
  description       = each.key
  cidr_ipv4         = "0.0.0.0/0"
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
