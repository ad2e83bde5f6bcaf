variable "emails" {
  description = "Addresses that get a mail at 50, 80 and 100 per cent of the budget, and when AWS expects more than all of it."
  type        = list(string)

  validation {
    condition     = length(var.emails) >= 1 && length(var.emails) <= 10
    error_message = "A budget has one to ten addresses."
  }
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

variable "usd" {
  description = "The budget of a month, in USD."
  type        = number
}
