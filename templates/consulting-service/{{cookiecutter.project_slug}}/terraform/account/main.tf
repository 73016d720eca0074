# What exists once in an account. Apply it in every account that an environment is in, before the environment.

locals {
  name      = "${var.project}-account"
  partition = startswith(var.aws_region, "us-gov-") ? "aws-us-gov" : startswith(var.aws_region, "cn-") ? "aws-cn" : "aws"
  tags = {
    Project     = var.project
    Service     = var.project
    Environment = var.environment
    Owner       = var.owner
    CostCentre  = var.cost_centre
    ManagedBy   = "terraform"
  }
}

provider "aws" {
  region              = var.aws_region
  allowed_account_ids = [var.aws_account_id]

  default_tags {
    tags = local.tags
  }
}

module "keys" {
  source = "../modules/kms"

  name       = local.name
  partition  = local.partition
  account_id = var.aws_account_id

  keys = {
    alerts = { description = "alerts", services = ["cloudwatch.amazonaws.com", "events.amazonaws.com"] }
    audit = {
      description   = "the audit log"
      services      = ["cloudtrail.amazonaws.com", "config.amazonaws.com"]
      log_groups_in = [var.aws_region]
    }
    images = { description = "images" }
  }
}

module "alerting" {
  source = "../modules/alerting"

  name        = local.name
  account_id  = var.aws_account_id
  kms_key_arn = module.keys.arns["alerts"]
  emails      = var.alert_emails
}

module "audit" {
  source = "../modules/audit"

  name            = local.name
  partition       = local.partition
  account_id      = var.aws_account_id
  aws_region      = var.aws_region
  bucket_name     = "${var.project}-audit-${var.aws_account_id}"
  state_buckets   = [for environment in var.state_environments : "${var.project}-${environment}-terraform-state"]
  retention_years = var.audit_retention_years
  lock_mode       = var.audit_lock_mode
  kms_key_arn     = module.keys.arns["audit"]
  topic_arn       = module.alerting.topic_arn
}

module "security" {
  source = "../modules/security"

  name            = local.name
  partition       = local.partition
  account_id      = var.aws_account_id
  aws_region      = var.aws_region
  bucket_name     = "${var.project}-config-${var.aws_account_id}"
  retention_years = var.audit_retention_years
  kms_key_arn     = module.keys.arns["audit"]
  topic_arn       = module.alerting.topic_arn
}

module "registry" {
  source = "../modules/registry"

  name        = var.project
  partition   = local.partition
  account_id  = var.aws_account_id
  aws_region  = var.aws_region
  kms_key_arn = module.keys.arns["images"]
  copies      = concat([{ region = var.dr_region, account_id = var.aws_account_id }], var.image_copies)
  copied_from = var.images_copied_from
}
