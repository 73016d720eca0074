"""SARIF 2.1.0 as tools write it: runs, and the results of each with their rule, level and place.

Source: OASIS SARIF 2.1.0, sections 3.13 (log), 3.14 (run), 3.20 (invocation), 3.23 (versionControlDetails), 3.27
(result).
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import unquote

from msgspec import Struct

from infraguard.model.errors import SyntaxProblem
from infraguard.model.findings import Severity
from infraguard.readers.json import read_json

#: Kinds of result that say that something is wrong; the others are passes, notes and open questions.
_WRONG: Final = frozenset({"fail", ""})
_LEVELS: Final = {"error": Severity.HIGH, "warning": Severity.MEDIUM, "note": Severity.LOW, "none": Severity.LOW}
#: GitHub's steps of `security-severity`.
_SCORES: Final = ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (4.0, Severity.MEDIUM))


class SarifResult(Struct, frozen=True, kw_only=True):
    """One thing that a tool found. `score` is GitHub's `security-severity` of its rule, 0 to 10, where it has one."""

    rule: str
    level: str
    message: str
    file: str = ""
    line: int = 0
    end_line: int = 0
    score: float | None = None
    help: str = ""
    suppressed: bool = False

    @property
    def severity(self) -> Severity:
        """By the score of its rule, or by its level where the rule has none."""
        if self.score is None:
            return _LEVELS[self.level]
        return next((severity for least, severity in _SCORES if self.score >= least), Severity.LOW)


class SarifRun(Struct, frozen=True, kw_only=True):
    """One run of a tool. `failures` says what it could not do, in its own words; empty, it did all its work.

    `revision` is the one commit that it says it is of, and `started_at` when it says that it began.
    """

    tool: str
    version: str
    results: tuple[SarifResult, ...]
    failures: tuple[str, ...] = ()
    revision: str = ""
    started_at: str = ""


def read_sarif(content: bytes, file: str) -> tuple[SarifRun, ...]:
    """The runs of a SARIF file. Raises `SyntaxProblem` for what is none."""
    return runs_of(read_json(content, file), file)


def runs_of(log: Any, file: str) -> tuple[SarifRun, ...]:
    """The runs of a SARIF document that was read from a file. Raises `SyntaxProblem` for what is none."""
    runs = log.get("runs") if isinstance(log, dict) else None
    if not isinstance(runs, list) or not all(isinstance(run, dict) for run in runs):
        raise SyntaxProblem("not SARIF: it has no runs", file=file, line=1, hint="give SARIF 2.1.0")
    return tuple(_run(run, file) for run in runs)


def _run(run: dict[str, Any], file: str) -> SarifRun:
    driver = _mapping(_mapping(run.get("tool")).get("driver"))
    name = driver.get("name")
    if not isinstance(name, str) or not name:
        raise SyntaxProblem("a run does not say which tool it is of", file=file, line=1)
    rules = [_mapping(rule) for rule in _items(driver.get("rules"))]
    results = run.get("results")
    failures = tuple(_failures(run))
    if not isinstance(results, list):  # null and absence say that the tool did not get to results (3.14.23)
        failures = (*failures, "it has no results: the run was not finished")
    return SarifRun(
        tool=name,
        version=str(driver.get("semanticVersion") or driver.get("version") or ""),
        results=tuple(
            _result(_mapping(result), rules) for result in _items(results) if _mapping(result).get("kind", "") in _WRONG
        ),
        failures=failures,
        revision=_only(run.get("versionControlProvenance"), "revisionId"),
        started_at=_only(run.get("invocations"), "startTimeUtc"),
    )


def _only(items: Any, key: str) -> str:
    """The text that all of these agree on; none where they do not."""
    found = {_mapping(item).get(key) for item in _items(items)}
    text = found.pop() if len(found) == 1 else ""
    return text if isinstance(text, str) else ""


def _failures(run: dict[str, Any]) -> list[str]:
    found = []
    for invocation in map(_mapping, _items(run.get("invocations"))):
        notes = map(_mapping, _items(invocation.get("toolExecutionNotifications")))
        said = [_text(note) for note in notes if note.get("level") == "error"]
        if invocation.get("executionSuccessful") is False:
            found.extend(said or ["it says that it did not succeed"])
    return found


def _result(result: dict[str, Any], rules: list[dict[str, Any]]) -> SarifResult:
    rule = _rule(result, rules)
    level = result.get("level") or _mapping(rule.get("defaultConfiguration")).get("level") or "warning"
    place = _mapping(_mapping(next(iter(_items(result.get("locations"))), None)).get("physicalLocation"))
    region = _mapping(place.get("region"))
    line = _number(region.get("startLine"))
    return SarifResult(
        rule=str(result.get("ruleId") or _mapping(result.get("rule")).get("id") or rule.get("id") or ""),
        level=level if level in _LEVELS else "warning",
        message=_text(result) or _text({"message": rule.get("shortDescription")}),
        file=_path(_mapping(place.get("artifactLocation")).get("uri")),
        line=line,
        end_line=_number(region.get("endLine")) or line,
        score=_score(_mapping(rule.get("properties")).get("security-severity")),
        help=str(rule.get("helpUri") or ""),
        suppressed=any(
            _mapping(one).get("status", "accepted") == "accepted" for one in _items(result.get("suppressions"))
        ),
    )


def _rule(result: dict[str, Any], rules: list[dict[str, Any]]) -> dict[str, Any]:
    index = result.get("ruleIndex", _mapping(result.get("rule")).get("index"))
    if isinstance(index, int) and 0 <= index < len(rules):
        return rules[index]
    return next((rule for rule in rules if rule.get("id") == result.get("ruleId")), {})


def _text(holder: dict[str, Any]) -> str:
    message = _mapping(holder.get("message"))
    return " ".join(str(message.get("text") or message.get("markdown") or "").split())


def _path(uri: Any) -> str:
    """A file's path from the address that stands for it: relative ones are from the root of the repository."""
    text = unquote(uri) if isinstance(uri, str) else ""
    return text.removeprefix("file://").removeprefix("./")


def _score(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
