"""Coverage that was measured: Cobertura XML, coverage.py's JSON and LCOV, as counts and an unrounded percentage."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
from msgspec import Struct

from infraguard.model.errors import SyntaxProblem
from infraguard.model.values import Unknown
from infraguard.readers.xml import Element, each_element


class _Counts(Struct):
    """What every format counts."""

    lines_valid: int = 0
    lines_covered: int = 0
    branches_valid: int = 0
    branches_covered: int = 0


def from_cobertura(content: bytes, path: str) -> dict[str, Any]:
    """A Cobertura report, as coverage.py and others write it. Raises `SyntaxProblem`."""
    roots: list[Element] = []
    lines: list[bool] = []

    def visit(element: Element) -> None:
        if not element.parents:
            roots.append(element)
        elif element.name == "line" and "methods" not in element.parents:
            lines.append(element.attributes.get("hits", "0") != "0")

    each_element(content, path, visit)
    attributes = roots[0].attributes
    counts = _Counts(
        *(
            _count(attributes.get(name), path, roots[0].line)
            for name in ("lines-valid", "lines-covered", "branches-valid", "branches-covered")
        )
    )
    if "lines-valid" not in attributes:
        counts.lines_valid, counts.lines_covered = len(lines), sum(lines)
    found = _measured("cobertura", counts)
    timestamp = attributes.get("timestamp", "")
    if timestamp.isdecimal():
        found["generated_at"] = _moment(int(timestamp))
    return found


def from_json(content: bytes, path: str) -> dict[str, Any]:
    """The JSON report of coverage.py. Raises `SyntaxProblem`."""
    try:
        data = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise SyntaxProblem(f"not JSON: {error}", file=path, line=1) from error
    totals = data.get("totals") if isinstance(data, dict) else None
    names = ("num_statements", "covered_lines", "num_branches", "covered_branches")
    if not isinstance(totals, dict) or not all(isinstance(totals.get(name, 0), int) for name in names):
        raise SyntaxProblem("a JSON file without the `totals` of a coverage report", file=path, line=1)
    found = _measured("coverage.py json", _Counts(*(totals.get(name, 0) for name in names)))
    meta = data.get("meta")
    if isinstance(meta, dict) and isinstance(meta.get("timestamp"), str):
        found["generated_at"] = meta["timestamp"]
    return found


def from_lcov(content: bytes, path: str) -> dict[str, Any]:
    """An LCOV trace file: sums over its records. Raises `SyntaxProblem`."""
    counts = _Counts()
    fields = {"LF": "lines_valid", "LH": "lines_covered", "BRF": "branches_valid", "BRH": "branches_covered"}
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
        key, _, value = line.partition(":")
        if key in fields:
            setattr(counts, fields[key], getattr(counts, fields[key]) + _count(value, path, number))
    return _measured("lcov", counts)


def _measured(form: str, counts: _Counts) -> dict[str, Any]:
    """The attributes of a report. The percentage counts lines and branches alike, as coverage.py's total does."""
    valid = counts.lines_valid + counts.branches_valid
    covered = counts.lines_covered + counts.branches_covered
    percent: float | Unknown
    if counts.lines_valid <= 0:
        percent = Unknown("the report covers no lines", remedy="measure the package: check `source` and `omit`")
    elif covered > valid:
        percent = Unknown("the report says that more was covered than there is", remedy="write the report again")
    else:
        percent = 100.0 * covered / valid
    return {"format": form, "percent_covered": percent, **msgspec.structs.asdict(counts)}


def _count(text: str | None, path: str, line: int) -> int:
    if text is None:
        return 0
    if not text.strip().isdecimal():
        raise SyntaxProblem(f"{text!r} is not a count", file=path, line=line)
    return int(text)


def _moment(timestamp: int) -> str:
    """ISO 8601 from a Unix time in seconds, or in milliseconds as coverage.py writes it."""
    seconds = timestamp / 1000 if timestamp > 10**11 else timestamp
    try:
        return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="seconds")
    except (OverflowError, OSError, ValueError):
        return ""
