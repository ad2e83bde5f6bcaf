variable "kms_key_arn" {
  description = "Key that encrypts the logs; null for the service's own encryption."
  type        = string
  default     = null
}

variable "names" {
  description = "Names of the log groups, by what they hold."
  type        = map(string)
}

variable "retention_days" {
  description = "Days that log events are kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.retention_days)
    error_message = "CloudWatch Logs takes 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731 days or 3 to 10 years."
  }
}
