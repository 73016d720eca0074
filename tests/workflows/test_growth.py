"""Twice the resources cost about twice the work, whatever the gates ask: no gate looks at all for each of all."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from infraguard.model.findings import Report
from infraguard.reports.formats import FORMATS
from infraguard.reports.options import RenderOptions
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
    def scanned(groups: int) -> int:
        folder = _root(tmp_path / str(groups), groups)
        return _calls(lambda: _scanned(folder))

    scanned(3)  # what is imported and compiled once is no part of it
    assert scanned(120) < 2.3 * scanned(60)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("verbose", [False, True])
def test_reports_grow_as_the_roots_do(name: str, verbose: bool, tmp_path: Path) -> None:
    """Every root waits for a module of its own that is not here, and for one that all of them call."""

    def rendered(roots: int) -> int:
        for number in range(roots):
            folder = tmp_path / str(roots) / f"root{number}"
            folder.mkdir(parents=True)
            calls = "".join(
                f'module "{called}" {{\n  source = "example/{called}/aws"\n}}\n'
                for called in ("network", f"own{number}")
            )
            (folder / "main.tf").write_text(calls + GROUP.format(n=number, metric=METRICS[0]), "utf-8")
        report = _scanned(tmp_path / str(roots))
        return _calls(lambda: "".join(FORMATS[name](report, RenderOptions(verbose=verbose))))

    rendered(2)
    assert rendered(40) < 2.3 * rendered(20)


def _root(folder: Path, groups: int) -> Path:
    folder.mkdir()
    texts = (GROUP.format(n=n, metric=METRICS[n % len(METRICS)]) for n in range(groups))
    (folder / "main.tf").write_text("\n".join(texts), "utf-8")
    return folder


def _scanned(folder: Path) -> Report:
    return scan(ScanRequest(now="2026-11-26T00:00:00Z", targets=(str(folder),))).report


def _calls(work: Callable[[], object]) -> int:
    """How many functions are called, ours and those of C; a count does not depend on what else the machine does."""
    count = 0

    def counting(_: FrameType, event: str, __: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counting)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count
