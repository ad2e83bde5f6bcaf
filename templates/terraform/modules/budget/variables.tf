variable "emails" {
  description = "Addresses that get a mail at 50, 80 and 100 per cent of the budget, and when AWS expects more than all of it."
  type        = list(string)
  default     = []

  validation {
    condition     = length(var.emails) <= 10 && (length(var.emails) >= 1 || var.has_topic)
    error_message = "A budget has one to ten addresses, or a topic."
  }
}

variable "has_topic" {
  description = "Whether there is a topic, which is known before its ARN is."
  type        = bool
  default     = false
}

variable "name" {
  description = "Name of the budget."
  type        = string
}

variable "tag" {
  description = "Tag of what counts. Its key must be an active cost allocation tag of the account that pays."
  type = object({
    key   = string
    value = string
  })
}

variable "topic_arn" {
  description = "SNS topic that gets the same messages. Its policy must let budgets.amazonaws.com publish."
  type        = string
  default     = null
}

variable "usd" {
  description = "The budget of a month, in USD."
  type        = number
}
