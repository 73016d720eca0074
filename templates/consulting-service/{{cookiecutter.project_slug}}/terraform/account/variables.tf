variable "project" {
  description = "Name of the project, and prefix of every name."
  type        = string
}

variable "environment" {
  description = "Environment that the account is of."
  type        = string
}

variable "aws_account_id" {
  description = "The account: Terraform refuses to work in any other."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.aws_account_id))
    error_message = "An account id has 12 digits."
  }
}

variable "aws_region" {
  description = "AWS region."
  type        = string
}

variable "dr_region" {
  description = "Second region, which images are copied to."
  type        = string
}

variable "owner" {
  description = "Who answers for the account: a tag of every resource."
  type        = string
}

variable "cost_centre" {
  description = "Who pays for the account: a tag of every resource."
  type        = string
}

variable "alert_emails" {
  description = "Addresses that alerts go to."
  type        = set(string)
}

variable "audit_retention_years" {
  description = "Years that the audit log is kept, and locked."
  type        = number
}

variable "audit_lock_mode" {
  description = "COMPLIANCE, which nobody can lift for all these years, or GOVERNANCE, which an administrator can."
  type        = string

  validation {
    condition     = contains(["COMPLIANCE", "GOVERNANCE"], var.audit_lock_mode)
    error_message = "The mode of the lock is COMPLIANCE or GOVERNANCE."
  }
}

variable "state_environments" {
  description = "Environments whose states lie in this account."
  type        = set(string)
}

variable "tags_are_known" {
  description = "Whether the billing of the account has seen the tags, about a day after the first apply of an environment."
  type        = bool
}

variable "image_copies" {
  description = "Accounts of later environments that every image is copied to."
  type        = list(object({ region = string, account_id = string }))
}

variable "images_copied_from" {
  description = "Accounts that copy their images here."
  type        = list(string)
}
