variable "name" {
  description = "Identifier of the database, and prefix of every name."
  type        = string
}

variable "environment" {
  description = "Environment, which the name of the secret begins with."
  type        = string
}

variable "partition" {
  description = "Partition of the ARNs."
  type        = string
}

variable "account_id" {
  description = "Account that the database is in."
  type        = string
}

variable "aws_region" {
  description = "Region that the database is in."
  type        = string
}

variable "vpc_id" {
  description = "VPC that the database lives in."
  type        = string
}

variable "subnet_ids" {
  description = "Data subnets, in two availability zones at least."
  type        = list(string)
}

variable "client_security_group_ids" {
  description = "The only security groups that may connect, by what they are of."
  type        = map(string)
}

variable "rotation_subnet_ids" {
  description = "Subnets of the function that rotates the password: they reach Secrets Manager."
  type        = list(string)
}

variable "endpoint_cidrs" {
  description = "Addresses of the endpoints of Secrets Manager and KMS."
  type        = list(string)
}

variable "engine_version" {
  description = "Major version of PostgreSQL."
  type        = string
  default     = "15"

  validation {
    condition     = can(regex("^[0-9]{2}$", var.engine_version)) && try(tonumber(var.engine_version) >= 14, false)
    error_message = "Name the major version alone, 14 or newer: RDS withdraws minor ones, and the newest is taken."
  }
}

variable "instance_class" {
  description = "Size of the instance, and of every replica."
  type        = string

  validation {
    condition     = can(regex("^db\\.[a-z0-9]+\\.(micro|small|medium|(2|4)?x?large)$", var.instance_class))
    error_message = "Name a class such as db.t3.medium, up to 4xlarge."
  }
}

variable "allocated_storage_gib" {
  description = "Storage to start with, in GiB; it grows by itself to ten times as much."
  type        = number

  validation {
    condition     = var.allocated_storage_gib >= 20 && var.allocated_storage_gib <= 6553
    error_message = "The database starts with 20 to 6553 GiB: ten times as much is what RDS can hold."
  }
}

variable "multi_az" {
  description = "Whether a standby waits in another availability zone."
  type        = bool
}

variable "replicas" {
  description = "How many replicas serve reports."
  type        = number

  validation {
    condition     = var.replicas >= 0 && var.replicas <= 5
    error_message = "A database has 0 to 5 replicas."
  }
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the database."
  type        = bool
}

variable "advanced_insights" {
  description = "Whether slow queries can be looked up for 465 days rather than 7."
  type        = bool
}

variable "logical_replication" {
  description = "Whether changes are replicated to a warehouse."
  type        = bool
}

variable "passwords" {
  description = "Passwords to begin with, of the owner and of the service's user. They are written once, and rotation replaces them."
  type        = object({ master = string, service = string })
  sensitive   = true
  ephemeral   = true
}

variable "password_version" {
  description = "Raise it to write new passwords: for example after a first apply that failed in the middle."
  type        = number
}

variable "kms_key_arn" {
  description = "Key that storage, backups and insights are encrypted with."
  type        = string
}

variable "secrets_kms_key_arn" {
  description = "Key that the password is encrypted with."
  type        = string
}

variable "logs_kms_key_arn" {
  description = "Key that logs are encrypted with."
  type        = string
}

variable "secret_replica" {
  description = "Region that the secret is copied to, and the key there."
  type        = object({ region = string, kms_key_arn = string })
  default     = null
}

variable "off_site_backups" {
  description = "Key of the other region that automated backups are replicated with; null for none."
  type        = object({ kms_key_arn = string })
  default     = null
}
