variable "group_names" {
  description = "Auto Scaling groups, by colour."
  type        = map(string)
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

variable "log_groups" {
  description = "Log groups to query: app, boot, and network where there are flow logs."
  type        = map(string)
}

variable "metrics_namespace" {
  description = "Namespace of the instances' and the app's own metrics."
  type        = string
  default     = "InferDeploy"
}

variable "name" {
  description = "Name of the dashboard."
  type        = string
}

variable "query_prefix" {
  description = "Prefix of the saved queries' names; a slash makes a folder."
  type        = string
}

variable "region" {
  description = "Region of the metrics."
  type        = string
}

variable "series" {
  description = "Names of the app's own metrics."
  type        = list(string)
  default     = []
}

variable "target_group_arn_suffixes" {
  description = "CloudWatch's names for the target groups, by colour."
  type        = map(string)
}
