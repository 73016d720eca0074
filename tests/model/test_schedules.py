"""Schedules as AWS writes them, and the longest time between two runs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from infraguard.model.schedules import longest_gap

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("expression", "gap"),
    [
        ("rate(1 hour)", HOUR),
        ("rate(90 minutes)", 1.5 * HOUR),
        (" rate(2 days) ", 48 * HOUR),
        ("cron(0 3 * * ? *)", 24 * HOUR),
        ("cron(30 0/1 * * ? *)", HOUR),
        ("cron(0 */6 * * ? *)", 6 * HOUR),
        ("cron(0 8-20 * * ? *)", 12 * HOUR),
        ("cron(0 3 ? * MON-FRI *)", 72 * HOUR),
        ("cron(0 3 ? * 1 *)", 168 * HOUR),
        ("cron(0 5 1 * ? *)", 31 * 24 * HOUR),
        ("cron(0 5 L * ? *)", 31 * 24 * HOUR),
        ("cron(0 5 1 JAN,JUL ? *)", 184 * 24 * HOUR),
        ("cron(0/15 * * * ? *)", HOUR / 4),
    ],
)
def test_the_longest_time_between_two_runs(expression: str, gap: timedelta) -> None:
    assert longest_gap(expression) == gap


@pytest.mark.parametrize(
    "expression",
    [
        *("", "daily", "rate(0 hours)", "rate(1 fortnight)", "cron(0 3 * * *)", "at(2025-01-01T00:00:00)"),
        *("cron(0 3 15W * ? *)", "cron(0 3 ? * MON#1 *)", "cron(61 3 * * ? *)", "cron(0 3 30 FEB ? *)"),
        *("cron(0 3 * * ? *) and more", "cron(0 9-3 * * ? *)", "cron(0/0 3 * * ? *)"),
    ],
)
def test_what_is_no_schedule_or_not_understood_has_none(expression: str) -> None:
    assert longest_gap(expression) is None
