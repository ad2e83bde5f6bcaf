variable "load_balancer_arn_suffix" {
  description = "CloudWatch's name for the load balancer."
  type        = string
}

variable "name_prefix" {
  description = "Prefix of the alarms' names."
  type        = string
}

variable "region" {
  description = "Region of the alarms."
  type        = string
}

variable "target_group_arn_suffixes" {
  description = "CloudWatch's names for the target groups, by colour."
  type        = map(string)
}
