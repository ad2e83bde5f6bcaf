variable "group_names" {
  description = "Names of the Auto Scaling groups, by colour."
  type        = map(string)
}

variable "load_balancer_arn_suffix" {
  description = "CloudWatch's name for the load balancer."
  type        = string
}

variable "metric" {
  description = "What the policy follows: requests a minute, or per cent of the processors."
  type        = string

  validation {
    condition     = contains(["cpu", "requests"], var.metric)
    error_message = "The metric is cpu or requests."
  }
}

variable "target" {
  description = "What one instance should have of the metric."
  type        = number

  validation {
    condition     = var.target > 0
    error_message = "More than nothing."
  }
}

variable "target_group_arn_suffixes" {
  description = "CloudWatch's names for the target groups, by colour."
  type        = map(string)
}
