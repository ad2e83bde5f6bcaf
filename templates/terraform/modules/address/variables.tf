variable "domains" {
  description = "Names of the address, such as api.example.com."
  type        = list(string)
}

variable "load_balancer" {
  description = "Name and hosted zone of the load balancer that the address leads to."
  type = object({
    dns_name = string
    zone_id  = string
  })
}

variable "zone_id" {
  description = "Hosted zone of the names."
  type        = string
}
