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

variable "bucket" {
  description = "Bucket that AWS Config delivers to."
  type        = string
}

variable "bucket_kms_key_arn" {
  description = "Key that the bucket is encrypted with."
  type        = string
}

variable "topic_arn" {
  description = "Topic that threats are told to."
  type        = string
}
