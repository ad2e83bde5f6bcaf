variable "key_group_arn" {
  description = "Rule group that refuses requests without a valid API key; null to ask for none. It is not made here: Terraform's state would have the keys."
  type        = string
  default     = null
}

variable "kms_key_arn" {
  description = "Key that encrypts the log; null for the service's own encryption."
  type        = string
  default     = null
}

variable "load_balancer_arn" {
  description = "Load balancer in front of which the rules are."
  type        = string
}

variable "log_group_name" {
  description = "Log group of blocked and counted requests."
  type        = string

  validation {
    condition     = startswith(var.log_group_name, "aws-waf-logs-")
    error_message = "AWS WAF writes only to log groups whose names begin with aws-waf-logs-."
  }
}

variable "mode" {
  description = "block: requests that a rule matches get 403, or 429 above the rate. count: they are counted and logged only. none: the web ACL has the API keys' rule group only."
  type        = string

  validation {
    condition     = contains(["block", "count", "none"], var.mode)
    error_message = "block, count or none."
  }
}

variable "name" {
  description = "Name of the web ACL and of its metric."
  type        = string
}

variable "rate" {
  description = "Requests of one address in five minutes."
  type        = number

  validation {
    condition     = var.rate >= 10 && var.rate <= 2000000000
    error_message = "AWS WAF takes 10 to 2,000,000,000."
  }
}

variable "redacted_headers" {
  description = "Headers that never get into the log, in lower case."
  type        = list(string)
  default     = ["authorization", "cookie", "x-api-key"]
}

variable "retention_days" {
  description = "Days that log events are kept."
  type        = number
  default     = 30
}
