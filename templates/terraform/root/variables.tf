variable "access_logs" {
  description = "Bucket and prefix for the load balancer's access logs; load balancers must be allowed to write there. Null for none."
  type = object({
    bucket = string
    prefix = string
  })
  default = null
}

variable "account_id" {
  description = "Account that the stack belongs to; other accounts' credentials are refused."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account id has twelve digits."
  }
}

variable "alarm_action_arns" {
  description = "SNS topics that hear when an alarm goes off or is over."
  type        = list(string)
  default     = []
}

variable "alarms" {
  description = "Thresholds of the alarms."
  type = object({
    errors_per_minute     = optional(number, 5)
    p99_seconds           = optional(number, 2)
    unanswered_per_minute = optional(number, 20)
    unhealthy_hosts       = optional(number, 1)
  })
  default = {}
}

variable "alerts" {
  description = "Who hears of alarms, by e-mail or through SNS topics, and their thresholds; null for none."
  type = object({
    emails          = list(string)
    topic_arns      = list(string)
    call_topic_arns = list(string)
    thresholds = object({
      connection_errors = number
      error_percent     = number
      min_requests      = number
      p99_seconds       = number
      memory_percent    = number
      disk_percent      = number
    })
  })
  default = null
}

variable "ami_id" {
  description = "Machine image of the instances: an Ubuntu LTS with Python 3 and apt."
  type        = string

  validation {
    condition     = can(regex("^ami-[0-9a-f]+$", var.ami_id))
    error_message = "The id of a machine image looks like ami-0123456789abcdef0."
  }
}

variable "budget" {
  description = "What the stack may cost in a month, in USD, and who hears of it: addresses, an SNS topic, or those who get the alerts; null without a budget."
  type = object({
    emails       = list(string)
    joins_alerts = optional(bool, false)
    topic        = optional(string)
    usd          = number
  })
  default = null
}

variable "cloudfront" {
  description = "Routes whose answers CloudFront caches, in the order of evaluation; null without CloudFront."
  type = object({
    cache = list(object({
      path    = string
      seconds = number
      headers = optional(list(string), [])
      query   = optional(string, "all")
      queries = optional(list(string), [])
    }))
  })
  default = null
}

# <if machine>
variable "door" {
  description = "What the machine's door does: names of the address, headers of every answer, limits, and the container's health path. It follows changes at once."
  type = object({
    authority        = optional(string)
    body_limit_bytes = optional(number)
    domains          = list(string)
    drain_seconds    = number
    email            = optional(string)
    headers          = map(string)
    health_codes     = optional(list(number))
    health_path      = string
    request_seconds  = number
  })
}

# <end machine>
variable "domain" {
  description = "Host names of the address, the first one in the output url, and their Route53 zone, by id or by name. With routing, stacks in other regions have records of the same names: policy is latency, primary or secondary. Null for plain HTTP on the load balancer's own name."
  type = object({
    names     = list(string)
    zone_id   = optional(string)
    zone_name = optional(string)
    routing = optional(object({
      policy         = string
      set_identifier = string
    }))
  })
  default = null
}

variable "drain_seconds" {
  description = "Seconds that requests in flight get to finish when an instance leaves."
  type        = number
  default     = 10
}

variable "environment" {
  description = "Environment of the stack, such as production."
  type        = string
}

# <if existing-vpc>
variable "existing_vpc" {
  description = "A VPC that is not the stack's, the load balancer's subnets in it, and those of the instances, one in each zone."
  type = object({
    id                       = string
    load_balancer_subnet_ids = list(string)
    instance_subnet_ids      = list(string)
  })
}

# <end existing-vpc>
variable "github" {
  description = "Roles of a GitHub repository's workflows and the subjects of the tokens that may have them, by release and plan; null for none."
  type = map(object({
    role_name = string
    subjects  = list(string)
  }))
  default = null
}

variable "health" {
  description = "How the load balancer decides that an instance is healthy."
  type = object({
    path                = string
    matcher             = optional(string)
    interval_seconds    = optional(number, 5)
    timeout_seconds     = optional(number, 4)
    healthy_threshold   = optional(number, 2)
    unhealthy_threshold = optional(number, 6)
  })
}

variable "idle_timeout_seconds" {
  description = "Seconds that a connection may be idle, which also limits the time to a request's first byte."
  type        = number
  default     = 60
}

variable "initial_colour" {
  description = "Colour that gets all requests when a listener is created; releases move them afterwards."
  type        = string
  default     = "blue"
}

variable "instances" {
  description = "The instances of each colour. Releases decide how many run, between none and max."
  type = object({
    type           = string
    other_types    = optional(list(string), [])
    max            = number
    cpu_credits    = optional(string)
    disk_gb        = optional(number, 30)
    gpus           = optional(number, 0)
    grace_seconds  = optional(number, 420)
    spot           = optional(object({ base = number, share = number }))
    warmup_seconds = optional(number, 120)
  })
}

variable "keep_releases" {
  description = "How many images to keep; a rollback reaches no further back."
  type        = number
  default     = 50
}

variable "log_retention_days" {
  description = "Days that log events are kept."
  type        = number
  default     = 30
}

# <if login>
variable "login" {
  description = "The login in front of the address: an OpenID Connect issuer, its endpoints, and the client that is registered there. The client's secret is not here: `infer-deploy up` gives it to the listener."
  type = object({
    issuer                 = string
    authorization_endpoint = string
    token_endpoint         = string
    user_info_endpoint     = string
    client_id              = string
    scope                  = optional(string, "openid")
    session_seconds        = optional(number, 43200)
  })
}

# <end login>
variable "metrics" {
  description = "What instances measure once a minute: whether their memory and disk, and which series of the app's own metrics at a path; null for nothing."
  type = object({
    instances = bool
    path      = string
    series    = list(string)
  })
  default = null
}

variable "name" {
  description = "Name of the service."
  type        = string
}

variable "names" {
  description = "Names that must be unique in the account and fit the limits of their service."
  type = object({
    # <if fleet>
    groups        = map(string)
    load_balancer = string
    target_groups = map(string)

    # <end fleet>
    # <if machine>
    door    = map(string)
    machine = string

    # <end machine>
    instance_role    = string
    log_groups       = map(string)
    release_pointers = map(string)
    repository       = string
    secret_prefix    = string
  })
}

variable "models" {
  description = "What instances may read of models in S3, as BUCKET/PREFIX."
  type        = list(string)
  default     = []
}

variable "network" {
  description = "The network; egress is nat, nat-per-zone, endpoints or public. Flow logs of REJECT or ALL connections go to the log group `network`. An internal address is reached from the VPC only."
  type = object({
    cidr          = optional(string)
    egress        = optional(string, "nat")
    ingress_cidrs = list(string)
    internal      = optional(bool, false)
    flow_logs = optional(object({
      role_name = string
      traffic   = string
    }))
  })
}

variable "permissions_boundary" {
  description = "ARN of the policy that limits what the stack's roles may ever do; null for none."
  type        = string
  default     = null
}

variable "port" {
  description = "Port of the instances that requests go to; fixed for the life of the stack."
  type        = number
}

variable "protection" {
  description = "Whether AWS refuses to delete the load balancer."
  type        = bool
  default     = false
}

variable "protocol_version" {
  description = "What the container speaks: HTTP1, HTTP2 or GRPC; fixed for the life of the stack."
  type        = string
  default     = "HTTP1"
}

variable "region" {
  description = "Region of the stack."
  type        = string
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

variable "scaling" {
  description = "What the number of instances follows, and how much of it one instance should have; null for no policy."
  type = object({
    metric = string
    series = optional(string)
    target = number
  })
  default = null
}

variable "secret_names" {
  description = "Secrets that instances may read. Their values are never in Terraform: `infer-deploy secrets set` writes them."
  type        = list(string)
  default     = []
}

variable "state_prefix" {
  description = "Prefix of the stack's keys in the state bucket."
  type        = string
}

variable "tags" {
  description = "Tags of every resource, in addition to infer-deploy's own."
  type        = map(string)
  default     = {}
}

variable "waf" {
  description = "What AWS WAF does, requests of one address in five minutes, and its log group; null without a web ACL. With auth = keys it also needs the rule group that has the API keys, which `infer-deploy up` makes."
  type = object({
    auth           = optional(string, "none")
    key_group_arn  = optional(string)
    log_group_name = string
    mode           = string
    rate           = number
  })
  default = null

  validation {
    condition     = var.waf == null || try((var.waf.auth == "keys") == (var.waf.key_group_arn != null), false)
    error_message = "With auth = keys, key_group_arn names the rule group that has the keys: infer-deploy up makes it. Without it, there is none."
  }
}

# <if network>
variable "zones" {
  description = "Two or three availability zones of the region, in the order of their subnets; the first ones cannot change while the stack exists."
  type        = list(string)
}
# <end network>
