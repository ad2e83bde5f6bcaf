variable "account_id" {
  description = "Account whose alarms may publish to the topic."
  type        = string
}

variable "call_topic_arns" {
  description = "SNS topics of the alarm that calls a person; without any it goes where the others go."
  type        = list(string)
  default     = []
}

variable "certificate_arn" {
  description = "Certificate whose end is watched."
  type        = string
  default     = null
}

variable "emails" {
  description = "Addresses that get a mail when an alarm goes off and when it is over."
  type        = list(string)
  default     = []
}

variable "gets_budget" {
  description = "Whether AWS Budgets may publish to the topic, too."
  type        = bool
  default     = false
}

variable "has_certificate" {
  description = "Whether there is a certificate, which is known before its ARN is."
  type        = bool
  default     = false
}

variable "instance_metrics" {
  description = "Whether instances report their memory and disk."
  type        = bool
  default     = false
}

variable "load_balancer_arn_suffix" {
  description = "CloudWatch's name for the load balancer."
  type        = string
}

variable "metrics_namespace" {
  description = "Namespace of the instances' own metrics."
  type        = string
  default     = "InferDeploy"
}

variable "name_prefix" {
  description = "Prefix of the alarms' names, and name of the stack in the instances' own metrics."
  type        = string
}

variable "target_group_arn_suffixes" {
  description = "CloudWatch's names for the target groups, by colour."
  type        = map(string)
}

variable "thresholds" {
  description = "Thresholds of the alarms. Per cent of the requests in a minute, of which there must be min_requests; connection errors in a minute."
  type = object({
    connection_errors = optional(number, 10)
    disk_percent      = optional(number, 85)
    error_percent     = optional(number, 5)
    memory_percent    = optional(number, 90)
    min_requests      = optional(number, 20)
    p99_seconds       = optional(number, 2)
  })
  default = {}

  validation {
    condition     = var.thresholds.error_percent > 0 && var.thresholds.error_percent <= 100 && var.thresholds.min_requests >= 1 && var.thresholds.p99_seconds > 0 && var.thresholds.connection_errors >= 1
    error_message = "A share is above 0 and at most 100 per cent; below one request, one error or zero seconds an alarm would always be on."
  }
}

variable "topic_arns" {
  description = "Existing SNS topics that get what the addresses get."
  type        = list(string)
  default     = []
}
