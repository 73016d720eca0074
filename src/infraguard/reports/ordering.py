"""The order in which reports list things. It depends on what they are, never on when they were read."""

from __future__ import annotations

from typing import Any

from infraguard.model.evidence import Gap, Source
from infraguard.model.findings import Finding, ToolFinding
from infraguard.model.values import Location

_RANKS = {source: rank for rank, source in enumerate(Source)}


def source_rank(source: Source) -> int:
    """The place of a source among all: those that declare come before those that run."""
    return _RANKS[source]


def finding_order(finding: Finding) -> tuple[Any, ...]:
    """By gate, source, unit and place; the fingerprint decides between what is otherwise alike."""
    where, what = finding.location or Location(), finding.resource
    place = (where.file, where.line, where.column, where.account, where.region, where.arn)
    rest = (finding.verdict.value, finding.message, finding.fingerprint)
    return (finding.policy, _RANKS[finding.source], what.unit, *place, what.kind, what.id, *rest)


def gap_order(gap: Gap) -> tuple[Any, ...]:
    """By source, then by what could not be read."""
    return (_RANKS[gap.source], gap.scope, gap.reason.value, gap.detail, gap.remedy, gap.unit)


def tool_finding_order(finding: ToolFinding) -> tuple[int, str, int, str, str]:
    """The worst first, then by place: an order that depends on contents only."""
    location = finding.location
    return finding.severity.rank, location.file, location.line, finding.rule, finding.message
