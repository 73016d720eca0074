variable "name" {
  description = "Name of the bucket, unique in the whole world."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.name))
    error_message = "A bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens."
  }
}

variable "kms_key_arn" {
  description = "Key that objects are encrypted with; null for keys that S3 keeps, which load balancers need for their logs."
  type        = string
  default     = null
}

variable "lock" {
  description = "How long no object can be changed or deleted, and whether an administrator may (GOVERNANCE) or nobody (COMPLIANCE)."
  type        = object({ mode = string, days = number })
  default     = null

  validation {
    condition     = var.lock == null ? true : contains(["GOVERNANCE", "COMPLIANCE"], var.lock.mode)
    error_message = "The mode of a lock is GOVERNANCE or COMPLIANCE."
  }
}

variable "archive_after_days" {
  description = "Storage classes that objects move to, with the age at which they do."
  type        = map(number)
  default     = { STANDARD_IA = 30, GLACIER_IR = 90, DEEP_ARCHIVE = 365 }
}

variable "expire_after_days" {
  description = "Age at which objects are deleted."
  type        = number
}

variable "policy_statements" {
  description = "Statements of the bucket's policy, beside the one that demands TLS."
  type        = any
  default     = []
}
