variable "name" {
  description = "Name of the warehouse, and prefix of every name."
  type        = string
}

variable "partition" {
  description = "Partition of the ARNs."
  type        = string
}

variable "account_id" {
  description = "Account that the warehouse is in."
  type        = string
}

variable "vpc_id" {
  description = "VPC that the warehouse lives in."
  type        = string
}

variable "subnet_ids" {
  description = "Data subnets of the warehouse."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 3
    error_message = "Redshift Serverless lies in three zones at least: name a third one in availability_zones."
  }
}

variable "client_security_group_ids" {
  description = "Security groups that may ask, by what they are of."
  type        = map(string)
}

variable "source_arn" {
  description = "Database whose changes are replicated."
  type        = string
}

variable "kms_key_arn" {
  description = "Key that the data is encrypted with."
  type        = string
}

variable "secrets_kms_key_arn" {
  description = "Key that the administrator's password is encrypted with."
  type        = string
}
