variable "account_id" {
  description = "Account that the stack belongs to."
  type        = string
}

variable "cidr" {
  description = "Address range of the VPC, cut into eight equal parts."
  type        = string

  validation {
    condition     = can(cidrsubnet(var.cidr, 3, 7)) && try(tonumber(split("/", var.cidr)[1]) <= 24, false)
    error_message = "The range must be IPv4 in CIDR notation and no smaller than a /24: a load balancer needs subnets of a /27."
  }
}

variable "egress" {
  description = "How instances reach the internet: nat (one gateway), nat-per-zone, endpoints (AWS only) or public (an address each)."
  type        = string

  validation {
    condition     = contains(["nat", "nat-per-zone", "endpoints", "public"], var.egress)
    error_message = "Egress must be nat, nat-per-zone, endpoints or public."
  }
}

variable "flow_logs" {
  description = "Where connections are logged, by which role, and which ones: REJECT or ALL. Null for no flow logs."
  type = object({
    log_group_arn = string
    role_name     = string
    traffic       = string
  })
  default = null

  validation {
    condition     = var.flow_logs == null ? true : contains(["REJECT", "ALL"], var.flow_logs.traffic)
    error_message = "The traffic must be REJECT or ALL."
  }
}

variable "name" {
  description = "Name of the stack, with which every name here begins."
  type        = string
}

variable "permissions_boundary" {
  description = "ARN of the policy that limits what the flow logs' role may ever do; null for none."
  type        = string
  default     = null
}

variable "region" {
  description = "Region of the stack."
  type        = string
}

variable "zones" {
  description = "Two or three availability zones, in the order of their subnets. The NAT gateway is in the first one."
  type        = list(string)

  validation {
    condition     = length(var.zones) >= 2 && length(var.zones) <= 3 && length(distinct(var.zones)) == length(var.zones)
    error_message = "Name two or three different zones."
  }
}
