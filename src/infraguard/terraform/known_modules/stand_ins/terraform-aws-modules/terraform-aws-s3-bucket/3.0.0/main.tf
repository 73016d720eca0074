# The bucket as the arguments make it: its versions, its lifecycle and its locks.

variable "create_bucket" {
  default = true
}

variable "is_directory_bucket" {
  default = false
}

variable "bucket" {
  default = null
}

variable "bucket_prefix" {
  default = null
}

variable "force_destroy" {
  default = false
}

variable "object_lock_enabled" {
  default = false
}

variable "object_lock_configuration" {
  default = {}
}

variable "versioning" {
  default = {}
}

variable "lifecycle_rule" {
  default = []
}

variable "intelligent_tiering" {
  default = {}
}

variable "tags" {
  default = {}
}

locals {
  create     = var.create_bucket && !var.is_directory_bucket
  rules      = try(jsondecode(var.lifecycle_rule), var.lifecycle_rule)
  tiers      = try(jsondecode(var.intelligent_tiering), var.intelligent_tiering)
  lock       = try(var.object_lock_configuration.rule.default_retention, null)
  is_enabled = try(var.versioning.enabled, var.versioning.status, true)
}

resource "aws_s3_bucket" "this" {
  count = local.create ? 1 : 0

  bucket              = var.bucket
  bucket_prefix       = var.bucket_prefix
  force_destroy       = var.force_destroy
  object_lock_enabled = var.object_lock_enabled
  tags                = var.tags
}

resource "aws_s3_bucket_versioning" "this" {
  count = local.create && length(var.versioning) > 0 ? 1 : 0

  bucket = aws_s3_bucket.this[0].id

  versioning_configuration {
    status = try(tobool(local.is_enabled) ? "Enabled" : "Suspended", title(lower(local.is_enabled)))
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  count = local.create && length(local.rules) > 0 ? 1 : 0

  bucket = aws_s3_bucket.this[0].id

  dynamic "rule" {
    for_each = local.rules
    content {
      id     = try(rule.value.id, null)
      status = try(rule.value.enabled ? "Enabled" : "Disabled", tobool(rule.value.status) ? "Enabled" : "Disabled", title(lower(rule.value.status)), "Enabled")

      dynamic "expiration" {
        for_each = try(flatten([rule.value.expiration]), [])
        content {
          date                         = try(expiration.value.date, null)
          days                         = try(expiration.value.days, null)
          expired_object_delete_marker = try(expiration.value.expired_object_delete_marker, null)
        }
      }

      dynamic "transition" {
        for_each = try(flatten([rule.value.transition]), [])
        content {
          date          = try(transition.value.date, null)
          days          = try(transition.value.days, null)
          storage_class = try(transition.value.storage_class, null)
        }
      }

      dynamic "noncurrent_version_expiration" {
        for_each = try(flatten([rule.value.noncurrent_version_expiration]), [])
        content {
          noncurrent_days = try(noncurrent_version_expiration.value.days, noncurrent_version_expiration.value.noncurrent_days, null)
        }
      }

      dynamic "noncurrent_version_transition" {
        for_each = try(flatten([rule.value.noncurrent_version_transition]), [])
        content {
          noncurrent_days = try(noncurrent_version_transition.value.days, noncurrent_version_transition.value.noncurrent_days, null)
          storage_class   = try(noncurrent_version_transition.value.storage_class, null)
        }
      }
    }
  }
}

resource "aws_s3_bucket_intelligent_tiering_configuration" "this" {
  for_each = { for name, tier in local.tiers : name => tier if local.create }

  bucket = aws_s3_bucket.this[0].id
  name   = each.key
  status = try(tobool(each.value.status) ? "Enabled" : "Disabled", title(lower(each.value.status)), null)

  dynamic "tiering" {
    for_each = each.value.tiering
    content {
      access_tier = tiering.key
      days        = tiering.value.days
    }
  }
}

resource "aws_s3_bucket_object_lock_configuration" "this" {
  count = local.create && var.object_lock_enabled && local.lock != null ? 1 : 0

  bucket = aws_s3_bucket.this[0].id

  rule {
    default_retention {
      mode  = local.lock.mode
      days  = try(local.lock.days, null)
      years = try(local.lock.years, null)
    }
  }
}

output "s3_bucket_id" {
  value = try(aws_s3_bucket.this[0].id, null)
}

output "s3_bucket_arn" {
  value = try(aws_s3_bucket.this[0].arn, null)
}

output "s3_bucket_bucket_domain_name" {
  value = try(aws_s3_bucket.this[0].bucket_domain_name, null)
}

output "s3_bucket_bucket_regional_domain_name" {
  value = try(aws_s3_bucket.this[0].bucket_regional_domain_name, null)
}

output "s3_bucket_region" {
  value = try(aws_s3_bucket.this[0].region, null)
}

output "s3_bucket_hosted_zone_id" {
  value = try(aws_s3_bucket.this[0].hosted_zone_id, null)
}
