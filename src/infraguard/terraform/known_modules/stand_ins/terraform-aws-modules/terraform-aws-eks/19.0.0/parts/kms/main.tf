# The key for the secrets of the cluster.

variable "create" {}

variable "alias" {}

variable "enable_key_rotation" {}

variable "deletion_window_in_days" {}

variable "tags" {}

resource "aws_kms_key" "this" {
  count = var.create ? 1 : 0

  enable_key_rotation     = var.enable_key_rotation
  deletion_window_in_days = var.deletion_window_in_days
  tags                    = var.tags
}

resource "aws_kms_alias" "this" {
  for_each = var.create ? { cluster = var.alias } : {}

  name          = "alias/${each.value}"
  target_key_id = aws_kms_key.this[0].key_id
}

resource "aws_kms_external_key" "this" {
  count = 0
}

resource "aws_kms_replica_key" "this" {
  count = 0

  primary_key_arn = ""
}

output "key_arn" {
  value = try(aws_kms_key.this[0].arn, null)
}
