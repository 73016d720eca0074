"""Rules that are judged over all roots together: what one root lacks another may have, and relations stay inside."""

from __future__ import annotations

import pytest

from infraguard.evaluation import Judgement
from infraguard.model.evidence import EVERY_UNIT, Collected, Evidence, Gap, Resource, Source
from infraguard.model.findings import Finding, Verdict
from tests.evaluation.build import evidence, gap, judge, resource

DETECTOR = """
  - sources: [tf, plan, aws]
    some: detector
    scope: configuration
    applies: {some: service}
    require: {enabled: true}
    message: "{id} is off"
    absence: "no detector"
"""
ALARMED = """
  - sources: [tf, aws]
    each: service
    scope: configuration
    require: {related: {some: alarm%s, where: {metric: cpu}}}
    message: "{id} has no alarm"
"""


def verdict(judgement: Judgement) -> Verdict:
    return judgement.gates[0].verdict


def two_roots(*resources: Resource, gaps: tuple[Gap, ...] = (), source: Source = Source.TF) -> Evidence:
    return Evidence(
        resources=resources,
        gaps=gaps,
        collected=tuple(Collected(source=source, unit=unit) for unit in ("account", "stack")),
    )


@pytest.mark.parametrize("source", [Source.TF, Source.PLAN])
def test_what_another_root_has_counts_for_all(source: Source) -> None:
    service = resource("service", "service.a", unit="stack", source=source)
    detector = resource("detector", "detector.a", unit="account", source=source, enabled=True)
    found = judge(DETECTOR, two_roots(service, detector, source=source))
    assert verdict(found) is Verdict.PASS
    (finding,) = found.findings
    assert (finding.resource.unit, finding.resource.id) == ("account", "detector.a")


def test_an_account_is_judged_alone() -> None:
    service = resource("service", "s", unit="111111111111", source=Source.AWS)
    detector = resource("detector", "d", unit="222222222222", source=Source.AWS, enabled=True)
    found = judge(DETECTOR, evidence(service, detector))
    assert {finding.resource.unit: finding.verdict for finding in found.findings} == {
        "111111111111": Verdict.FAIL,
        "222222222222": Verdict.NOT_APPLICABLE,
    }


def test_absence_is_said_once_and_of_all_roots() -> None:
    found = judge(DETECTOR, two_roots(resource("service", "service.a", unit="stack")))
    (finding,) = found.findings
    assert (finding.verdict, finding.message, finding.resource.unit) == (Verdict.FAIL, "no detector", EVERY_UNIT)


def test_its_name_does_not_change_when_a_root_is_added() -> None:
    def only(found: Judgement) -> Finding:
        (finding,) = found.findings
        return finding

    one = only(judge(DETECTOR, evidence(resource("service", "service.a", unit="stack"))))
    two = only(judge(DETECTOR, two_roots(resource("service", "service.a", unit="stack"))))
    assert one.fingerprint == two.fingerprint


def test_nothing_to_protect_in_any_root_is_not_applicable_and_says_so_once() -> None:
    (finding,) = judge(DETECTOR, two_roots(resource("detector", "detector.a", unit="account", enabled=False))).findings
    assert finding.verdict is Verdict.NOT_APPLICABLE
    assert finding.reason == "there is no service here"
    assert finding.message == "2 roots together: there is no service here"


def test_a_gap_in_any_root_keeps_absence_open() -> None:
    service = resource("service", "service.a", unit="stack")
    found = judge(DETECTOR, two_roots(service, gaps=(gap("detector", unit="account"),)))
    (finding,) = found.findings
    assert (finding.verdict, finding.causes) == (Verdict.UNKNOWN, ("tf:broken.tf",))


def test_a_relation_does_not_reach_into_another_root() -> None:
    service = resource("service", "service.a", unit="stack")
    references: dict[str, tuple[str, ...]] = {"target": ("service.a",)}
    here = resource("alarm", "alarm.a", unit="stack", target="service.a", metric="cpu", references=references)
    other = resource("alarm", "alarm.a", unit="account", target="service.a", metric="cpu", references=references)
    rule = ALARMED % ", by: target"
    service = resource("service", "service.a", unit="stack", id="service.a")
    assert verdict(judge(rule, two_roots(service, here))) is Verdict.PASS
    assert verdict(judge(rule, two_roots(service, other))) is Verdict.FAIL


def test_what_needs_no_relation_is_found_in_any_root() -> None:
    service = resource("service", "service.a", unit="stack")
    alarm = resource("alarm", "alarm.a", unit="account", metric="cpu")
    rule = ALARMED % ""
    assert verdict(judge(rule, two_roots(service, alarm))) is Verdict.PASS
    assert verdict(judge(rule, two_roots(service))) is Verdict.FAIL
    assert verdict(judge(rule, two_roots(service, gaps=(gap("alarm", unit="account"),)))) is Verdict.UNKNOWN
    assert (
        verdict(judge(rule.replace("scope: configuration", "scope: unit"), two_roots(service, alarm))) is Verdict.FAIL
    )


def test_relations_of_what_is_found_elsewhere_are_within_its_own_root() -> None:
    rule = """
  - sources: [tf]
    some: alarm
    scope: configuration
    applies: {some: service}
    require: {related: {some: topic, via: actions}}
    message: "{id} tells nobody"
"""
    service = resource("service", "service.a", unit="stack")
    alarm = resource("alarm", "alarm.a", unit="account", actions=["ops"])
    near = resource("topic", "topic.ops", unit="account", name="ops")
    far = resource("topic", "topic.ops", unit="stack", name="ops")
    assert verdict(judge(rule, two_roots(service, alarm, near))) is Verdict.PASS
    assert verdict(judge(rule, two_roots(service, alarm, far))) is Verdict.UNKNOWN


def test_source_and_plan_are_not_mixed() -> None:
    planned = resource("detector", "detector.a", unit="account", source=Source.PLAN, enabled=True)
    found = judge(DETECTOR, evidence(resource("service", "service.a", unit="stack"), planned))
    assert found.gates[0].sources == {"tf": Verdict.FAIL, "plan": Verdict.NOT_APPLICABLE}
