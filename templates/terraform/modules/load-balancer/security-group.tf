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

resource "aws_security_group" "this" {
  name        = "${var.name}-load-balancer"
  description = "The load balancer: reached on its listeners, reaches the instances"
  vpc_id      = var.vpc_id

  tags = {
    Name = "${var.name}-load-balancer"
  }
}

resource "aws_vpc_security_group_ingress_rule" "listener" {
  for_each = local.listener_rules

  security_group_id = aws_security_group.this.id
  description       = "Listener ${each.key}"
  cidr_ipv4         = each.value.cidr
  prefix_list_id    = each.value.list
  from_port         = each.value.port
  to_port           = each.value.port
  ip_protocol       = "tcp"
}
