# AWS Config: what every resource looked like at any time, and rules that say which are not as they should be.

resource "aws_config_configuration_recorder" "this" {
  name     = var.name
  role_arn = module.recorder_role.arn

  recording_group {
    all_supported                 = true
    include_global_resource_types = true
  }
}

# Apart from the audit log, because AWS Config delivers to no bucket that locks its objects by default.
module "bucket" {
  source = "../bucket"

  name               = var.bucket_name
  kms_key_arn        = var.kms_key_arn
  archive_after_days = { GLACIER_IR = 90 }
  expire_after_days  = var.retention_years * 366

  policy_statements = [
    {
      Sid       = "ConfigLooks"
      Effect    = "Allow"
      Principal = { Service = "config.amazonaws.com" }
      Action    = ["s3:GetBucketAcl", "s3:ListBucket"]
      Resource  = local.bucket_arn
      Condition = { StringEquals = { "aws:SourceAccount" = var.account_id } }
    },
    {
      Sid       = "ConfigWrites"
      Effect    = "Allow"
      Principal = { Service = "config.amazonaws.com" }
      Action    = "s3:PutObject"
      Resource  = "${local.bucket_arn}/config/AWSLogs/${var.account_id}/*"
      Condition = { StringEquals = { "aws:SourceAccount" = var.account_id, "s3:x-amz-acl" = "bucket-owner-full-control" } }
    },
  ]
}

locals {
  bucket_arn = "arn:${var.partition}:s3:::${var.bucket_name}"
}

resource "aws_config_delivery_channel" "this" {
  name           = var.name
  s3_bucket_name = module.bucket.id
  s3_key_prefix  = "config"

  depends_on = [aws_config_configuration_recorder.this]
}

resource "aws_config_configuration_recorder_status" "this" {
  name       = aws_config_configuration_recorder.this.name
  is_enabled = true

  depends_on = [aws_config_delivery_channel.this]
}

resource "aws_config_config_rule" "this" {
  for_each = {
    ACM_CERTIFICATE_EXPIRATION_CHECK          = { daysToExpiration = "30" }
    ALB_WAF_ENABLED                           = {}
    CW_LOGGROUP_RETENTION_PERIOD_CHECK        = { MinRetentionTime = "90" }
    DB_INSTANCE_BACKUP_ENABLED                = { backupRetentionPeriod = "30" }
    EC2_VOLUME_INUSE_CHECK                    = {}
    EIP_ATTACHED                              = {}
    ELASTICACHE_REPL_GRP_ENCRYPTED_IN_TRANSIT = {}
    RDS_INSTANCE_PUBLIC_ACCESS_CHECK          = {}
    RDS_MULTI_AZ_SUPPORT                      = {}
    RDS_STORAGE_ENCRYPTED                     = {}
    SECRETSMANAGER_ROTATION_ENABLED_CHECK     = {}
    VPC_FLOW_LOGS_ENABLED                     = {}
  }

  name             = lower(replace(each.key, "_", "-"))
  input_parameters = length(each.value) == 0 ? null : jsonencode(each.value)

  source {
    owner             = "AWS"
    source_identifier = each.key
  }

  depends_on = [aws_config_configuration_recorder.this]
}

module "recorder_role" {
  source = "../service-role"

  name             = "${var.name}-config"
  description      = "Records what resources look like"
  service          = "config.amazonaws.com"
  account_id       = var.account_id
  partition        = var.partition
  managed_policies = ["AWS_ConfigRole"]

  statements = [
    {
      Effect   = "Allow"
      Action   = "s3:PutObject"
      Resource = "${local.bucket_arn}/config/AWSLogs/${var.account_id}/*"
    },
    {
      Effect   = "Allow"
      Action   = "s3:GetBucketAcl"
      Resource = local.bucket_arn
    },
    {
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource = var.kms_key_arn
    },
  ]
}
