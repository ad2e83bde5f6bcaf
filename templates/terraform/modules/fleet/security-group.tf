locals {
  group_name = "${var.stack.name}-${var.stack.environment}-instances"
}

resource "aws_security_group" "this" {
  name        = local.group_name
  description = "The instances: reached only by the load balancer"
  vpc_id      = var.vpc_id

  tags = {
    Name = local.group_name
  }
}

resource "aws_vpc_security_group_ingress_rule" "from_load_balancer" {
  for_each = toset([for port in var.ports : tostring(port)])

  security_group_id            = aws_security_group.this.id
  description                  = "Requests and health checks from the load balancer"
  referenced_security_group_id = var.load_balancer_security_group_id
  from_port                    = each.value
  to_port                      = each.value
  ip_protocol                  = "tcp"
}

# Deliberately open: the container calls databases and APIs that only its author knows.
resource "aws_vpc_security_group_egress_rule" "instances_out" {
  security_group_id = aws_security_group.this.id
  description       = "Whatever the container and the boot need to reach"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

# The other side of the connections. Their groups are made before this one, so the rules are here.
resource "aws_vpc_security_group_egress_rule" "to_instances" {
  for_each = toset([for port in var.ports : tostring(port)])

  security_group_id            = var.load_balancer_security_group_id
  description                  = "Requests and health checks to the instances"
  referenced_security_group_id = aws_security_group.this.id
  from_port                    = each.value
  to_port                      = each.value
  ip_protocol                  = "tcp"
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_from_instances" {
  count = length(var.endpoint_security_group_ids)

  security_group_id            = var.endpoint_security_group_ids[count.index]
  description                  = "AWS APIs for the instances"
  referenced_security_group_id = aws_security_group.this.id
  from_port                    = 443
  to_port                      = 443
  ip_protocol                  = "tcp"
}
