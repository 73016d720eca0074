"""What judging gives: findings with their trace, and gates over them."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Literal, TypeAlias

from msgspec import Struct, field

from infraguard.model.evidence import Environment, Gap, Source, Target
from infraguard.model.values import Location, Value

#: How much of a requirement of a framework its gates show: all of it, some of it, or nothing.
Covers: TypeAlias = Literal["whole", "part", "none"]
#: What the gates of findings on waivers begin with; no policy describes them.
WAIVERS: Final = "waivers/"


class Verdict(StrEnum):
    """What is known of a gate. `unknown` always comes with a reason and a remedy, and is never a pass."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    MANUAL = "manual"


class Severity(StrEnum):
    """How bad a fail is; belongs to the policy."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for critical, counting down in badness."""
        return tuple(Severity).index(self)


class Trace(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why one condition came out as it did: a tree whose leaves are comparisons.

    `truth` is None for unknown. `reason`, `remedy` and `depends_on` are filled where a value could not be read.
    """

    operator: str
    truth: bool | None
    path: str = ""
    expected: Value = None
    observed: Value = None
    origin: str = ""
    reason: str = ""
    remedy: str = ""
    depends_on: tuple[str, ...] = ()
    location: Location | None = None
    children: tuple[Trace, ...] = ()


class Subject(Struct, frozen=True, kw_only=True):
    """The resource that a finding is about, or, with an empty `id`, the absence of one."""

    kind: str
    id: str
    environment: Environment
    unit: str


class Finding(Struct, frozen=True, kw_only=True):
    """One policy on one resource, or on its absence, from one source.

    `observed` holds the values that decided, by attribute; `required` says in words what they should be;
    `reason` and `remedy` are filled for `unknown` and `not_applicable`. `causes` names what an unknown depends on.
    `fingerprint` stays the same when lines move.
    """

    policy: str
    source: Source
    verdict: Verdict
    severity: Severity
    resource: Subject
    message: str
    remediation: str
    fingerprint: str
    location: Location | None = None
    observed: dict[str, Value] = field(default_factory=dict)
    required: str = ""
    reason: str | None = None
    remedy: str | None = None
    causes: tuple[str, ...] = ()
    suppression: str | None = None
    trace: Trace | None = None


class GateResult(Struct, frozen=True, kw_only=True):
    """One gate over all its findings: a verdict for each source, and whether they disagree (`drift`).

    `loosened` says which parameters of it ask for less than its policy does by itself.
    """

    policy: str
    title: str
    severity: Severity
    verdict: Verdict
    sources: dict[str, Verdict]
    drift: bool
    detail: str = ""
    loosened: str = ""


class RequirementResult(Struct, frozen=True, kw_only=True):
    """What a scan says of a requirement.

    `pass` needs gates that cover the whole of it: where they show a part, and all of them pass, it is `manual`,
    because somebody has to show the rest. `gates` are the verdicts of its gates.
    """

    id: str
    title: str
    verdict: Verdict
    covers: Covers
    left: str
    gates: dict[str, Verdict]


class FrameworkResult(Struct, frozen=True, kw_only=True):
    """A framework over the gates of a scan."""

    name: str
    title: str
    version: str
    requirements: tuple[RequirementResult, ...]

    def count(self, verdict: Verdict) -> int:
        """How many requirements have this verdict."""
        return sum(requirement.verdict is verdict for requirement in self.requirements)


class ToolFinding(Struct, frozen=True, kw_only=True):
    """One thing that another tool found, in its own words. `fingerprint` stays the same when lines move."""

    rule: str
    severity: Severity
    message: str
    location: Location
    fingerprint: str
    help: str = ""
    suppression: str | None = None


class ToolResult(Struct, frozen=True, kw_only=True):
    """What another tool found, kept beside the gates: each thing once, however many reports named it.

    `switched_off` says what the repository told it to leave out, and where that stands.
    """

    tool: str
    version: str
    findings: tuple[ToolFinding, ...]
    switched_off: tuple[str, ...] = ()


class Report(Struct, frozen=True, kw_only=True):
    """A finished scan, before any format is chosen. Times are UTC, ISO 8601.

    `framework` and `tools` are filled where the scan was asked for them.
    """

    version: str
    started_at: str
    targets: tuple[Target, ...]
    findings: tuple[Finding, ...]
    gates: tuple[GateResult, ...]
    gaps: tuple[Gap, ...]
    framework: FrameworkResult | None = None
    tools: tuple[ToolResult, ...] = ()

    @property
    def open_gaps(self) -> tuple[Gap, ...]:
        """The gaps without those of which everything that they leave unknown is suppressed."""
        unknown = [finding for finding in self.findings if finding.verdict is Verdict.UNKNOWN]
        excused = {cause for finding in unknown if finding.suppression for cause in finding.causes}
        counting = {cause for finding in unknown if not finding.suppression for cause in finding.causes}
        return tuple(gap for gap in self.gaps if f"{gap.source}:{gap.scope}" not in excused - counting)

    def count(self, verdict: Verdict) -> int:
        """How many gates have this verdict."""
        return sum(gate.verdict is verdict for gate in self.gates)
