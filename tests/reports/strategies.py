"""Reports that nobody would write by hand: any text, any marker, any nesting."""

from __future__ import annotations

from hypothesis import strategies as st

from infraguard.model.evidence import Environment, Gap, GapReason, Source, Target
from infraguard.model.findings import Finding, GateResult, Report, Severity, Subject, Verdict
from infraguard.model.values import ABSENT, Default, Denied, Location, Unknown

#: Surrogates included: that is how Python spells file names that are not UTF-8.
TEXT = st.text(st.characters(exclude_categories=()), max_size=30)
GATES = st.sampled_from(("database/backup-retention", "tls/minimum-version", "alerting/someone-is-told"))
_PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
_MARKERS = (
    st.builds(Unknown, TEXT, st.tuples(TEXT), st.booleans(), TEXT)
    | st.builds(Denied, TEXT, TEXT)
    | st.builds(Default, _PLAIN, TEXT)
    | st.just(ABSENT)
)
VALUES = st.recursive(
    _PLAIN | _MARKERS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT | st.just("$unknown"), inner, max_size=3),
    max_leaves=6,
)
_LINES = st.integers(0, 10_000)
LOCATIONS = st.none() | st.builds(Location, TEXT, _LINES, _LINES, _LINES, TEXT, TEXT, TEXT, TEXT)
_SUBJECTS = st.builds(Subject, kind=TEXT, id=TEXT, environment=st.sampled_from(Environment), unit=TEXT)
FINDINGS = st.builds(
    Finding,
    policy=GATES,
    source=st.sampled_from(Source),
    verdict=st.sampled_from(Verdict),
    severity=st.sampled_from(Severity),
    resource=_SUBJECTS,
    message=TEXT,
    remediation=TEXT,
    fingerprint=st.text("0123456789abcdef", min_size=32, max_size=32),
    location=LOCATIONS,
    observed=st.dictionaries(TEXT, VALUES, max_size=2),
    required=TEXT,
    reason=st.text(st.characters(exclude_categories=()), min_size=1, max_size=30),
    remedy=st.none() | TEXT,
    causes=st.lists(TEXT | st.just("aws:calls"), max_size=2).map(tuple),
    suppression=st.none() | TEXT,
)
_RESULTS = st.builds(
    GateResult,
    policy=GATES,
    title=TEXT,
    severity=st.sampled_from(Severity),
    verdict=st.sampled_from(Verdict),
    sources=st.dictionaries(st.sampled_from([str(source) for source in Source]), st.sampled_from(Verdict)),
    drift=st.booleans(),
    detail=TEXT,
)
_GAPS = st.builds(
    Gap,
    source=st.sampled_from(Source),
    scope=TEXT | st.just("calls"),
    reason=st.sampled_from(GapReason),
    detail=TEXT,
    remedy=TEXT,
    location=LOCATIONS,
)
REPORTS = st.builds(
    Report,
    version=st.just("1.2.3"),
    started_at=st.just("2026-11-23T12:00:00Z"),
    targets=st.lists(st.builds(Target, source=st.sampled_from(Source), name=TEXT), max_size=2).map(tuple),
    findings=st.lists(FINDINGS, max_size=4).map(tuple),
    gates=st.lists(_RESULTS, max_size=3, unique_by=lambda gate: gate.policy).map(tuple),
    gaps=st.lists(_GAPS, max_size=3).map(tuple),
)
