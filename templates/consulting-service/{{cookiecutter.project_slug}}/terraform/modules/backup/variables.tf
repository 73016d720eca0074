variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "partition" {
  description = "Partition of the ARNs."
  type        = string
}

variable "account_id" {
  description = "Account that the backups are in."
  type        = string
}

variable "kms_key_arn" {
  description = "Key that backups are encrypted with."
  type        = string
}

variable "off_site_kms_key_arn" {
  description = "Key that copies in the other region are encrypted with."
  type        = string
}

variable "lock_mode" {
  description = "governance, which an administrator can lift, or compliance, which nobody can after three days."
  type        = string

  validation {
    condition     = contains(["governance", "compliance"], var.lock_mode)
    error_message = "The mode of the locks is governance or compliance."
  }
}

variable "resource_arns" {
  description = "What is backed up."
  type        = list(string)
}

variable "subnet_group" {
  description = "Subnet group that a restored database is put into."
  type        = string
}

variable "security_group_id" {
  description = "Security group of a restored database: it lets the service in, which looks into the copy."
  type        = string
}

variable "topic_arn" {
  description = "Topic that failed backups are told to."
  type        = string
}
