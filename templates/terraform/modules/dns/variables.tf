variable "domains" {
  description = "Names of the address, such as api.example.com. All are in the one zone and on one certificate."
  type        = list(string)

  validation {
    condition     = length(var.domains) >= 1 && length(var.domains) == length(toset(var.domains))
    error_message = "One domain or more, each once."
  }
}

variable "validation_timeout" {
  description = "How long to wait for the certificate, which never comes if the zone is not delegated."
  type        = string
  default     = "15m"
}

variable "zone_id" {
  description = "Hosted zone of the domain; null to look it up by name."
  type        = string
  default     = null
}

variable "zone_name" {
  description = "Name of the public hosted zone, when its id is not given."
  type        = string
  default     = null

  validation {
    condition     = var.zone_name != null || var.zone_id != null
    error_message = "Either the name or the id of the hosted zone is needed."
  }
}
