"""Conditions: Kleene logic over lists and relations, and where values are looked up."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infraguard.evaluation import kleene
from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.relations import refers
from infraguard.model.evidence import Collected, Evidence, Source
from infraguard.model.findings import Verdict
from infraguard.model.values import ABSENT, Denied, Unknown
from tests.evaluation.build import evidence, gap, judge, resource

UNSET = Unknown("var.x has no value", ("var.x",))
TRUTHS = st.sampled_from([True, False, None])


@given(st.lists(TRUTHS))
def test_kleene_follows_from_the_order_false_unknown_true(truths: list[bool | None]) -> None:
    rank: dict[bool | None, int] = {False: 0, None: 1, True: 2}
    assert rank[kleene.every(truths)] == min((rank[truth] for truth in truths), default=2)
    assert rank[kleene.some(truths)] == max((rank[truth] for truth in truths), default=0)
    assert kleene.negate(kleene.every(truths)) is kleene.some([kleene.negate(truth) for truth in truths])


@given(st.lists(TRUTHS), st.lists(st.booleans()))
def test_replacing_an_unknown_never_overturns_what_was_certain(truths: list[bool | None], guesses: list[bool]) -> None:
    filled = [guesses[i % len(guesses)] if truth is None and guesses else truth for i, truth in enumerate(truths)]
    for combine in (kleene.every, kleene.some):
        if combine(truths) is not None:
            assert combine(filled) is combine(truths)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.b", 1),
        ("a.c", ABSENT),
        ("one.x", 5),
        ("list.1.x", 2),
        ("list.7", ABSENT),
        ("empty.x", ABSENT),
        ("n", ABSENT),
        ("unset.anything", UNSET),
        ("a.b.c", ABSENT),
    ],
)
def test_lookup(path: str, expected: object) -> None:
    value = {"a": {"b": 1}, "one": [{"x": 5}], "list": [{"x": 1}, {"x": 2}], "empty": [], "unset": UNSET, "n": None}
    assert lookup(value, path) == expected


def test_a_path_into_several_blocks_is_unknown_not_the_first() -> None:
    assert isinstance(lookup({"list": [{"x": 1}, {"x": 2}]}, "list.x"), Unknown)


def verdict(require: str, **attributes: Any) -> Verdict:
    rule = f"  - sources: [tf]\n    each: group\n    message: m\n    require: {require}\n"
    return judge(rule, evidence(resource("group", "g", **attributes))).gates[0].verdict


OPEN = "{ingress: {none: {cidr: 0.0.0.0/0, port: {at_most: 5432}}}}"


@pytest.mark.parametrize(
    ("ingress", "expected"),
    [
        ([{"cidr": "0.0.0.0/0", "port": 22}, UNSET], Verdict.FAIL),
        ([{"cidr": "10.0.0.0/8", "port": 22}, UNSET], Verdict.UNKNOWN),
        ([{"cidr": UNSET, "port": 6000}], Verdict.PASS),
        ([{"cidr": UNSET, "port": 22}], Verdict.UNKNOWN),
        ([], Verdict.PASS),
        (UNSET, Verdict.UNKNOWN),
        (Denied("no"), Verdict.UNKNOWN),
        ({"cidr": "0.0.0.0/0", "port": 22}, Verdict.FAIL),
    ],
)
def test_none_over_a_list_with_unknown_parts(ingress: object, expected: Verdict) -> None:
    assert verdict(OPEN, ingress=ingress) is expected


@pytest.mark.parametrize(
    ("require", "expected"),
    [
        ("{any: [{a: 1}, {b: 2}]}", Verdict.PASS),
        ("{all: [{a: 1}, {b: 3}]}", Verdict.FAIL),
        ("{not: {a: 1}}", Verdict.FAIL),
        ("{not: {u: 1}}", Verdict.UNKNOWN),
        ("{any: [{u: 1}, {a: 1}]}", Verdict.PASS),
        ("{all: [{u: 1}, {a: 2}]}", Verdict.FAIL),
        ("{all: [{u: 1}, {a: 1}]}", Verdict.UNKNOWN),
        ("{l: {some: {equals: 2}}}", Verdict.PASS),
        ("{l: {each: {at_least: 2}}}", Verdict.FAIL),
        ("{l: {some: exists}}", Verdict.PASS),
        ("{missing: {some: exists}}", Verdict.FAIL),
        ("{missing: {each: {equals: 1}}}", Verdict.PASS),
    ],
)
def test_combinations(require: str, expected: Verdict) -> None:
    assert verdict(require, a=1, b=2, u=UNSET, l=[1, 2]) is expected


DATABASE = resource("db", "db.main", identifier="app", arn=Unknown("after apply", ("db.main.arn",), is_set=True))


@pytest.mark.parametrize(
    ("value", "references", "expected"),
    [
        ("app", (), True),
        ("other", (), False),
        (["x", "app"], (), True),
        (Unknown("after apply", ("db.main.arn",), is_set=True), ("db.main",), True),
        (Unknown("after apply", ("db.other.arn",), is_set=True), ("db.other",), False),
        (Unknown("var.flag", ("var.flag",)), ("db.main",), None),
        (UNSET, (), None),
        (Denied("no"), (), None),
        (ABSENT, (), False),
        (["literal", Unknown("after apply", ("db.main.arn",), is_set=True)], ("db.main",), True),
        (Unknown("either", ("var.flag", "db.main.arn"), is_set=True), ("db.main",), None),
        (Unknown("after apply", ("db.main.endpoint",), is_set=True), ("db.main",), None),
        (Unknown("after apply", ("db.main.arn", "db.other.arn"), is_set=True), ("db.main", "db.other"), True),
        (Unknown("after apply", is_set=True), ("db.main",), True),
    ],
)
def test_refers(value: object, references: tuple[str, ...], expected: bool | None) -> None:
    attributes: dict[str, Any] = {} if value is ABSENT else {"target": value}
    alarm = resource("alarm", "a", references={"target": references} if references else {}, **attributes)
    assert refers(alarm, "target", DATABASE) is expected


def test_an_unknown_identity_that_is_followed_is_the_targets() -> None:
    target = resource("db", "db.main", identifier=UNSET)
    alarm = resource("alarm", "a", target=UNSET, references={"target": ("db.main",)})
    assert refers(alarm, "target", target) is True


def test_unknown_values_that_depend_on_the_same_may_differ() -> None:
    """`"${var.name}-a"` and `"${var.name}-b"` are unknown for the same reason."""
    target = resource("db", "db.main", identifier=UNSET)
    assert refers(resource("alarm", "a", target=UNSET), "target", target) is None
    elsewhere = resource("alarm", "a", target=UNSET, references={"target": ("db.other",)})
    assert refers(elsewhere, "target", target) is False


def test_a_reference_without_an_index_is_to_all_instances() -> None:
    computed = Unknown("after apply", ("db.main.arn",), is_set=True)
    alarm = resource("alarm", "a", target=[computed], references={"target": ("db.main",)})
    assert refers(alarm, "target", resource("db", "db.main[0]")) is True
    assert refers(alarm, "target", resource("db", "db.mainframe")) is False


RELATED = """
  - sources: [tf, aws]
    each: db
    require: {related: {some: alarm, by: target, where: {enabled: true}}}
    message: "{id} has no alarm"
"""


def test_related_by_reference() -> None:
    assert (
        judge(RELATED, evidence(DATABASE, resource("alarm", "a", target="app", enabled=True))).gates[0].verdict
        is Verdict.PASS
    )
    assert (
        judge(RELATED, evidence(DATABASE, resource("alarm", "a", target="app", enabled=False))).gates[0].verdict
        is Verdict.FAIL
    )
    assert (
        judge(RELATED, evidence(DATABASE, resource("alarm", "a", target="b", enabled=True))).gates[0].verdict
        is Verdict.FAIL
    )
    assert (
        judge(RELATED, evidence(DATABASE, resource("alarm", "a", target=UNSET, enabled=True))).gates[0].verdict
        is Verdict.UNKNOWN
    )


def test_related_that_may_be_hidden_is_unknown_with_the_gap_as_reason() -> None:
    finding = judge(RELATED, evidence(DATABASE, gaps=(gap("alarm"),))).findings[0]
    assert (finding.verdict, finding.reason) == (Verdict.UNKNOWN, "broken.tf: does not parse")


def test_relations_never_cross_units() -> None:
    found = evidence(DATABASE, resource("alarm", "a", unit="elsewhere", target="app", enabled=True))
    assert judge(RELATED, found).gates[0].verdict is Verdict.FAIL


def test_a_name_in_another_region_is_another_thing() -> None:
    def account(*alarms: str) -> Evidence:
        named = [
            resource("alarm", f"a{index}", source=Source.AWS, region="us-east-1", target=name, enabled=True)
            for index, name in enumerate(alarms)
        ]
        database = resource("db", "db", source=Source.AWS, region="eu-west-1", identifier="app", arn="arn:db:app")
        return evidence(database, *named)

    assert judge(RELATED, account("app")).gates[0].verdict is Verdict.FAIL
    assert judge(RELATED, account("app", "arn:db:app")).gates[0].verdict is Verdict.PASS
    unbound = RELATED.replace("by: target, ", "")
    assert judge(unbound, account("app")).gates[0].verdict is Verdict.FAIL


def test_an_attribute_that_the_source_does_not_read_is_unknown_not_absent() -> None:
    rule = RELATED.replace(
        "{related: {some: alarm, by: target, where: {enabled: true}}}", "{logging: {not_equals: off}}"
    )
    database = resource("db", "db", source=Source.AWS, unit="1", identifier="app")
    collected = Collected(source=Source.AWS, unit="1", attributes={"db": ("identifier", "port")})
    finding = judge(rule, Evidence(resources=(database,), collected=(collected,))).findings[0]
    assert (finding.verdict, finding.reason) == (Verdict.UNKNOWN, "logging is not read from this source")
    read = judge(rule.replace("logging", "port"), Evidence(resources=(database,), collected=(collected,)))
    assert read.gates[0].verdict is Verdict.PASS


VIA = """
  - sources: [tf, aws]
    each: alarm
    require: {related: {some: topic, via: actions}}
    message: "{id} leads nowhere"
"""


def test_a_name_outside_of_the_configuration_cannot_be_followed() -> None:
    finding = judge(VIA, evidence(resource("alarm", "a", actions=["arn:aws:sns:eu-west-1:1:ops"]))).findings[0]
    assert (finding.verdict, finding.causes) == (Verdict.UNKNOWN, ("arn:aws:sns:eu-west-1:1:ops",))


def test_a_name_that_the_account_does_not_have_leads_nowhere() -> None:
    found = evidence(resource("alarm", "a", source=Source.AWS, unit="1", actions=["arn:aws:sns:eu-west-1:1:gone"]))
    assert judge(VIA, found).gates[0].verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("account", "verdict"), [("111111111111", Verdict.FAIL), ("222222222222", Verdict.UNKNOWN)], ids=["own", "other"]
)
def test_what_another_account_has_is_unknown_and_not_missing(account: str, verdict: Verdict) -> None:
    rules = """
  - sources: [aws]
    each: alarm
    require: {related: {some: topic, via: actions}}
    message: "{id}"
"""
    topic = f"arn:aws:sns:eu-west-1:{account}:ops"
    alarm = resource("alarm", "a", source=Source.AWS, unit="111111111111", actions=[topic])
    (finding,) = judge(rules, evidence(alarm)).findings
    assert finding.verdict is verdict
    assert verdict is Verdict.FAIL or topic in finding.causes
