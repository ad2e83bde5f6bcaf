variable "https" {
  description = "Whether the load balancer also listens on 443."
  type        = bool
}

variable "ingress_cidrs" {
  description = "IPv4 ranges that may reach the load balancer."
  type        = list(string)

  validation {
    condition     = alltrue([for cidr in var.ingress_cidrs : can(cidrnetmask(cidr))])
    error_message = "Every range must be IPv4 in CIDR notation, such as 203.0.113.0/24."
  }
}

variable "name" {
  description = "Name of the stack, with which every name here begins."
  type        = string
}

variable "ports" {
  description = "Ports of the instances that the load balancer reaches: for requests, and for health checks."
  type        = list(number)
}

variable "prefix_list_ids" {
  description = "Lists of the addresses that may reach the load balancer, in place of ingress_cidrs; null for those."
  type        = list(string)
  default     = null
}

variable "vpc_id" {
  description = "VPC of the groups."
  type        = string
}
