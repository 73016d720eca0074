"""What a run of tests gave: JUnit XML."""

from __future__ import annotations

import re
from typing import Any

from infraguard.model.errors import SyntaxProblem
from infraguard.model.values import Unknown
from infraguard.readers.xml import Element, each_element

#: Names of failed tests that are kept.
MAX_NAMES = 20
#: Tests that take migrations back, by their names: pytest-alembic's, and those that say so.
_UNDOES = re.compile(
    r"(?i)test_up_down_consistency|test_downgrade_leaves_no_trace|stairway"
    r"|(?=.*(?:migrat|alembic|revision))(?=.*(?:down|revers|round.?trip|rolls?_?back|undo))"
)
_UNDONE = ("passed", "failed", "skipped")
_OUTCOMES = {"failure": "failures", "error": "errors", "skipped": "skipped"}


class _Run:
    """What the elements of a report add up to."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.cases: list[tuple[str, str]] = []
        self.counts = dict.fromkeys(_OUTCOMES.values(), 0)
        self.seconds = 0.0
        self.declared = 0
        self.generated_at = ""

    def visit(self, element: Element) -> None:
        if element.name == "testsuite" and "testsuite" not in element.parents:
            self.seconds += _seconds(element, self.path)
            self.declared += int(element.attributes.get("tests", "0") or 0)
            self.generated_at = self.generated_at or element.attributes.get("timestamp") or ""
        elif element.name == "testcase":
            named = (element.attributes.get(key) for key in ("classname", "name"))
            self.cases.append(("::".join(filter(None, named)), "passed"))
        elif element.name in _OUTCOMES and element.parents[-1:] == ("testcase",):
            self.counts[_OUTCOMES[element.name]] += 1
            if self.cases:
                self.cases[-1] = (self.cases[-1][0], "skipped" if element.name == "skipped" else "failed")

    def migrations_undone(self) -> dict[str, int]:
        """How the tests came out that take migrations back; nothing where there are none."""
        outcomes = [outcome for name, outcome in self.cases if _UNDOES.search(name)]
        return {outcome: outcomes.count(outcome) for outcome in _UNDONE} if outcomes else {}


def from_junit(content: bytes, path: str) -> dict[str, Any]:
    """Counts over the test cases themselves, since the totals that tools write differ. Raises `SyntaxProblem`."""
    run = _Run(path)
    try:
        each_element(content, path, run.visit)
    except ValueError as error:
        raise SyntaxProblem(f"not a JUnit report: {error}", file=path, line=1) from error
    failed = list(dict.fromkeys(name for name, outcome in run.cases if outcome == "failed"))
    tests: Any = len(run.cases)
    if tests < run.declared:
        remedy = "write the report again: the run may have been cut off"
        tests = Unknown(f"{run.declared} tests were announced and {tests} are there", remedy=remedy)
    optional = {"migrations_undone": run.migrations_undone(), "generated_at": run.generated_at}
    return {
        "format": "junit",
        "tests": tests,
        **run.counts,
        "time": run.seconds,
        "failed": failed[:MAX_NAMES],
        **{name: value for name, value in optional.items() if value},
    }


def _seconds(element: Element, path: str) -> float:
    text = element.attributes.get("time") or "0"
    try:
        return float(text.replace(",", ""))
    except ValueError as error:
        raise SyntaxProblem(f"{text!r} is not a number of seconds", file=path, line=element.line) from error
