# No AAAA record: neither a load balancer nor a machine has an IPv6 address. One resource for both, so that Route53 changes where a name
# leads in one step when a stack moves from one to the other.
resource "aws_route53_record" "this" {
  for_each = toset(var.domains)

  zone_id = var.zone_id
  name    = each.key
  type    = "A"

  set_identifier  = try(var.routing.set_identifier, null)
  health_check_id = var.health_check_id

  ttl     = var.ip == null ? null : 60
  records = var.ip == null ? null : [var.ip]

  dynamic "alias" {
    for_each = var.load_balancer[*]

    content {
      name    = alias.value.dns_name
      zone_id = alias.value.zone_id
      # A load balancer with an empty target group counts as unhealthy, and the idle colour's group is empty most of the time.
      evaluate_target_health = false
    }
  }

  dynamic "latency_routing_policy" {
    for_each = try(var.routing.policy, "") == "latency" ? [var.region] : []

    content {
      region = latency_routing_policy.value
    }
  }

  dynamic "failover_routing_policy" {
    for_each = contains(["primary", "secondary"], try(var.routing.policy, "")) ? [upper(var.routing.policy)] : []

    content {
      type = failover_routing_policy.value
    }
  }
}
