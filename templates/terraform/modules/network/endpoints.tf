locals {
  # For the services that an instance calls: its pointer, the registry, its logs, its secrets and Session Manager.
  interface_services = var.egress == "endpoints" ? toset([
    "ecr.api",
    "ecr.dkr",
    "logs",
    "secretsmanager",
    "ssm",
    "ssmmessages",
  ]) : toset([])
}

# Free. Image layers come from S3, so most of an instance's traffic does not pay for a NAT gateway.
resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = concat([aws_route_table.public.id], [for table in aws_route_table.private : table.id])

  tags = {
    Name = "${var.name}-s3"
  }
}

resource "aws_vpc_endpoint" "interface" {
  for_each = local.interface_services

  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${var.region}.${each.key}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  security_group_ids  = [aws_security_group.endpoints[0].id]
  subnet_ids          = [for subnet in aws_subnet.private : subnet.id]

  tags = {
    Name = "${var.name}-${each.key}"
  }
}

# The fleet's module lets its instances in. Its group cannot come here: modules that need each other are a circle, and checkov follows no
# value into a circle, nor into what needs it.
resource "aws_security_group" "endpoints" {
  count = var.egress == "endpoints" ? 1 : 0

  name        = "${var.name}-endpoints"
  description = "Interface endpoints: reached only by the instances"
  vpc_id      = aws_vpc.this.id

  tags = {
    Name = "${var.name}-endpoints"
  }
}
