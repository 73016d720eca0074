"""What keeps gates open, found together with the gates that it keeps open."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from infraguard.model.evidence import EVERY_UNIT, Gap, GapReason, Source
from infraguard.model.findings import Finding, Report, Verdict
from infraguard.reports.grouping import blockers
from infraguard.reports.words import unit_words
from tests.reports.sample import finding

BROKEN = Gap(source=Source.TF, scope="main.tf", reason=GapReason.INVALID, detail="no", remedy="mend it", unit="account")


def about(unit: str) -> Finding:
    found = finding("alerting/unusual-access", Source.TF, Verdict.UNKNOWN, reason="main.tf: no", causes=("tf:main.tf",))
    return replace(found, resource=replace(found.resource, unit=unit))


@pytest.mark.parametrize(("unit", "waits"), [("account", True), ("stack", False), (EVERY_UNIT, True)])
def test_a_finding_on_all_roots_waits_for_a_gap_in_any(unit: str, waits: bool) -> None:
    report = Report(version="1", started_at="now", targets=(), findings=(about(unit),), gates=(), gaps=(BROKEN,))
    assert blockers(report)[0].findings == ((about(unit),) if waits else ())


@pytest.mark.parametrize(
    ("unit", "words"), [("stack", "infra/stack"), (".", "infra"), (EVERY_UNIT, "all roots together")]
)
def test_the_unit_of_a_finding_is_a_folder_or_all_roots(unit: str, words: str) -> None:
    assert unit_words(about(unit), "infra") == words
