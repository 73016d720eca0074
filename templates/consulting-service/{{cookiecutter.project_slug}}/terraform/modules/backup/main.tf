# Backups: every day for 30 days with a copy in another region, every hour for 2 days, and continuously. The vaults of the
# daily ones are locked, so that nobody deletes a backup before its time.

resource "aws_backup_vault" "daily" {
  name        = "${var.name}-daily"
  kms_key_arn = var.kms_key_arn
}

# Apart, because a vault whose backups live 30 days at least refuses those that live 2.
resource "aws_backup_vault" "hourly" {
  name        = "${var.name}-hourly"
  kms_key_arn = var.kms_key_arn
}

resource "aws_backup_vault" "off_site" {
  provider = aws.dr

  name        = "${var.name}-off-site"
  kms_key_arn = var.off_site_kms_key_arn
}

resource "aws_backup_vault_lock_configuration" "daily" {
  backup_vault_name   = aws_backup_vault.daily.name
  min_retention_days  = 30
  max_retention_days  = 366
  changeable_for_days = local.final_after_days
}

resource "aws_backup_vault_lock_configuration" "hourly" {
  backup_vault_name   = aws_backup_vault.hourly.name
  min_retention_days  = 2
  max_retention_days  = 35
  changeable_for_days = local.final_after_days
}

resource "aws_backup_vault_lock_configuration" "off_site" {
  provider = aws.dr

  backup_vault_name   = aws_backup_vault.off_site.name
  min_retention_days  = 30
  max_retention_days  = 366
  changeable_for_days = local.final_after_days
}

locals {
  # A lock that becomes final binds the account's owner and AWS too: after these days there is no way back.
  final_after_days = var.lock_mode == "compliance" ? 3 : null
}

resource "aws_backup_vault_notifications" "daily" {
  backup_vault_name   = aws_backup_vault.daily.name
  sns_topic_arn       = var.topic_arn
  backup_vault_events = ["BACKUP_JOB_FAILED", "COPY_JOB_FAILED", "RESTORE_JOB_COMPLETED", "RECOVERY_POINT_MODIFIED"]
}

resource "aws_backup_plan" "this" {
  name = var.name

  rule {
    rule_name                    = "daily"
    target_vault_name            = aws_backup_vault.daily.name
    schedule                     = "cron(0 3 * * ? *)"
    schedule_expression_timezone = "UTC"
    start_window                 = 60
    completion_window            = 180

    lifecycle {
      delete_after = 30
    }

    copy_action {
      destination_vault_arn = aws_backup_vault.off_site.arn

      lifecycle {
        delete_after = 30
      }
    }
  }

  rule {
    rule_name                    = "hourly"
    target_vault_name            = aws_backup_vault.hourly.name
    schedule                     = "cron(30 * * * ? *)"
    schedule_expression_timezone = "UTC"
    start_window                 = 60
    completion_window            = 120

    lifecycle {
      delete_after = 2
    }
  }

  rule {
    rule_name                    = "continuous"
    target_vault_name            = aws_backup_vault.hourly.name
    schedule                     = "cron(15 4 * * ? *)"
    schedule_expression_timezone = "UTC"
    start_window                 = 60
    completion_window            = 180
    enable_continuous_backup     = true

    lifecycle {
      delete_after = 30
    }
  }
}

resource "aws_backup_selection" "tagged" {
  name         = "${var.name}-tagged"
  plan_id      = aws_backup_plan.this.id
  iam_role_arn = module.role.arn

  # The ARN of the database itself, so that it is backed up whatever becomes of its tags.
  resources = var.resource_arns
}

module "role" {
  source = "../service-role"

  name             = "${var.name}-backup"
  description      = "Makes and restores backups"
  service          = "backup.amazonaws.com"
  account_id       = var.account_id
  partition        = var.partition
  managed_policies = ["AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForRestores"]
}
