variable "action_arns" {
  description = "Where to report that an alarm goes off or is over, such as an SNS topic."
  type        = list(string)
  default     = []
}

variable "certificate_days" {
  description = "Days before its end from which a certificate that was not renewed is an alarm."
  type        = number
  default     = 20
}

variable "group_name" {
  description = "Auto Scaling group of the machine."
  type        = string
}

variable "has_certificate" {
  description = "Whether the address has HTTPS."
  type        = bool
}

variable "name_prefix" {
  description = "Prefix of the alarms' names."
  type        = string
}

variable "namespace" {
  description = "Namespace of the machine's own metrics."
  type        = string
  default     = "InferDeploy"
}

variable "stack" {
  description = "The stack, as its machine's metrics name it."
  type        = string
}

variable "thresholds" {
  description = "Thresholds of the alarms."
  type = object({
    errors_per_minute     = optional(number, 5)
    p99_seconds           = optional(number, 2)
    unanswered_per_minute = optional(number, 20)
  })
  default = {}

  validation {
    condition     = var.thresholds.errors_per_minute >= 1 && var.thresholds.unanswered_per_minute >= 1 && var.thresholds.p99_seconds > 0
    error_message = "Thresholds below one error or zero seconds would always be in alarm."
  }
}
