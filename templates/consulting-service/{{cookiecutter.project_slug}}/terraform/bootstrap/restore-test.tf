# The role of .github/workflows/restore-test.yml: it has a task of the service look into a restored backup, and tells AWS
# Backup what it found. It can start that one kind of task and give that one verdict; all else it reads.

locals {
  restore_tested = [for environment in var.environments : environment if environment == "production"]
  account        = "${var.aws_region}:${var.aws_account_id}"
}

resource "aws_iam_role_policy" "restore_test" {
  for_each = toset(local.restore_tested)

  name = "look-into-backups"
  role = aws_iam_role.github["restore-test"].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "Read"
        Effect = "Allow"
        Action = [
          "backup:GetRestoreTestingPlan", "backup:ListRecoveryPointsByBackupVault", "backup:ListRestoreJobs",
          "ecs:DescribeServices", "ecs:DescribeTaskDefinition", "ecs:DescribeTasks", "rds:DescribeDBInstances",
        ]
        Resource = "*"
      },
      {
        # A restore job has no ARN that a policy could name.
        Sid      = "GiveTheVerdict"
        Effect   = "Allow"
        Action   = "backup:PutRestoreValidationResult"
        Resource = "*"
      },
      {
        Sid       = "StartTheJob"
        Effect    = "Allow"
        Action    = "ecs:RunTask"
        Resource  = "arn:${local.partition}:ecs:${local.account}:task-definition/${var.project}-${each.key}-job:*"
        Condition = { ArnEquals = { "ecs:cluster" = "arn:${local.partition}:ecs:${local.account}:cluster/${var.project}-${each.key}" } }
      },
      {
        Sid    = "AsTheJob"
        Effect = "Allow"
        Action = "iam:PassRole"
        Resource = [
          for role in ["execution", "task"] :
          "arn:${local.partition}:iam::${var.aws_account_id}:role/${var.project}-${each.key}-${role}"
        ]
        Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
      },
    ]
  })
}
