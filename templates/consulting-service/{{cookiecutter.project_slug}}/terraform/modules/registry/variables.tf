variable "name" {
  description = "Name of the repository."
  type        = string
}

variable "partition" {
  description = "Partition of the ARNs."
  type        = string
}

variable "account_id" {
  description = "Account that the repository is in."
  type        = string
}

variable "aws_region" {
  description = "Region that the repository is in."
  type        = string
}

variable "kms_key_arn" {
  description = "Key that images are encrypted with."
  type        = string
}

variable "copies" {
  description = "Where every image is copied to: the other region, and the accounts of later environments."
  type        = list(object({ region = string, account_id = string }))
}

variable "copied_from" {
  description = "Accounts that copy their images here."
  type        = list(string)
  default     = []
}
