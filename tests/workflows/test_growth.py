"""Twice the resources cost about twice the work, whatever the gates ask: no gate looks at all for each of all."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType
from typing import Any

from infraguard.workflows.request import ScanRequest
from infraguard.workflows.scan import scan

GROUP = """
resource "aws_db_instance" "main_{n}" {{
  identifier             = "portal-{n}"
  engine                 = "postgres"
  allocated_storage      = 100
  vpc_security_group_ids = [aws_security_group.db_{n}.id]
  tags                   = {{ Environment = "production" }}
}}
resource "aws_security_group" "db_{n}" {{
  name = "portal-{n}"
}}
resource "aws_sns_topic" "alerts_{n}" {{
  name = "portal-{n}"
}}
resource "aws_s3_bucket" "files_{n}" {{
  bucket = "portal-{n}"
}}
resource "aws_cloudwatch_metric_alarm" "alarm_{n}" {{
  alarm_name          = "portal-{n}"
  namespace           = "AWS/RDS"
  metric_name         = "{metric}"
  comparison_operator = "LessThanThreshold"
  threshold           = 10737418240
  evaluation_periods  = 2
  period              = 60
  statistic           = "Minimum"
  dimensions          = {{ DBInstanceIdentifier = aws_db_instance.main_{n}.identifier }}
  alarm_actions       = [aws_sns_topic.alerts_{n}.arn]
}}
"""
METRICS = ("FreeStorageSpace", "DatabaseConnections", "CPUUtilization")


def test_work_grows_as_the_resources_do(tmp_path: Path) -> None:
    _calls(_root(tmp_path / "first", 3))  # what is imported and compiled once is no part of it
    few, many = (_calls(_root(tmp_path / str(groups), groups)) for groups in (60, 120))
    assert many < 2.3 * few


def _root(folder: Path, groups: int) -> Path:
    folder.mkdir()
    texts = (GROUP.format(n=n, metric=METRICS[n % len(METRICS)]) for n in range(groups))
    (folder / "main.tf").write_text("\n".join(texts), "utf-8")
    return folder


def _calls(folder: Path) -> int:
    """How many functions a scan calls, ours and those of C; a count does not depend on what else the machine does."""
    count = 0

    def counting(_: FrameType, event: str, __: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counting)
    try:
        scan(ScanRequest(now="2026-11-26T00:00:00Z", targets=(str(folder),)))
    finally:
        sys.setprofile(before)
    return count
