"""Result files of tools: `coverage_report` and `test_report`, recognised by what is in them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Sequence
from typing import Any

from infraguard.collectors.repository.found import UNIT, Found, at, gap_of, gap_of_problem
from infraguard.collectors.repository.results.coverage import from_cobertura, from_json, from_lcov
from infraguard.collectors.repository.results.tests import from_junit
from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import Gap, GapReason, Resource, Source
from infraguard.readers.tree import Problem, Tree, Unreadable

KINDS = ("coverage_report", "test_report")
_FOLDERS = frozenset(
    {"", "reports", "report", "results", "test-results", "test-reports", "coverage", "build", "artifacts"}
)
_NAME = re.compile(
    r"(?:coverage|cov)\.(?:xml|json)\Z|(?:lcov|coverage)\.info\Z|coverage\.lcov\Z"
    r"|(?:junit|pytest|test-?results?|tests)[\w.-]*\.xml\Z|TEST-[^/]*\.xml\Z"
)
_ROOT = re.compile(rb"<(?![?!])(?:\w+:)?([A-Za-z][\w.-]*)")
_FIRST_BYTES = 4096
_MISSING = {
    "coverage_report": (
        "no coverage result was found",
        "run the tests with coverage (pytest --cov --cov-report=xml) before the scan, or give the file with --results",
    ),
    "test_report": (
        "no test result was found",
        "run the tests with a report (pytest --junitxml=junit.xml) before the scan, or give the file with --results",
    ),
}


def read_results(tree: Tree, asked: Sequence[str] | None) -> Found | None:
    """Result files at the paths asked for, or at well-known names; None when nobody asked and there are none.

    A path asked for that is not there, or that is no result file, is a gap.
    """
    known = [path for path in tree.paths if _is_well_known(path)]
    if asked is None and not known:
        return None
    paths = list(dict.fromkeys(path for given in asked for path in _below(tree, given))) if asked else known
    parts = [_read(tree, path) for path in paths]
    found = Found.merged(parts)
    given = {resource.kind for resource in found.resources} | {kind for gap in found.gaps for kind in gap.kinds}
    has_python = any(path.endswith(".py") for path in tree.paths)
    if asked is None or not has_python:
        return found
    return Found(found.resources, (*found.gaps, *(_missing(kind) for kind in KINDS if kind not in given)))


def _below(tree: Tree, given: str) -> list[str]:
    """The path itself, or the result files in it when it is a folder."""
    path = posixpath.normpath(given)
    inside = [other for other in tree.paths if other.startswith(f"{path}/") and _NAME.match(other.rpartition("/")[2])]
    return inside or [path]


def _is_well_known(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    return folder in _FOLDERS and bool(_NAME.match(name))


def _read(tree: Tree, path: str) -> Found:
    try:
        content = tree.read_bytes(path)
        kind, read = _recognised(content, path)
    except Unreadable as error:
        return Found(gaps=(_unreadable(error.problem),))
    except SyntaxProblem as error:
        return Found(gaps=(gap_of(error, path, KINDS, Source.RESULTS),))
    try:
        attributes = read(content, path)
    except SyntaxProblem as error:
        return Found(gaps=(gap_of(error, path, (kind,), Source.RESULTS),))
    resource = Resource(
        kind=kind,
        id=path,
        source=Source.RESULTS,
        unit=UNIT,
        attributes=attributes,
        location=at(path),
        places=dict.fromkeys(attributes, at(path)),
    )
    return Found((resource,))


def _unreadable(problem: Problem) -> Gap:
    return gap_of_problem(problem, KINDS, Source.RESULTS)


def _recognised(content: bytes, path: str) -> tuple[str, Callable[[bytes, str], dict[str, Any]]]:
    """The kind of a result file and its reader, from its content. Raises `SyntaxProblem`."""
    start = content[:_FIRST_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{"):
        return "coverage_report", from_json
    if start.startswith((b"TN:", b"SF:")):
        return "coverage_report", from_lcov
    root = _ROOT.search(start) if start.startswith(b"<") else None
    if root and root[1] == b"coverage":
        return "coverage_report", from_cobertura
    if root and root[1] in (b"testsuites", b"testsuite"):
        return "test_report", from_junit
    hint = "give a coverage report (XML, JSON or LCOV) or a JUnit report"
    raise SyntaxProblem("not a result file that is known", file=path, line=1, hint=hint)


def _missing(kind: str) -> Gap:
    detail, remedy = _MISSING[kind]
    return Gap(
        source=Source.RESULTS,
        scope=kind.replace("_", " "),
        reason=GapReason.EMPTY,
        detail=detail,
        remedy=remedy,
        unit=UNIT,
        kinds=(kind,),
    )
