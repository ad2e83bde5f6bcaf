output "endpoint_security_group_ids" {
  description = "Security group of the interface endpoints, which has no rule yet; empty without endpoints."
  value       = aws_security_group.endpoints[*].id
}

output "instance_subnet_ids" {
  description = "Subnets that instances go to, by availability zone."
  value = {
    for zone in var.zones :
    zone => var.egress == "public" ? aws_subnet.public[zone].id : aws_subnet.private[zone].id
  }

  # Instances need the route to the internet when they start, and must be gone before it is removed.
  depends_on = [
    aws_route.internet,
    aws_route.nat,
    aws_route_table_association.private,
    aws_route_table_association.public,
    aws_vpc_endpoint.interface,
    aws_vpc_endpoint.s3,
  ]
}

output "private_subnet_ids" {
  description = "Private subnets, by availability zone."
  value       = { for zone in var.zones : zone => aws_subnet.private[zone].id }
}

output "public_subnet_ids" {
  description = "Public subnets, by availability zone."
  value       = { for zone in var.zones : zone => aws_subnet.public[zone].id }

  # AWS refuses a public load balancer in a VPC that has no internet gateway yet.
  depends_on = [
    aws_route.internet,
    aws_route_table_association.public,
  ]
}

output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}
