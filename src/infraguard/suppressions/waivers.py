"""A waiver: one gate, what it is waived for, why, by whom, and until when. None of the five can be left out."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from datetime import date
from functools import cache

from msgspec import Struct

from infraguard.model.evidence import Resource, Source, module_call
from infraguard.model.findings import Finding, Verdict
from infraguard.model.values import Location
from infraguard.readers.patterns import pattern

#: Sources whose units are folders of a target.
_IN_FILES = frozenset({Source.TF, Source.REPO, Source.RESULTS})
#: An address that ends in a module call means everything in that module, too.
_CALL = pattern(r"(.*\.)?module\.[^.\[]+(\[[^\]]*\])?\Z")


class Waiver(Struct, frozen=True, kw_only=True):
    """An accepted exception, and where it is written.

    `address` is a resource, a call of a module or a path, in which `*` stands for anything. `unit` narrows it to a
    Terraform root. A comment has `lines` in place of an address: what it stands in, or what follows it in its file. One
    at the call of a module has the `call`, as `Resource.calls` names it, since the module it is written in may itself
    be called from anywhere.
    `within` is the target of several that it was found in; it says nothing of the others.
    """

    gate: str
    reason: str
    owner: str
    expires: date
    location: Location
    address: str = ""
    unit: str = ""
    call: str = ""
    lines: tuple[int, int] | None = None
    within: str = ""

    @property
    def words(self) -> str:
        """What a finding that it covers is marked with."""
        return f"waived until {self.expires.isoformat()} by {self.owner}: {self.reason} ({self.location})"

    @property
    def subject(self) -> str:
        """What is waived, for people."""
        if self.lines is None:
            return self.address
        first, last = self.lines
        return f"line {first}" if first == last else f"lines {first} to {last}"

    @property
    def is_on_one_line(self) -> bool:
        """Whether it means one line, and so of what covers that line the least."""
        return self.lines is not None and self.lines[0] == self.lines[1]

    def is_for(self, finding: Finding, declared: Resource | None = None) -> bool:
        """Whether it speaks of the finding, whatever its verdict. `declared` is its resource in the evidence."""
        if finding.policy != self.gate:
            return False
        if self.call and declared is not None and self.within + self.call in declared.calls:
            return True
        if not self._is_near(finding):
            return False
        if self.lines is not None:
            places = (finding.location, declared.location if declared else None)
            return any(self._stands_at(place) for place in places if place is not None)
        what = finding.resource
        return any(covers(self.address, name) for name in ([what.id] if what.id else [what.unit, what.kind]))

    def excuses(self, finding: Finding, cause: str, unread: Location | None = None) -> bool:
        """Whether a cause of an unknown finding is what it names, such as a module whose files are not here.

        `unread` is where the call of that module is written.
        """
        if finding.policy != self.gate or self.lines is not None:
            return False
        if self.call and unread is not None and self._calls(cause, unread):
            return True
        return self._is_near(finding) and covers(self.address, cause.partition(":")[2] or cause)

    def _calls(self, cause: str, unread: Location) -> bool:
        folder = unread.file.rpartition("/")[0]
        name = cause.rpartition("module.")[2]
        return posixpath.normpath(self.within + self.call) == module_call(folder, name)

    def _is_near(self, finding: Finding) -> bool:
        unit, within = finding.resource.unit, self.within
        if within and finding.source in _IN_FILES:
            if not f"{unit}/".startswith(within):
                return False
            unit = "." if f"{unit}/" == within else unit.removeprefix(within)
        return not self.unit or covers_whole(self.unit, unit) or covers_whole(self.unit, unit.partition(" [")[0])

    def _stands_at(self, place: Location) -> bool:
        if self.lines is None or place.file != self.location.file:
            return False
        first, last = self.lines
        return place.line <= last and (not place.line or max(place.line, place.end_line) >= first)


class WaiverMistake(Struct, frozen=True):
    """A comment that wants to be a waiver and is none, and why."""

    location: Location
    why: str
    gate: str = ""


def waivable(finding: Finding) -> bool:
    """Only what keeps a gate from passing can be waived."""
    return finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN)


def covers(pattern: str, name: str) -> bool:
    """Whether an address means a name: itself, any instance of it, and for a call of a module all that is in it."""
    return _compiled(pattern, whole=False).match(name) is not None


def covers_whole(pattern: str, name: str) -> bool:
    """Whether a name is as the pattern says, from one end to the other."""
    return _compiled(pattern, whole=True).match(name) is not None


@cache
def _compiled(pattern: str, *, whole: bool) -> re.Pattern[str]:
    """Brackets belong to addresses (`this["a"]`), so only `*` is special. What a star took is given back once only."""
    first, *parts = pattern.split("*")
    text = re.escape(first) + "".join(f"(?>.*?{re.escape(part)})" for part in parts[:-1])
    if parts:
        text += f".*{re.escape(parts[-1])}"
    rest = "" if whole else r"([.\[].*)?" if _CALL.match(pattern) else r"(\[.*)?"
    return re.compile(f"{text}{rest}\\Z", re.DOTALL)


def narrowest(findings: Iterable[Finding]) -> list[Finding]:
    """Of findings that one comment may mean, those on the fewest lines: a step and not the whole workflow."""
    sized = [(_size(finding), finding) for finding in findings]
    least = min((size for size, _ in sized), default=0)
    return [finding for size, finding in sized if size == least]


def _size(finding: Finding) -> int:
    where = finding.location
    if where is None or not where.line:
        return 1_000_000
    return max(where.end_line - where.line, 0)
