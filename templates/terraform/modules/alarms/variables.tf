variable "action_arns" {
  description = "Where to report that an alarm goes off or is over, such as an SNS topic."
  type        = list(string)
  default     = []
}

variable "load_balancer_arn_suffix" {
  description = "CloudWatch's name for the load balancer."
  type        = string
}

variable "name_prefix" {
  description = "Prefix of the alarms' names."
  type        = string
}

variable "target_group_arn_suffixes" {
  description = "CloudWatch's names for the target groups, by colour."
  type        = map(string)
}

variable "thresholds" {
  description = "Thresholds of the alarms."
  type = object({
    errors_per_minute     = optional(number, 5)
    p99_seconds           = optional(number, 2)
    unanswered_per_minute = optional(number, 20)
    unhealthy_hosts       = optional(number, 1)
  })
  default = {}

  validation {
    condition     = var.thresholds.errors_per_minute >= 1 && var.thresholds.unanswered_per_minute >= 1 && var.thresholds.p99_seconds > 0 && var.thresholds.unhealthy_hosts >= 1
    error_message = "Thresholds below one error, one host or zero seconds would always be in alarm."
  }
}
