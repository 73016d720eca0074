variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "partition" {
  description = "Partition of the ARNs."
  type        = string
}

variable "account_id" {
  description = "Account whose calls are recorded."
  type        = string
}

variable "aws_region" {
  description = "Region that the trail is managed from. It records all."
  type        = string
}

variable "bucket_name" {
  description = "Name of the bucket of the audit log."
  type        = string
}

variable "state_buckets" {
  description = "Buckets of Terraform's states: whoever reads one reads how everything is made."
  type        = list(string)
}

variable "retention_years" {
  description = "Years that the audit log is kept, and locked."
  type        = number

  validation {
    condition     = var.retention_years >= 1 && var.retention_years <= 10
    error_message = "The audit log is kept 1 to 10 years."
  }
}

variable "lock_mode" {
  description = "COMPLIANCE, which nobody can lift, or GOVERNANCE, which an administrator can."
  type        = string
}

variable "kms_key_arn" {
  description = "Key that the audit log is encrypted with."
  type        = string
}

variable "topic_arn" {
  description = "Topic for alarms."
  type        = string
}
