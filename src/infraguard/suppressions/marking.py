"""Marks what is waived, and says which waivers are no longer of use."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from infraguard.model.evidence import Evidence, Source
from infraguard.model.findings import Finding, Verdict
from infraguard.suppressions.problems import expired, invalid, unused
from infraguard.suppressions.waivers import Waiver, WaiverMistake, narrowest, waivable


class Marked(Struct, frozen=True, kw_only=True):
    """The findings, marked where something waives them, and findings on the waivers themselves."""

    findings: tuple[Finding, ...]
    problems: tuple[Finding, ...]


def mark(
    findings: Sequence[Finding],
    waivers: Sequence[Waiver | WaiverMistake],
    evidence: Evidence,
    *,
    today: date,
    judged: Collection[str],
) -> Marked:
    """Mark what is waived. A waiver holds up to and including the day that it names.

    `judged` are the gates of this scan: of a waiver for any other, nothing is said.
    """
    mistakes = [each for each in waivers if isinstance(each, WaiverMistake)]
    known = [each for each in waivers if isinstance(each, Waiver) and each.gate in judged]
    marking = _Marking(findings, [each for each in known if each.expires >= today], evidence)
    problems = [invalid(mistake) for mistake in mistakes]
    problems += [expired(waiver) for waiver in known if waiver.expires < today]
    problems += [unused(waiver, why) for waiver, why in marking.unused()]
    return Marked(findings=marking.marked(), problems=tuple(problems))


class _Marking:
    """Which waivers cover which findings."""

    def __init__(self, findings: Sequence[Finding], waivers: Sequence[Waiver], evidence: Evidence) -> None:
        self._findings = findings
        self._waivers = waivers
        self._evidence = evidence
        self._declared = {(each.source, each.unit, each.id): each for each in evidence.resources if waivers}
        self._unread = {gap.scope: gap.location for gap in evidence.gaps}
        self._words: dict[int, list[str]] = {}
        self._used: set[int] = set()
        if waivers:
            self._cover()

    def marked(self) -> tuple[Finding, ...]:
        """The findings, with the words of the waivers that cover them."""
        return tuple(
            replace(finding, suppression="; ".join(self._words[id(finding)])) if id(finding) in self._words else finding
            for finding in self._findings
        )

    def unused(self) -> list[tuple[Waiver, str]]:
        """The waivers that certainly nothing needs, and why."""
        spare = [waiver for number, waiver in enumerate(self._waivers) if number not in self._used]
        return [(waiver, why) for waiver in spare if (why := self._no_use(waiver))]

    def _cover(self) -> None:
        ordered = sorted(filter(waivable, self._findings), key=lambda finding: finding.policy)
        of_gate = {gate: list(found) for gate, found in groupby(ordered, key=lambda finding: finding.policy)}
        for number, waiver in enumerate(self._waivers):
            meant = [finding for finding in of_gate.get(waiver.gate, ()) if self._means(waiver, finding)]
            for finding in narrowest(meant) if waiver.is_on_one_line else meant:
                self._note(finding, number)
        for finding in ordered:
            if id(finding) not in self._words:
                for number in self._excusing(finding):
                    self._note(finding, number)

    def _note(self, finding: Finding, number: int) -> None:
        self._used.add(number)
        words = self._words.setdefault(id(finding), [])
        if self._waivers[number].words not in words:
            words.append(self._waivers[number].words)

    def _means(self, waiver: Waiver, finding: Finding) -> bool:
        what = finding.resource
        return waiver.is_for(finding, self._declared.get((finding.source, what.unit, what.id)))

    def _excusing(self, finding: Finding) -> list[int]:
        """The waivers that together excuse every cause of an unknown finding; none when one cause is left."""
        if finding.verdict is not Verdict.UNKNOWN:
            return []
        found = [
            next((number for number, waiver in enumerate(self._waivers) if waiver.excuses(finding, cause, where)), -1)
            for cause, where in ((cause, self._unread.get(cause.partition(":")[2])) for cause in finding.causes)
        ]
        return [] if -1 in found else found

    def _no_use(self, waiver: Waiver) -> str:
        """Why nothing needs a waiver; empty when that is not certain: something was not read, or not asked for."""
        own = [finding for finding in self._findings if finding.policy == waiver.gate]
        spared = next((finding.resource for finding in own if self._means(waiver, finding)), None)
        if spared is not None:
            return f"{spared.id or spared.unit} does not fail the gate"
        if self._evidence.gaps or any(finding.verdict is Verdict.UNKNOWN for finding in own):
            return ""
        read = {target.source for target in self._evidence.targets}
        return "nothing here has that address" if read & _knowing(waiver) else ""


def _knowing(waiver: Waiver) -> set[Source]:
    """The sources that know things by such an address."""
    if waiver.lines is None and waiver.address.startswith("arn:"):
        return {Source.AWS}
    return {Source.TF, Source.PLAN, Source.REPO}
