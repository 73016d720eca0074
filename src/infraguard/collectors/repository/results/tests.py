"""What a run of tests gave: JUnit XML."""

from __future__ import annotations

from typing import Any

from infraguard.model.errors import SyntaxProblem
from infraguard.model.values import Unknown
from infraguard.readers.xml import Element, each_element

#: Names of failed tests that are kept.
MAX_NAMES = 20
_OUTCOMES = {"failure": "failures", "error": "errors", "skipped": "skipped"}


def from_junit(content: bytes, path: str) -> dict[str, Any]:
    """Counts over the test cases themselves, since the totals that tools write differ. Raises `SyntaxProblem`."""
    counts = dict.fromkeys(("tests", *_OUTCOMES.values()), 0)
    failed: dict[str, None] = {}
    times: list[float] = []
    seen: dict[str, Any] = {"case": "", "declared": 0}

    def visit(element: Element) -> None:
        if element.name == "testsuite" and "testsuite" not in element.parents:
            times.append(_seconds(element, path))
            seen["declared"] += int(element.attributes.get("tests", "0") or 0)
            seen.setdefault("generated_at", element.attributes.get("timestamp"))
        elif element.name == "testcase":
            counts["tests"] += 1
            seen["case"] = "::".join(filter(None, (element.attributes.get(key) for key in ("classname", "name"))))
        elif element.name in _OUTCOMES and element.parents[-1:] == ("testcase",):
            counts[_OUTCOMES[element.name]] += 1
            if element.name != "skipped":
                failed[seen["case"]] = None

    try:
        each_element(content, path, visit)
    except ValueError as error:
        raise SyntaxProblem(f"not a JUnit report: {error}", file=path, line=1) from error
    found: dict[str, Any] = {"format": "junit", **counts, "time": sum(times), "failed": list(failed)[:MAX_NAMES]}
    if counts["tests"] < seen["declared"]:
        remedy = "write the report again: the run may have been cut off"
        found["tests"] = Unknown(
            f"{seen['declared']} tests were announced and {counts['tests']} are there", remedy=remedy
        )
    if seen.get("generated_at"):
        found["generated_at"] = seen["generated_at"]
    return found


def _seconds(element: Element, path: str) -> float:
    text = element.attributes.get("time") or "0"
    try:
        return float(text.replace(",", ""))
    except ValueError as error:
        raise SyntaxProblem(f"{text!r} is not a number of seconds", file=path, line=element.line) from error
