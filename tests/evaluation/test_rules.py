"""Rules over evidence: quantifiers, applicability, environments, gaps, and what findings say."""

from __future__ import annotations

import pytest

from infraguard.model.evidence import Environment, Source
from infraguard.model.findings import Verdict
from infraguard.model.values import Default, Denied, Unknown
from tests.evaluation.build import evidence, gap, judge, resource

EACH = """
  - sources: [tf, aws]
    each: db
    require: {days: {at_least: 30}}
    message: "{id} keeps {days} days in {environment}"
"""
SOME = """
  - sources: [tf]
    some: alarm
    when: {on: db}
    require: {enabled: true}
    message: "{id} is off"
    absence: "no alarm at all"
"""
NONE = """
  - sources: [tf]
    none: port
    require: {open: true}
    message: "{id} is open"
"""
UNSET = Unknown("var.days has no value", ("var.days",), remedy="set it")


@pytest.mark.parametrize(
    ("days", "verdict"),
    [
        (30, Verdict.PASS),
        (29, Verdict.FAIL),
        (UNSET, Verdict.UNKNOWN),
        (Denied("no"), Verdict.UNKNOWN),
        (Default(0, "aws 5"), Verdict.FAIL),
    ],
)
def test_each_judges_every_resource(days: object, verdict: Verdict) -> None:
    judgement = judge(EACH, evidence(resource("db", "db.a", days=days), resource("db", "db.b", days=30)))
    assert [finding.verdict for finding in judgement.findings] == [verdict, Verdict.PASS]
    assert judgement.gates[0].verdict is (verdict if verdict is not Verdict.PASS else Verdict.PASS)


def test_each_over_nothing_is_not_applicable_only_after_a_complete_look() -> None:
    assert judge(EACH, evidence()).gates[0].verdict is Verdict.NOT_APPLICABLE
    assert judge(EACH, evidence(gaps=(gap(),))).gates[0].verdict is Verdict.UNKNOWN
    assert judge(EACH, evidence(gaps=(gap("db"),))).gates[0].verdict is Verdict.UNKNOWN
    assert judge(EACH, evidence(gaps=(gap("other"),))).gates[0].verdict is Verdict.NOT_APPLICABLE
    assert judge(EACH, evidence(kinds=("other",))).gates[0].verdict is Verdict.UNKNOWN


def test_a_gap_beside_passing_resources_leaves_the_gate_unknown_and_names_the_cause() -> None:
    judgement = judge(EACH, evidence(resource("db", "db.a", days=30), gaps=(gap(),)))
    assert judgement.gates[0].verdict is Verdict.UNKNOWN
    unknown = [finding for finding in judgement.findings if finding.verdict is Verdict.UNKNOWN]
    assert unknown[0].causes == ("tf:broken.tf",)
    assert unknown[0].reason == "broken.tf: does not parse"
    assert unknown[0].remedy == "mend it"


def test_a_gap_does_not_hide_a_fail() -> None:
    assert judge(EACH, evidence(resource("db", "db.a", days=1), gaps=(gap(),))).gates[0].verdict is Verdict.FAIL


def test_messages_name_what_was_seen_and_required() -> None:
    finding = judge(EACH, evidence(resource("db", "db.a", days=7))).findings[0]
    assert finding.message == "db.a keeps 7 days in an unknown environment"
    assert finding.observed == {"days": 7}
    assert finding.required == "days at least 30"
    assert finding.remediation == "mend it"


def test_unknown_carries_reason_remedy_and_cause() -> None:
    finding = judge(EACH, evidence(resource("db", "db.a", days=UNSET))).findings[0]
    assert (finding.reason, finding.remedy, finding.causes) == ("var.days has no value", "set it", ("var.days",))


def test_a_resource_that_perhaps_exists_never_fails_for_sure() -> None:
    perhaps = Unknown("var.count has no value", ("var.count",))
    judgement = judge(EACH, evidence(resource("db", "db.a", days=1, perhaps=perhaps)))
    assert judgement.findings[0].verdict is Verdict.UNKNOWN
    assert judgement.findings[0].causes == ("var.count",)


def test_some_needs_one_that_holds() -> None:
    good, bad = (
        resource("alarm", "a.good", on="db", enabled=True),
        resource("alarm", "a.bad", on="db", enabled=False),
    )
    assert judge(SOME, evidence(bad, good)).gates[0].verdict is Verdict.PASS
    failed = judge(SOME, evidence(bad)).findings[0]
    assert (failed.verdict, failed.message) == (Verdict.FAIL, "a.bad is off")


def test_some_over_nothing_fails_with_its_own_words_or_is_unknown() -> None:
    failed = judge(SOME, evidence(resource("alarm", "a", on="cpu", enabled=True))).findings[0]
    assert (failed.verdict, failed.message, failed.resource.id) == (Verdict.FAIL, "no alarm at all", "")
    assert judge(SOME, evidence(gaps=(gap("alarm"),))).gates[0].verdict is Verdict.UNKNOWN


def test_one_that_holds_settles_some_whatever_is_missing() -> None:
    found = evidence(resource("alarm", "a", on="db", enabled=True), gaps=(gap("alarm"),))
    assert judge(SOME, found).gates[0].verdict is Verdict.PASS


def test_some_speaks_of_the_one_that_is_nearest() -> None:
    rule = SOME.replace("{enabled: true}", "{enabled: true, loud: true}")
    off = resource("alarm", "alarm.off", on="db", enabled=False, loud=False)
    quiet = resource("alarm", "alarm.quiet", on="db", enabled=True, loud=False)
    (finding,) = judge(rule, evidence(off, quiet)).findings
    assert finding.verdict is Verdict.FAIL
    assert finding.resource.id == "alarm.quiet"
    assert finding.observed == {"loud": False}


def test_some_that_perhaps_exists_proves_nothing() -> None:
    doubt = Unknown("var.count has no value", ("var.count",))
    found = evidence(resource("alarm", "a", on="db", enabled=True, perhaps=doubt))
    assert judge(SOME, found).gates[0].verdict is Verdict.UNKNOWN


def test_none_fails_for_each_that_is_so() -> None:
    found = evidence(
        resource("port", "p.a", open=True), resource("port", "p.b", open=False), resource("port", "p.c", open=UNSET)
    )
    verdicts = [finding.verdict for finding in judge(NONE, found).findings]
    assert verdicts == [Verdict.FAIL, Verdict.PASS, Verdict.UNKNOWN]


@pytest.mark.parametrize(
    ("environment", "verdict"),
    [
        (Environment.PRODUCTION, Verdict.FAIL),
        (Environment.UNKNOWN, Verdict.FAIL),
        (Environment.STAGING, Verdict.NOT_APPLICABLE),
        (Environment.DEVELOPMENT, Verdict.NOT_APPLICABLE),
    ],
)
def test_a_gate_for_production_judges_unknown_as_production(environment: Environment, verdict: Verdict) -> None:
    found = evidence(resource("db", "db.a", days=1, environment=environment))
    assert judge(EACH, found, head="environments: [production]").gates[0].verdict is verdict


FOR_PRODUCTION = "environments: [production]"


def test_what_is_missing_in_a_lesser_environment_is_missed_by_no_gate_for_production() -> None:
    rule = SOME + "    applies: {some: db}\n"
    there = resource("db", "d", environment=Environment.DEVELOPMENT)
    assert judge(rule, evidence(there), head=FOR_PRODUCTION).gates[0].verdict is Verdict.NOT_APPLICABLE
    assert judge(SOME, evidence(there), head=FOR_PRODUCTION).gates[0].verdict is Verdict.NOT_APPLICABLE
    assert judge(EACH, evidence(there, gaps=(gap("db"),)), head=FOR_PRODUCTION).gates[0].verdict is (
        Verdict.NOT_APPLICABLE
    )
    assert judge(rule, evidence(resource("db", "d")), head=FOR_PRODUCTION).gates[0].verdict is Verdict.FAIL


def test_what_makes_a_gate_for_production_speak_is_in_production() -> None:
    rule = SOME + "    applies: {some: db}\n    scope: configuration\n"
    lesser = resource("db", "d", unit="dev", environment=Environment.DEVELOPMENT)
    other = resource("other", "o", unit="prod", environment=Environment.PRODUCTION)
    assert judge(rule, evidence(lesser, other), head=FOR_PRODUCTION).gates[0].verdict is Verdict.NOT_APPLICABLE
    real = resource("db", "d", unit="prod", environment=Environment.PRODUCTION)
    assert judge(rule, evidence(lesser, real), head=FOR_PRODUCTION).gates[0].verdict is Verdict.FAIL


def test_when_that_is_unknown_leaves_a_fail_open_and_a_pass_standing() -> None:
    rule = EACH.replace("    require", "    when: {engine: postgres}\n    require")
    unset = Unknown("var.engine has no value", ("var.engine",))
    assert judge(rule, evidence(resource("db", "a", engine=unset, days=1))).findings[0].verdict is Verdict.UNKNOWN
    assert judge(rule, evidence(resource("db", "a", engine=unset, days=30))).findings[0].verdict is Verdict.PASS
    assert (
        judge(rule, evidence(resource("db", "a", engine="mysql", days=1))).findings[0].verdict is Verdict.NOT_APPLICABLE
    )


def test_applies_decides_whether_the_rule_speaks_at_all() -> None:
    rule = SOME + "    applies: {some: db}\n"
    assert judge(rule, evidence(resource("other", "o"))).gates[0].verdict is Verdict.NOT_APPLICABLE
    assert judge(rule, evidence(resource("db", "d"))).gates[0].verdict is Verdict.FAIL
    assert judge(rule, evidence(gaps=(gap("db"),))).gates[0].verdict is Verdict.UNKNOWN


def test_sources_that_disagree_are_drift() -> None:
    found = evidence(resource("db", "db.a", days=30), resource("db", "arn:db", source=Source.AWS, unit="1", days=7))
    gate = judge(EACH, found).gates[0]
    assert gate.sources == {"tf": Verdict.PASS, "aws": Verdict.FAIL}
    assert (gate.drift, gate.detail, gate.verdict) == (True, "declared, not deployed", Verdict.FAIL)


def test_a_gate_that_nothing_here_decides_says_so() -> None:
    gate = judge(SOME, evidence(resource("alarm", "a", source=Source.AWS, unit="1"))).gates[0]
    assert gate.verdict is Verdict.NOT_APPLICABLE
    assert "judged on tf" in gate.detail


def test_units_are_judged_apart() -> None:
    found = evidence(resource("alarm", "a", unit="one", on="db", enabled=True), resource("other", "o", unit="two"))
    verdicts = {finding.resource.unit: finding.verdict for finding in judge(SOME, found).findings}
    assert verdicts == {"one": Verdict.PASS, "two": Verdict.FAIL}


def test_a_users_figure_replaces_the_default() -> None:
    rule = EACH.replace("at_least: 30", "at_least: $days")
    head = "parameters: {days: {type: integer, default: 30}}"
    found = evidence(resource("db", "db.a", days=30))
    assert judge(rule, found, head).gates[0].verdict is Verdict.PASS
    assert judge(rule, found, head, days=35).gates[0].verdict is Verdict.FAIL


def test_fingerprints_do_not_depend_on_values_or_lines() -> None:
    one = judge(EACH, evidence(resource("db", "db.a", days=1))).findings[0]
    two = judge(EACH, evidence(resource("db", "db.a", days=2))).findings[0]
    other = judge(EACH, evidence(resource("db", "db.b", days=1))).findings[0]
    assert one.fingerprint == two.fingerprint != other.fingerprint
