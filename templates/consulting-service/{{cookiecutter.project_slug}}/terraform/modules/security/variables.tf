variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "partition" {
  description = "Partition of the ARNs."
  type        = string
}

variable "account_id" {
  description = "Account that is watched."
  type        = string
}

variable "aws_region" {
  description = "Region that is watched."
  type        = string
}

variable "bucket_name" {
  description = "Name of the bucket that AWS Config delivers to."
  type        = string
}

variable "kms_key_arn" {
  description = "Key that the bucket is encrypted with."
  type        = string
}

variable "retention_years" {
  description = "Years that it is kept what resources looked like."
  type        = number
}

variable "topic_arn" {
  description = "Topic that threats are told to."
  type        = string
}
