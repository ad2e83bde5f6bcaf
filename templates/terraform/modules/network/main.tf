locals {
  # Eight equal parts: public subnets take the first ones, private subnets the last four, so that a
  # third zone later moves none of them.
  public_cidrs  = { for index, zone in var.zones : zone => cidrsubnet(var.cidr, 3, index) }
  private_cidrs = { for index, zone in var.zones : zone => cidrsubnet(var.cidr, 3, index + 4) }
}

resource "aws_vpc" "this" {
  cidr_block         = var.cidr
  enable_dns_support = true

  # Only the private DNS names of interface endpoints need it.
  enable_dns_hostnames = var.egress == "endpoints"

  tags = {
    Name = var.name
  }

  lifecycle {
    precondition {
      condition     = terraform_data.cidr.output == var.cidr
      error_message = "The addresses of a stack cannot change: its network was created for ${terraform_data.cidr.output}. Keep that range, or create the stack under another name."
    }
  }
}

# Another range would replace the network and everything in it. The range is stored here so that the
# plan refuses a change.
resource "terraform_data" "cidr" {
  input = var.cidr

  lifecycle {
    ignore_changes = [input]
  }
}

# Nothing that is put in the default group by mistake can be reached or reach anything.
resource "aws_default_security_group" "closed" {
  vpc_id = aws_vpc.this.id

  tags = {
    Name = "${var.name}-closed"
  }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id

  tags = {
    Name = var.name
  }
}

resource "aws_subnet" "public" {
  for_each = local.public_cidrs

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = each.value

  # The launch template asks for public addresses; the subnet assigns none.
  map_public_ip_on_launch = false

  tags = {
    Name = "${var.name}-public-${each.key}"
  }
}

resource "aws_subnet" "private" {
  for_each = local.private_cidrs

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = each.value

  tags = {
    Name = "${var.name}-private-${each.key}"
  }
}
