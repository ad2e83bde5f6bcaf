locals {
  listener_ports = var.https ? [80, 443] : [80]


  # By range of addresses, or by list of ranges, which are for port 80 only.
  cidr_rules = {
    for pair in setproduct(local.listener_ports, var.ingress_cidrs) :
    "${pair[0]} from ${pair[1]}" => { port = pair[0], cidr = pair[1], list = null }
  }
  list_rules = {
    for index, id in coalesce(var.prefix_list_ids, []) :
    "80 from list ${index}" => { port = 80, cidr = null, list = id }
  }
  listener_rules = var.prefix_list_ids == null ? local.cidr_rules : local.list_rules
}

resource "aws_security_group" "load_balancer" {
  # checkov:skip=CKV2_AWS_5:another module attaches it
  name        = "${var.name}-load-balancer"
  description = "The load balancer: reached on its listeners, reaches the instances"
  vpc_id      = var.vpc_id

  tags = {
    Name = "${var.name}-load-balancer"
  }
}

resource "aws_vpc_security_group_ingress_rule" "listener" {
  for_each = local.listener_rules

  security_group_id = aws_security_group.load_balancer.id
  description       = "Listener ${each.key}"
  cidr_ipv4         = each.value.cidr
  prefix_list_id    = each.value.list
  from_port         = each.value.port
  to_port           = each.value.port
  ip_protocol       = "tcp"
}

resource "aws_vpc_security_group_egress_rule" "to_instances" {
  for_each = toset([for port in var.ports : tostring(port)])

  security_group_id            = aws_security_group.load_balancer.id
  description                  = "Requests and health checks to the instances"
  referenced_security_group_id = aws_security_group.instances.id
  from_port                    = each.value
  to_port                      = each.value
  ip_protocol                  = "tcp"
}

resource "aws_security_group" "instances" {
  # checkov:skip=CKV2_AWS_5:another module attaches it
  name        = "${var.name}-instances"
  description = "The instances: reached only by the load balancer"
  vpc_id      = var.vpc_id

  tags = {
    Name = "${var.name}-instances"
  }
}

resource "aws_vpc_security_group_ingress_rule" "from_load_balancer" {
  for_each = toset([for port in var.ports : tostring(port)])

  security_group_id            = aws_security_group.instances.id
  description                  = "Requests and health checks from the load balancer"
  referenced_security_group_id = aws_security_group.load_balancer.id
  from_port                    = each.value
  to_port                      = each.value
  ip_protocol                  = "tcp"
}

# Deliberately open: the container calls databases and APIs that only its author knows.
resource "aws_vpc_security_group_egress_rule" "instances_out" {
  security_group_id = aws_security_group.instances.id
  description       = "Whatever the container and the boot need to reach"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}
