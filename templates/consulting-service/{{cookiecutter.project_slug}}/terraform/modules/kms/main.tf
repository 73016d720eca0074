# A key for every purpose, so that access to one kind of data is no access to another.

locals {
  root = "arn:${var.partition}:iam::${var.account_id}:root"

  administration = {
    Sid       = "AdministrationByTheAccount"
    Effect    = "Allow"
    Principal = { AWS = local.root }
    Action    = "kms:*"
    Resource  = "*"
  }

  use = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
}

resource "aws_kms_key" "this" {
  for_each = var.keys

  description             = "${var.name}: ${each.value.description}"
  enable_key_rotation     = true
  rotation_period_in_days = 365
  deletion_window_in_days = 30

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [local.administration],
      [for service in each.value.services : {
        Sid       = "UseBy${replace(title(split(".", service)[0]), "-", "")}"
        Effect    = "Allow"
        Principal = { Service = service }
        Action    = local.use
        Resource  = "*"
      }],
      [for region in each.value.log_groups_in : {
        Sid       = "UseByLogGroupsIn${replace(title(replace(region, "-", " ")), " ", "")}"
        Effect    = "Allow"
        Principal = { Service = "logs.${region}.amazonaws.com" }
        Action    = local.use
        Resource  = "*"
        Condition = {
          ArnLike = {
            "kms:EncryptionContext:aws:logs:arn" = "arn:${var.partition}:logs:${region}:${var.account_id}:*"
          }
        }
      }],
    )
  })
}

resource "aws_kms_alias" "this" {
  for_each = var.keys

  name          = "alias/${var.name}/${each.key}"
  target_key_id = aws_kms_key.this[each.key].key_id
}
