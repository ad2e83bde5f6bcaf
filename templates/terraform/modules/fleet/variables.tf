variable "account_id" {
  description = "Account that owns the state bucket."
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

variable "cpu_credits" {
  description = "Whether a burstable type stays at full speed and costs more (unlimited) or slows down (standard) when its credits are spent; null for other types."
  type        = string
  default     = null

  validation {
    condition     = var.cpu_credits == null || can(regex("^(standard|unlimited)$", var.cpu_credits))
    error_message = "CPU credits are standard or unlimited."
  }
}

variable "detailed_monitoring" {
  description = "Whether EC2 reports its metrics once a minute instead of every five."
  type        = bool
  default     = false
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

variable "endpoint_security_group_ids" {
  description = "Security groups of interface endpoints that the instances call."
  type        = list(string)
  default     = []
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

variable "group_names" {
  description = "Names of the Auto Scaling groups and launch templates, by colour."
  type        = map(string)
}

variable "instance_folder" {
  description = "Folder of the files that every instance gets."
  type        = string
}

variable "instance_profile_name" {
  description = "Instance profile of the instances."
  type        = string
}

variable "instance_types" {
  description = "Types of the instances, in the order of preference: a zone without capacity for one gets the next."
  type        = list(string)

  validation {
    condition     = length(var.instance_types) >= 1
    error_message = "At least one type."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts the disks; null for the account's default EBS key."
  type        = string
  default     = null
}

variable "load_balancer_security_group_id" {
  description = "Security group of the load balancer, which alone reaches the instances."
  type        = string
}

variable "log_group_name" {
  description = "Log group of the container."
  type        = string
}

variable "max_size" {
  description = "Maximum number of instances of a colour."
  type        = number

  validation {
    condition     = var.max_size >= 1
    error_message = "At least one."
  }
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

variable "pointer_names" {
  description = "Names of the parameters that say which release a colour runs, by colour."
  type        = map(string)
}

variable "poll_seconds" {
  description = "Seconds between two reads of the release pointer."
  type        = number
  default     = 30
}

variable "ports" {
  description = "Ports of the instances that the load balancer reaches: for requests, and for health checks."
  type        = list(number)
}

variable "public_addresses" {
  description = "Whether instances get a public address."
  type        = bool
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

variable "spot" {
  description = "How many On-Demand instances a colour has first, and the share of the others that are Spot Instances, in per cent; null for On-Demand instances only."
  type        = object({ base = number, share = number })
  default     = null

  validation {
    condition     = var.spot == null || try(var.spot.base >= 0 && var.spot.share >= 1 && var.spot.share <= 100, false)
    error_message = "A base of at least 0, and a share from 1 to 100."
  }
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
  description = "Tags of the groups and of what they launch."
  type        = map(string)
}

variable "target_group_arns" {
  description = "Target groups, by colour."
  type        = map(string)
}

variable "vpc_id" {
  description = "VPC of the instances."
  type        = string
}

variable "warmup_seconds" {
  description = "Seconds until a new instance counts in the group's metrics."
  type        = number
  default     = 60
}
