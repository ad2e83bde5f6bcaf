# No AAAA record: the load balancer has no IPv6 address.
resource "aws_route53_record" "this" {
  for_each = toset(var.domains)

  zone_id = var.zone_id
  name    = each.key
  type    = "A"

  set_identifier  = try(var.routing.set_identifier, null)
  health_check_id = var.health_check_id

  alias {
    name    = var.load_balancer.dns_name
    zone_id = var.load_balancer.zone_id
    # A load balancer with an empty target group counts as unhealthy, and the idle colour's group is empty most of the time.
    evaluate_target_health = false
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
