variable "domains" {
  description = "Names of the address, such as api.example.com."
  type        = list(string)
}

variable "health_check_id" {
  description = "Route53's health check of the stack; null for none."
  type        = string
  default     = null
}

variable "ip" {
  description = "IPv4 address that the names lead to, instead of a load balancer."
  type        = string
  default     = null
}

variable "load_balancer" {
  description = "Name and hosted zone of the load balancer that the names lead to; null with ip."
  type = object({
    dns_name = string
    zone_id  = string
  })
  default = null
}

variable "region" {
  description = "Region of the stack, by which latency is compared."
  type        = string
}

variable "routing" {
  description = "How Route53 chooses among records of the same names: the policy (latency, primary or secondary), and the name of this stack's records among them. Null: there are no others."
  type = object({
    policy         = string
    set_identifier = string
  })
  default = null

  validation {
    condition     = var.routing == null || contains(["latency", "primary", "secondary"], try(var.routing.policy, ""))
    error_message = "The policy is latency, primary or secondary."
  }
}

variable "zone_id" {
  description = "Hosted zone of the names."
  type        = string
}
