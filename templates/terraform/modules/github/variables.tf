variable "account_id" {
  description = "Account that the stack belongs to."
  type        = string
}

variable "permissions_boundary" {
  description = "ARN of the policy that limits what the roles may ever do; null for none."
  type        = string
  default     = null
}

variable "policy_files" {
  description = "Files with the roles' policies, by release and plan: templates with account_id and partition."
  type        = map(string)
}

variable "roles" {
  description = "Names of the roles and the subjects of GitHub's tokens that may have them, by release and plan."
  type = map(object({
    role_name = string
    subjects  = list(string)
  }))

  validation {
    condition     = alltrue([for role in values(var.roles) : length(role.role_name) <= 64])
    error_message = "IAM takes at most 64 characters."
  }

  validation {
    condition     = alltrue([for role in values(var.roles) : length(role.subjects) > 0 && alltrue([for subject in role.subjects : can(regex("^repo:[^*?]+/[^*?]+:[^*?]+$", subject))])])
    error_message = "Each role names at least one subject, such as repo:octo-org/octo-repo:pull_request, without wildcards."
  }
}
