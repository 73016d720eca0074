"""The monthly cost report: what each service cost, the forecast, and what AWS recommends.

    python scripts/cost_report.py --output cost-report.md

Figures come from Cost Explorer and the Cost Optimization Hub, both enabled in terraform/account.
A cost that rose by more than a fifth is marked, and docs/cost.md says what to do about it.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path
from typing import Any

from aws_cli import Aws, ScriptError, aws
from environment import PROJECT

#: A rise of this much, and of this many dollars, is marked.
SPIKE, SPIKE_USD = 0.2, 50.0


def months(today: datetime.date) -> tuple[datetime.date, datetime.date, datetime.date]:
    """The first days of the month before last, of last month and of this month."""
    this = today.replace(day=1)
    last = (this - datetime.timedelta(days=1)).replace(day=1)
    before = (last - datetime.timedelta(days=1)).replace(day=1)
    return before, last, this


def costs(call: Aws, start: datetime.date, end: datetime.date) -> dict[str, float]:
    """US dollars by service, of everything that carries this project's tag."""
    request: dict[str, Any] = {
        "TimePeriod": {"Start": start.isoformat(), "End": end.isoformat()},
        "Granularity": "MONTHLY",
        "Metrics": ["UnblendedCost"],
        "GroupBy": [{"Type": "DIMENSION", "Key": "SERVICE"}],
        "Filter": {"Tags": {"Key": "Project", "Values": [PROJECT]}},
    }
    found: dict[str, float] = {}
    while True:
        answer = call("ce", "get-cost-and-usage", request)
        for period in answer["ResultsByTime"]:
            for group in period["Groups"]:
                amount = float(group["Metrics"]["UnblendedCost"]["Amount"])
                name = group["Keys"][0]
                found[name] = found.get(name, 0.0) + amount
        if not answer.get("NextPageToken"):
            return found
        request["NextPageToken"] = answer["NextPageToken"]


def forecast(call: Aws, today: datetime.date) -> float:
    """What the rest of this month is expected to cost."""
    next_month = (today.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
    answer = call(
        "ce",
        "get-cost-forecast",
        {
            "TimePeriod": {"Start": today.isoformat(), "End": next_month.isoformat()},
            "Metric": "UNBLENDED_COST",
            "Granularity": "MONTHLY",
            "Filter": {"Tags": {"Key": "Project", "Values": [PROJECT]}},
        },
    )
    return float(answer["Total"]["Amount"])


def recommendations(call: Aws) -> list[dict[str, Any]]:
    """What AWS recommends, with the largest saving first."""
    answer = call("cost-optimization-hub", "list-recommendations", {"maxResults": 100})
    items: list[dict[str, Any]] = answer["items"]
    return sorted(items, key=lambda one: -float(one.get("estimatedMonthlySavings", 0)))


def report(call: Aws, today: datetime.date) -> str:
    """The report as Markdown."""
    before, last, this = months(today)
    was, now = costs(call, before, last), costs(call, last, this)
    lines = [
        f"# Cost of {PROJECT} in {last:%B %Y}",
        "",
        f"Total: {sum(now.values()):,.2f} USD; the month before, {sum(was.values()):,.2f} USD. "
        f"Forecast for the rest of {today:%B}: {forecast(call, today):,.2f} USD.",
        "",
        "| service | USD | month before | |",
        "|---|---:|---:|---|",
    ]
    for name in sorted(now.keys() | was.keys(), key=lambda one: -now.get(one, 0)):
        new, old = now.get(name, 0.0), was.get(name, 0.0)
        mark = "**spike**" if new - old > max(SPIKE * old, SPIKE_USD) else ""
        lines.append(f"| {name} | {new:,.2f} | {old:,.2f} | {mark} |")
    lines += ["", "## Recommendations", ""]
    found = recommendations(call)
    lines += [
        f"- {one.get('actionType', 'Change')} `{one.get('resourceId', 'unnamed')}`"
        f" ({one.get('currentResourceType', 'resource')}): saves"
        f" {float(one.get('estimatedMonthlySavings', 0)):,.2f} USD a month"
        for one in found
    ] or ["None: the Cost Optimization Hub has nothing to say."]
    return "\n".join([*lines, ""])


def main(arguments: list[str], call: Aws = aws, today: datetime.date | None = None) -> int:
    """Write the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--output", type=Path, required=True)
    given = parser.parse_args(arguments)
    utc_today = datetime.datetime.now(datetime.timezone.utc).date()
    try:
        given.output.write_text(report(call, today or utc_today), encoding="utf-8")
    except ScriptError as failure:
        print(f"cost_report.py: {failure}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
