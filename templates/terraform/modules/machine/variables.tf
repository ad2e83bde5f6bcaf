variable "account_id" {
  description = "Account that owns the state bucket."
  type        = string
}

variable "allocation_id" {
  description = "EC2's id of the Elastic IP that the machine takes when it boots."
  type        = string
}

variable "ami_id" {
  description = "Image of the instances, of the instance type's architecture."
  type        = string

  validation {
    condition     = can(regex("^ami-[0-9a-f]+$", var.ami_id))
    error_message = "An image id looks like ami-0123456789abcdef0."
  }
}

variable "boot_log_group_name" {
  description = "Log group of the instances' start."
  type        = string
}

variable "challenge" {
  description = "How the machine proves to Let's Encrypt that the names are its own: http-01, on port 80, or dns-01, by records in zone_id."
  type        = string
  default     = "http-01"

  validation {
    condition     = contains(["http-01", "dns-01"], var.challenge)
    error_message = "The challenge is http-01 or dns-01."
  }
}

variable "cpu_credits" {
  description = "Whether a burstable type stays at full speed and costs more (unlimited) or slows down (standard) when its credits are spent; null for other types."
  type        = string
  default     = null

  validation {
    condition     = var.cpu_credits == null || can(regex("^(standard|unlimited)$", var.cpu_credits))
    error_message = "CPU credits are standard or unlimited."
  }
}

variable "disk_gb" {
  description = "Size of the root volume in GiB; the images of two releases must fit."
  type        = number
  default     = 30

  validation {
    condition     = var.disk_gb >= 8 && var.disk_gb <= 16384
    error_message = "Between 8 and 16384 GiB."
  }
}

variable "door_names" {
  description = "Names of the parameters that the door follows."
  type = object({
    settings = string
    traffic  = string
  })
}

variable "gpus" {
  description = "How many GPUs the instance type has. An instance with fewer of them reports it and stops its container, and its group replaces it."
  type        = number
  default     = 0
}

variable "grace_seconds" {
  description = "Seconds after its start before an unhealthy instance is replaced."
  type        = number

  validation {
    condition     = var.grace_seconds >= 0
    error_message = "Not negative."
  }
}

variable "https" {
  description = "Whether the address has HTTPS, so that port 443 is open."
  type        = bool
}

variable "ingress_cidrs" {
  description = "Who may reach the machine. http-01 needs 0.0.0.0/0."
  type        = list(string)
  default     = ["0.0.0.0/0"]
}

variable "initial_colour" {
  description = "Colour that gets all requests at first; releases move them afterwards."
  type        = string
  default     = "blue"
}

variable "instance_folder" {
  description = "Folder of the files that every instance gets."
  type        = string
}

variable "instance_profile_name" {
  description = "Instance profile of the instances."
  type        = string
}

variable "instance_type" {
  description = "Type of the instances."
  type        = string
}

variable "kms_key_arn" {
  description = "Key that encrypts the disks; null for the account's default EBS key."
  type        = string
  default     = null
}

variable "log_group_name" {
  description = "Log group of the container."
  type        = string
}

variable "metrics" {
  description = "What instances measure once a minute, and the log group and namespace that it goes to; null for nothing."
  type = object({
    log_group = string
    namespace = string
    instances = bool
    path      = string
    series    = list(string)
  })
  default = null
}

variable "name" {
  description = "Name of the Auto Scaling group, the launch template and the security group."
  type        = string
}

variable "pointer_names" {
  description = "Names of the parameters that say which release a colour runs, by colour."
  type        = map(string)
}

variable "poll_seconds" {
  description = "Seconds between two reads of the release pointer."
  type        = number
  default     = 5
}

variable "region" {
  description = "Region of the stack."
  type        = string
}

variable "root_device_name" {
  description = "Device name of the image's root volume; Ubuntu's is /dev/sda1."
  type        = string
  default     = "/dev/sda1"
}

variable "settings" {
  description = "What the door does: names of the address, headers, limits and the container's health path."
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

variable "stack" {
  description = "Name and environment that instances report."
  type = object({
    name        = string
    environment = string
  })
}

variable "state" {
  description = "Bucket and prefix of the release records and of the instances' reports."
  type = object({
    bucket = string
    prefix = string
  })
}

variable "subnet_ids" {
  description = "Subnets of the instances, by availability zone."
  type        = map(string)
}

variable "tags" {
  description = "Tags of the group and of what it launches."
  type        = map(string)
}

variable "vpc_id" {
  description = "VPC of the instances."
  type        = string
}

variable "zone_id" {
  description = "Hosted zone of the names in Route53; null for a zone elsewhere."
  type        = string
  default     = null
}
