variable "group_names" {
  description = "Names of the Auto Scaling groups, by colour."
  type        = map(string)
}

variable "load_balancer_arn_suffix" {
  description = "CloudWatch's name for the load balancer."
  type        = string
}

variable "metric" {
  description = "What the policy follows: requests a minute, per cent of the processors, or a series of the app."
  type        = string

  validation {
    condition     = contains(["cpu", "requests", "series"], var.metric)
    error_message = "The metric is cpu, requests or series."
  }

  validation {
    condition     = var.metric != "series" || var.series != null
    error_message = "The metric series needs the name of one."
  }
}

variable "metrics_namespace" {
  description = "Namespace of the app's own metrics."
  type        = string
  default     = "InferDeploy"
}

variable "series" {
  description = "Name of the app's series that the metric series is."
  type        = string
  default     = null
}

variable "stack" {
  description = "Name of the stack in the app's own metrics."
  type        = string
  default     = null
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
