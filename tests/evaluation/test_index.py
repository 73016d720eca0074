"""The indexes of relations: nothing that may be related is left out, and little else is asked."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from infraguard.evaluation.index import Named, Referring
from infraguard.evaluation.relations import refers
from infraguard.model.evidence import Resource
from infraguard.model.values import Default, Denied, Unknown
from tests.evaluation.build import resource

NAMES = st.sampled_from(["a", "b", "1", 1, True, "arn:a"])
ADDRESSES = st.sampled_from(["t.x", "t.y", "t.y[0]", "other.z"])
UNKNOWNS = st.one_of(
    st.just(Unknown("var.x has no value", ("var.x",))),
    st.builds(lambda address: Unknown("after apply", (f"{address}.id",), is_set=True), ADDRESSES),
    st.just(Denied("no")),
)
SCALARS = st.one_of(NAMES, UNKNOWNS, NAMES.map(lambda name: Default(name, "aws")))
VALUES = st.one_of(SCALARS, st.lists(SCALARS, max_size=3), st.dictionaries(st.sampled_from(["k"]), SCALARS, max_size=1))
REFERENCES = st.lists(ADDRESSES, max_size=2, unique=True).map(tuple)


@st.composite
def sources(draw: st.DrawFn) -> Resource:
    attributes: dict[str, Any] = {"link": draw(VALUES)} if draw(st.booleans()) else {}
    references = draw(REFERENCES)
    return resource("s", "s.one", references={"link": references} if references else {}, **attributes)


@st.composite
def targets(draw: st.DrawFn) -> Resource:
    names: dict[str, Any] = draw(st.dictionaries(st.sampled_from(["id", "arn", "name"]), SCALARS, max_size=3))
    return resource("t", draw(ADDRESSES), **names)


@given(st.lists(sources(), max_size=5), targets())
def test_nothing_that_may_refer_is_left_out(found: list[Resource], target: Resource) -> None:
    candidates = list(Referring(found, "link").to(target))
    assert [one for one in found if refers(one, "link", target) is not False] == [
        one for one in candidates if refers(one, "link", target) is not False
    ]


@given(sources(), st.lists(targets(), max_size=5))
def test_nothing_that_may_be_named_is_left_out(source: Resource, found: list[Resource]) -> None:
    candidates = list(Named(found).by(source, "link"))
    assert [one for one in found if refers(source, "link", one) is not False] == [
        one for one in candidates if refers(source, "link", one) is not False
    ]


def test_of_many_only_those_of_the_name_are_asked() -> None:
    alarms = [resource("alarm", f"a{index}", link=f"db{index}") for index in range(1000)]
    assert [one.id for one in Referring(alarms, "link").to(resource("db", "d", id="db7"))] == ["a7"]
    databases = [resource("db", f"d{index}", id=f"db{index}") for index in range(1000)]
    assert [one.id for one in Named(databases).by(resource("alarm", "a", link="db7"), "link")] == ["d7"]


def test_names_that_nothing_answers_to() -> None:
    found = Named([resource("t", "t.x", id="a")])
    assert found.lacks(resource("s", "s", link=["a", "b", Unknown("u")]), "link") == ("b",)
