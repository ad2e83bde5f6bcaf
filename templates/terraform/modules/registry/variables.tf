variable "keep_releases" {
  description = "How many tagged images to keep; a rollback reaches no further back."
  type        = number
  default     = 50

  validation {
    condition     = var.keep_releases >= 2
    error_message = "Keep at least two: the release that serves and the one before it."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts the images; null for the registry's own AES-256 encryption."
  type        = string
  default     = null
}

variable "name" {
  description = "Name of the repository."
  type        = string
}

variable "untagged_days" {
  description = "Days after which an image without a tag expires."
  type        = number
  default     = 7
}
