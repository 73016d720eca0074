"""Short ways to build evidence and policies by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from infraguard.evaluation import Judgement, evaluate
from infraguard.model.evidence import Collected, Environment, Evidence, Gap, GapReason, Resource, Source
from infraguard.model.policy import Policy
from infraguard.model.values import Location, Unknown
from infraguard.policies.schema import read_policy

NOW = datetime(2026, 1, 31, tzinfo=UTC)
HEAD = "title: T\nseverity: high\nwhy: because\nremediation: mend it\n"


def policy(rules: str, head: str = "", policy_id: str = "area/name") -> Policy:
    """A policy with these rules, written as in a file."""
    return read_policy(f"{HEAD}{head}\nrules:\n{rules}", "area/name.yaml", policy_id)


def resource(
    kind: str,
    resource_id: str,
    *,
    source: Source = Source.TF,
    unit: str = ".",
    environment: Environment = Environment.UNKNOWN,
    references: dict[str, tuple[str, ...]] | None = None,
    perhaps: Unknown | None = None,
    region: str = "",
    **attributes: Any,
) -> Resource:
    return Resource(
        kind=kind,
        id=resource_id,
        source=source,
        unit=unit,
        attributes=attributes,
        location=Location(region=region) if region else Location(file="main.tf", line=1),
        environment=environment,
        references=references or {},
        perhaps=perhaps,
    )


def evidence(*resources: Resource, gaps: tuple[Gap, ...] = (), kinds: tuple[str, ...] = ("*",)) -> Evidence:
    units = dict.fromkeys((r.source, r.unit) for r in resources) or {(Source.TF, "."): None}
    return Evidence(
        resources=resources,
        gaps=gaps,
        collected=tuple(Collected(source=source, unit=unit, kinds=kinds) for source, unit in units),
    )


def gap(kind: str = "*", *, source: Source = Source.TF, unit: str = ".") -> Gap:
    return Gap(
        source=source,
        scope="broken.tf",
        reason=GapReason.INVALID,
        detail="does not parse",
        remedy="mend it",
        unit=unit,
        kinds=(kind,),
    )


def judge(rules: str, found: Evidence, head: str = "", **parameters: Any) -> Judgement:
    return evaluate([policy(rules, head)], found, now=NOW, parameters={"area/name": parameters})
