variable "access_logs" {
  description = "Bucket and prefix for access logs; load balancers must be allowed to write there. Null for none."
  type = object({
    bucket = string
    prefix = string
  })
  default = null
}

variable "certificate_arn" {
  description = "Certificate of the HTTPS listener; null without one."
  type        = string
  default     = null
}

variable "client_keep_alive_seconds" {
  description = "Seconds after which a client's connection ends with the next answer."
  type        = number
  default     = 3600

  validation {
    condition     = var.client_keep_alive_seconds >= 60 && var.client_keep_alive_seconds <= 604800
    error_message = "Between 60 and 604800 seconds."
  }
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the load balancer."
  type        = bool
  default     = false
}

variable "drain_seconds" {
  description = "Seconds that requests in flight get to finish when an instance leaves."
  type        = number
  default     = 10

  validation {
    condition     = var.drain_seconds >= 0 && var.drain_seconds <= 3600
    error_message = "Between 0 and 3600 seconds."
  }
}

variable "health" {
  description = "How the load balancer decides that an instance is healthy."
  type = object({
    path                = string
    matcher             = optional(string, "200-299")
    port                = optional(string, "traffic-port")
    interval_seconds    = optional(number, 5)
    timeout_seconds     = optional(number, 4)
    healthy_threshold   = optional(number, 2)
    unhealthy_threshold = optional(number, 6)
  })

  validation {
    condition     = startswith(var.health.path, "/") && length(var.health.path) <= 1024
    error_message = "The path must begin with / and have at most 1024 characters."
  }

  validation {
    condition     = var.health.interval_seconds >= 5 && var.health.interval_seconds <= 300
    error_message = "The interval must be between 5 and 300 seconds."
  }

  validation {
    condition     = var.health.timeout_seconds >= 2 && var.health.timeout_seconds < var.health.interval_seconds
    error_message = "The timeout must be at least 2 seconds and shorter than the interval."
  }

  validation {
    condition     = var.health.unhealthy_threshold >= 2 && var.health.unhealthy_threshold <= 10
    error_message = "Between 2 and 10 failed checks make an instance unhealthy."
  }
}

variable "https" {
  description = "Whether there is an HTTPS listener, to which port 80 redirects."
  type        = bool
}

variable "idle_timeout_seconds" {
  description = "Seconds that a connection may be idle, which also limits the time to a request's first byte."
  type        = number
  default     = 60

  validation {
    condition     = var.idle_timeout_seconds >= 1 && var.idle_timeout_seconds <= 4000
    error_message = "Between 1 and 4000 seconds."
  }
}

variable "ingress_cidrs" {
  description = "IPv4 ranges that may reach the load balancer."
  type        = list(string)

  validation {
    condition     = alltrue([for cidr in var.ingress_cidrs : can(cidrnetmask(cidr))])
    error_message = "Every range must be IPv4 in CIDR notation, such as 203.0.113.0/24."
  }
}

variable "initial_colour" {
  description = "Colour that gets all requests when a listener is created; releases move them afterwards."
  type        = string
  default     = "blue"

  validation {
    condition     = contains(["blue", "green"], var.initial_colour)
    error_message = "The colour must be blue or green."
  }
}

variable "internal" {
  description = "Whether only the VPC, and what is connected to it, reaches the load balancer. It cannot change."
  type        = bool
  default     = false
}

variable "login" {
  description = "The login that the HTTPS listener asks for, when it is created; null for none."
  type = object({
    issuer                 = string
    authorization_endpoint = string
    token_endpoint         = string
    user_info_endpoint     = string
    client_id              = string
    scope                  = string
    session_seconds        = number
  })
  default = null

  validation {
    condition     = var.login == null || try(var.login.session_seconds >= 1 && var.login.session_seconds <= 604800, false)
    error_message = "A login lasts between 1 and 604800 seconds."
  }
}

variable "name" {
  description = "Name of the load balancer."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9][a-zA-Z0-9-]{0,30}[a-zA-Z0-9]$", var.name)) && !startswith(var.name, "internal-")
    error_message = "At most 32 letters, digits and hyphens, neither at its ends, and not beginning with internal-."
  }
}

variable "port" {
  description = "Port of the instances that requests go to."
  type        = number

  validation {
    condition     = var.port >= 1 && var.port <= 65535
    error_message = "Between 1 and 65535."
  }
}

variable "prefix_list_ids" {
  description = "Lists of the addresses that may reach the load balancer, in place of ingress_cidrs; null for those."
  type        = list(string)
  default     = null
}

variable "protocol_version" {
  description = "What the instances speak: HTTP1, HTTP2 or GRPC; fixed for the life of the stack. All but HTTP1 need HTTPS."
  type        = string
  default     = "HTTP1"

  validation {
    condition     = contains(["HTTP1", "HTTP2", "GRPC"], var.protocol_version)
    error_message = "The protocol version must be HTTP1, HTTP2 or GRPC."
  }
}

variable "response_headers" {
  description = "Headers that the load balancer puts on every answer, in place of the app's own; null for none."
  type = object({
    content_security_policy   = optional(string)
    content_type_options      = optional(string)
    frame_options             = optional(string)
    strict_transport_security = optional(string)
  })
  default = {}
}

variable "ssl_policy" {
  description = "TLS policy of the HTTPS listener; TLS 1.2 and 1.3 by default."
  type        = string
  default     = "ELBSecurityPolicy-TLS13-1-2-2021-06"
}

variable "subnet_ids" {
  description = "Subnets in at least two zones: public ones, unless the load balancer is internal."
  type        = list(string)
}

variable "target_group_names" {
  description = "Names of the target groups, by colour."
  type        = map(string)

  validation {
    condition     = alltrue([for name in values(var.target_group_names) : length(name) <= 32])
    error_message = "Target group names have at most 32 characters."
  }
}

variable "vpc_id" {
  description = "VPC of the target groups."
  type        = string
}

variable "waf_fail_open" {
  description = "Whether requests pass when AWS WAF does not answer; otherwise they get 500."
  type        = bool
  default     = true
}
