variable "account_id" {
  description = "Account that the stack belongs to."
  type        = string
}

variable "acme_challenge" {
  description = "Names that the stack's one machine proves by TXT records, and their hosted zone; null without DNS-01."
  type = object({
    domains = list(string)
    zone_id = string
  })
  default = null
}

variable "elastic_ip_arn" {
  description = "Elastic IP that the stack's one machine takes; null for a fleet."
  type        = string
  default     = null
}

variable "left_target_group_names" {
  description = "Target groups that an instance takes itself out of, when AWS reclaims a Spot Instance."
  type        = list(string)
  default     = []
}

variable "log_group_arns" {
  description = "Log groups that instances write to."
  type        = list(string)
}

variable "models" {
  description = "What instances may read of models in S3, as BUCKET/PREFIX: the object of that name, and those below it."
  type        = list(string)
  default     = []
}

variable "permissions_boundary" {
  description = "ARN of the policy that limits what the role may ever do; null for none."
  type        = string
  default     = null
}

variable "pointer_names" {
  description = "Names of the parameters that say which release a colour runs."
  type        = list(string)
}

variable "region" {
  description = "Region of the stack."
  type        = string
}

variable "repository_arn" {
  description = "Repository that instances pull from."
  type        = string
}

variable "role_name" {
  description = "Name of the role and of its instance profile, unique in the account whatever the region."
  type        = string

  validation {
    condition     = length(var.role_name) <= 64
    error_message = "IAM takes at most 64 characters."
  }
}

variable "secret_names" {
  description = "Names in Secrets Manager of the secrets that instances may read."
  type        = list(string)
  default     = []
}

variable "state" {
  description = "Bucket and prefix of the release records and of the instances' reports."
  type = object({
    bucket = string
    prefix = string
  })
}
