variable "access_logs" {
  description = "Domain name of a bucket with ACLs, and prefix, for CloudFront's standard logs; null for none, because a line has a user's address."
  type = object({
    bucket = string
    prefix = string
  })
  default = null
}

variable "cache" {
  description = "Routes whose answers to GET are cached, in the order of evaluation. Path patterns have the wildcards * and ?. What is not in the key does not reach the app. queries is all, none or only the listed names."
  type = list(object({
    path    = string
    seconds = number
    headers = optional(list(string), [])
    query   = optional(string, "all")
    queries = optional(list(string), [])
  }))
  default = []

  validation {
    condition     = alltrue([for route in var.cache : startswith(route.path, "/") && route.seconds >= 1])
    error_message = "A path begins with /, and an answer is kept for at least a second."
  }
}

variable "load_balancer" {
  description = "The internal load balancer that gets the requests, on its port 80."
  type = object({
    arn      = string
    dns_name = string
  })
}

variable "name" {
  description = "Name of the stack and its region, with which every name here begins: CloudFront has no regions."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,100}$", var.name))
    error_message = "At most 100 letters, digits, hyphens and underscores."
  }
}

variable "read_timeout_seconds" {
  description = "Seconds that the app may send nothing, at most CloudFront's 120."
  type        = number
  default     = 60

  validation {
    condition     = var.read_timeout_seconds >= 1 && var.read_timeout_seconds <= 120
    error_message = "Between 1 and 120 seconds."
  }
}

variable "response_headers" {
  description = "Headers that CloudFront puts on every answer, in place of the app's own."
  type = object({
    content_security_policy   = optional(string)
    content_type_options      = optional(string)
    frame_options             = optional(string)
    strict_transport_security = optional(string)
  })
  default = {}
}
