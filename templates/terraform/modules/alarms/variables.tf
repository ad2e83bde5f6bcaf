variable "action_arns" {
  description = "What is told when an alarm goes off and when it is over, such as an SNS topic."
  type        = list(string)
  default     = []
}

variable "load_balancer_arn_suffix" {
  description = "What CloudWatch calls the load balancer."
  type        = string
}

variable "name_prefix" {
  description = "Beginning of the alarms' names."
  type        = string
}

variable "target_group_arn_suffixes" {
  description = "What CloudWatch calls the target groups, by colour."
  type        = map(string)
}

variable "thresholds" {
  description = "From where on it is an alarm."
  type = object({
    errors_per_minute = optional(number, 5)
    p99_seconds       = optional(number, 2)
    unhealthy_hosts   = optional(number, 1)
  })
  default = {}

  validation {
    condition     = var.thresholds.errors_per_minute >= 1 && var.thresholds.p99_seconds > 0 && var.thresholds.unhealthy_hosts >= 1
    error_message = "Thresholds below one error, one host or zero seconds would always be in alarm."
  }
}
