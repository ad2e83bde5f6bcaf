variable "name" {
  description = "Name of the address, for people."
  type        = string
}

variable "zone_id" {
  description = "Hosted zone of the names; null to look it up by name, or for a zone elsewhere."
  type        = string
  default     = null
}

variable "zone_name" {
  description = "Name of the public hosted zone, when its id is not given; null for a zone elsewhere."
  type        = string
  default     = null
}
