"""What other scanners find in the generated project is listed in docs/peer-findings.md, with why it stays."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.peers import Finding, checkov, trivy
from tests.templates.conftest import Say

PAGE = Path(__file__).parents[2] / "docs/peer-findings.md"

#: A part of the page, of one scanner; a finding in it, with its reason and its table; and a line of that.
_PART = re.compile(r"^## (\w+)$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_SECTION = re.compile(
    r"^### (\S+): .+?$\n(.*?)\n\| where [^\n]*\n\|[ :|-]*\n((?:\|[^\n]*\n)+)", re.MULTILINE | re.DOTALL
)
_ROW = re.compile(r"\| `([^`]+)`(?: `([^`]+)`)? *\| +(\d+) \|")


@pytest.mark.slow
@pytest.mark.parametrize("scanner", [checkov, trivy])
def test_the_page_lists_every_finding_and_no_other(
    scanner: Callable[[Path], Counter[Finding]], project: Path, say: Say
) -> None:
    found = scanner(project)
    assert found, "a scanner that finds nothing at all has read nothing: both have findings that stay"
    listed = Counter(dict(_listed(scanner.__name__)))
    assert found == listed, f"not listed: {found - listed}; listed, and not found: {listed - found}"
    said = f"{found.total()} findings of {len({check for check, *_ in found})} checks, each justified"
    say(scanner.__name__, f"{said} in docs/peer-findings.md")


def test_every_listed_finding_has_a_reason_and_every_heading_is_read() -> None:
    text = PAGE.read_text("utf-8")
    sections = [section for _, part in _PART.findall(text) for section in _SECTION.findall(part)]
    assert len(sections) == text.count("\n### ")
    for check, reason, _ in sections:
        assert len(reason.split()) >= 2, f"{check} has no reason"


def _listed(scanner: str) -> Iterator[tuple[Finding, int]]:
    (part,) = [part for name, part in _PART.findall(PAGE.read_text("utf-8")) if name == scanner]
    for check, _, rows in _SECTION.findall(part):
        for line in rows.splitlines():
            row = _ROW.fullmatch(line)
            assert row, f"not a line of a table of findings: {line}"
            yield (check, row[1], row[2] or ""), int(row[3])
