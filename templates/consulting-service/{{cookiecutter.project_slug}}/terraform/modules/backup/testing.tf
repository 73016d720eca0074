# A backup is worth what a restore proves. On the first of each month the newest one is restored and looked at; the
# framework holds every backup to the objectives of docs/disaster-recovery.md.

resource "aws_backup_restore_testing_plan" "monthly" {
  name                         = replace(var.name, "-", "_")
  schedule_expression          = "cron(0 5 1 * ? *)"
  schedule_expression_timezone = "Etc/UTC"
  # Soon, because what was restored waits four hours for a verdict, and .github/workflows/restore-test.yml comes by once.
  start_window_hours = 1

  recovery_point_selection {
    algorithm             = "LATEST_WITHIN_WINDOW"
    include_vaults        = [aws_backup_vault.daily.arn]
    recovery_point_types  = ["SNAPSHOT"]
    selection_window_days = 7
  }
}

resource "aws_backup_restore_testing_selection" "database" {
  name                      = "database"
  restore_testing_plan_name = aws_backup_restore_testing_plan.monthly.name
  protected_resource_type   = "RDS"
  protected_resource_arns   = ["*"]
  iam_role_arn              = module.role.arn
  validation_window_hours   = 4

  restore_metadata_overrides = {
    dbSubnetGroupName   = var.subnet_group
    vpcSecurityGroupIds = jsonencode([var.security_group_id])
    multiAz             = "false"
  }
}

resource "aws_backup_framework" "this" {
  name        = replace(var.name, "-", "_")
  description = "Backups of ${var.name}: daily, kept 30 days, encrypted, an hour old at most, restored within an hour"

  dynamic "control" {
    for_each = local.controls

    content {
      name = control.key

      dynamic "input_parameter" {
        for_each = control.value.parameters

        content {
          name  = input_parameter.key
          value = input_parameter.value
        }
      }

      dynamic "scope" {
        for_each = control.value.kinds

        content {
          compliance_resource_types = [scope.value]
        }
      }
    }
  }
}

locals {
  controls = {
    BACKUP_PLAN_MIN_FREQUENCY_AND_MIN_RETENTION_CHECK = {
      parameters = { requiredFrequencyUnit = "days", requiredFrequencyValue = "1", requiredRetentionDays = "2" }
      kinds      = []
    }
    BACKUP_RECOVERY_POINT_ENCRYPTED = {
      parameters = {}
      kinds      = []
    }
    BACKUP_LAST_RECOVERY_POINT_CREATED = {
      parameters = { recoveryPointAgeUnit = "hours", recoveryPointAgeValue = "1" }
      kinds      = ["RDS"]
    }
    RESTORE_TIME_FOR_RESOURCES_MEET_TARGET = {
      parameters = { maxRestoreTime = "60" }
      kinds      = ["RDS"]
    }
  }
}
