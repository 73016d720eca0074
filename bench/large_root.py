"""One Terraform root of any size: databases with their groups, alarms that name them, and the topics they tell."""

from __future__ import annotations

from pathlib import Path

#: Resources that belong together; `{n}` is their number.
_GROUP = """\
resource "aws_security_group" "db_{n}" {{
  name   = "${{local.prefix}}-{n}"
  vpc_id = var.vpc_id
  ingress {{
    from_port   = 5432
    to_port     = 5432
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/16"]
  }}
}}

resource "aws_db_instance" "main_{n}" {{
  identifier              = "${{local.prefix}}-{n}"
  engine                  = "postgres"
  instance_class          = "db.t4g.small"
  backup_retention_period = var.backup_days
  publicly_accessible     = false
  vpc_security_group_ids  = [aws_security_group.db_{n}.id]
  tags                    = merge(local.tags, {{ Name = "db-{n}" }})
}}

resource "aws_sns_topic" "alerts_{n}" {{
  name = "${{local.prefix}}-alerts-{n}"
}}

resource "aws_cloudwatch_metric_alarm" "down_{n}" {{
  alarm_name          = "${{local.prefix}}-down-{n}"
  namespace           = "AWS/RDS"
  metric_name         = "DatabaseConnections"
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  evaluation_periods  = 2
  period              = 60
  statistic           = "SampleCount"
  treat_missing_data  = "breaching"
  dimensions          = {{ DBInstanceIdentifier = aws_db_instance.main_{n}.identifier }}
  alarm_actions       = [aws_sns_topic.alerts_{n}.arn]
}}
"""
_GROUP_SIZE = 4
_COMMON = """\
variable "vpc_id" {}
variable "backup_days" { default = 30 }
locals {
  prefix = "portal-production"
  tags   = { Environment = "production" }
}
"""
_GROUPS_A_FILE = 100


def make_large_root(folder: Path, resources: int) -> Path:
    """Write the root into a new folder; `resources` are counted in fours."""
    folder.mkdir()
    (folder / "common.tf").write_text(_COMMON, encoding="utf-8")
    groups = resources // _GROUP_SIZE
    for start in range(0, groups, _GROUPS_A_FILE):
        numbers = range(start, min(start + _GROUPS_A_FILE, groups))
        text = "\n".join(_GROUP.format(n=number) for number in numbers)
        (folder / f"group_{start}.tf").write_text(text, encoding="utf-8")
    return folder
