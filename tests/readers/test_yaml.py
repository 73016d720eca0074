"""YAML with places, and YAML that means harm."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from infraguard.model.errors import SyntaxProblem
from infraguard.readers import yaml as reader
from infraguard.readers.yaml import read_document, read_documents
from tests.readers.attempt import attempt

_LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i + 1}: &a{i + 1} [{', '.join([f'*a{i}'] * 9)}]\n" for i in range(9)
)
_MERGES = "a0: &a0 {x: 1}\n" + "".join(f"a{i + 1}: &a{i + 1} {{<<: [*a{i}, *a{i}]}}\n" for i in range(40))


@pytest.fixture(params=["c", "python"])
def _loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "python":
        monkeypatch.setattr(reader, "_LOADER", yaml.SafeLoader)


@pytest.mark.usefixtures("_loader")
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on: push", {"on": "push"}),
        ("a: yes\nb: no\nc: true", {"a": "yes", "b": "no", "c": True}),
        ("version: 3.10", {"version": 3.1}),
        ('version: "3.10"', {"version": "3.10"}),
        ("a: 010\nb: 0o17\nc: 0x1f\nd: 1_000", {"a": 10, "b": 15, "c": 31, "d": "1_000"}),
        ("a: 1e3\nb: .5\nc: -2", {"a": 1000.0, "b": 0.5, "c": -2}),
        ("a: ~\nb:\nc: null\nd: ''", {"a": None, "b": None, "c": None, "d": ""}),
        ("a: 2026-11-23\nb: 12:30", {"a": "2026-11-23", "b": "12:30"}),
        ("a: |\n  one\n  two\n", {"a": "one\ntwo\n"}),
        ("1: a\ntrue: b", {"1": "a", "true": "b"}),
        ("x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}", {"x": {"a": 1, "b": 2}, "y": {"b": 3, "a": 1}}),
        ("x: &x {a: 1}\ny: {<<: [*x, {a: 2, c: 3}]}", {"x": {"a": 1}, "y": {"a": 1, "c": 3}}),
        ("x: &x [1]\ny: *x", {"x": [1], "y": [1]}),
        ("", None),
        ("- 1\n- [2]", [1, [2]]),
    ],
)
def test_values_are_what_a_person_wrote(text: str, value: Any) -> None:
    assert read_document(text, "f.yaml").data == value


def test_places_of_keys_and_values() -> None:
    document = read_document(
        "jobs:\n  test:\n    steps:\n      - run: |\n          a\n          b\n      - uses: x\n", "w.yml"
    )
    run = document.places["jobs.test.steps.0.run"]
    assert (run.file, run.line, run.column, run.end_line) == ("w.yml", 4, 14, 6)
    assert document.keys["jobs.test"].line == 2
    assert document.at("jobs.test.steps.1.missing.deeper") == document.places["jobs.test.steps.1"]
    assert document.at("nothing") == document.places[""]
    assert read_document("", "w.yml").at("a") is None


def test_an_alias_has_the_place_of_its_anchor() -> None:
    document = read_document("a: &x {k: 1}\nb: *x\n", "f")
    assert document.places["b.k"] == document.places["a.k"]


def test_documents_of_a_stream_are_apart() -> None:
    first, second = read_documents("a: 1\n---\nb: 2\n", "f")
    assert (first.data, second.data) == ({"a": 1}, {"b": 2})
    assert second.places["b"].line == 3
    assert "a" not in second.places
    with pytest.raises(SyntaxProblem, match="there are several"):
        read_document("a: 1\n---\nb: 2\n", "f")


@pytest.mark.usefixtures("_loader")
@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("a:\n\tb: 1\n", 2, "token"),
        ("a: 1\nb: 2\na: 3\n", 3, "'a' stands twice"),
        ("a: [1\n", 2, "expected"),
        ("a: b: c\n", 1, "mapping values"),
        ("a: *missing\n", 1, "undefined alias"),
        ("a: \x00\n", 1, "not YAML"),
        ("? [1, 2]\n: 3\n", 1, "plain value"),
        ("<<: 1\n", 1, "merge key"),
        ("x: &x [*x]\n", 1, "expands to too much"),
        (_LAUGHS, 1, "expands to too much"),
        (_MERGES, 1, "expands to too much"),
        ("- " * 100_000, 1, "too deeply"),
        ("[" * 100_000, 1, "too deeply"),
        ("{a: " * 100_000, 1, "too deeply"),
        ("\n".join(" " * depth + "a:" for depth in range(2000)), 201, "too deeply"),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, str) else None,
)
def test_what_is_refused_says_where(text: str, line: int, why: str) -> None:
    with pytest.raises(SyntaxProblem, match=why) as caught:
        read_documents(text, "f.yaml")
    assert (caught.value.file, caught.value.line) == ("f.yaml", line)


def test_a_tab_is_named() -> None:
    with pytest.raises(SyntaxProblem) as caught:
        read_document("a:\n\tb: 1\n", "f")
    assert "tabs" in caught.value.hint


def test_long_numbers_stay_text() -> None:
    assert read_document("9" * 5000, "f").data == "9" * 5000
    assert read_document("0x" + "f" * 5000, "f").data == "0x" + "f" * 5000


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    found = attempt(lambda: read_documents(text, "f"))
    if isinstance(found, SyntaxProblem):
        assert found.file == "f"
    else:
        assert all(place.line >= 1 for document in found for place in document.places.values())


_KEYS = st.text(st.characters(categories=["Ll"], max_codepoint=127), min_size=1, max_size=5)
_DATA = st.recursive(
    st.integers(-(10**9), 10**9) | st.text("abc: #'\"\n", max_size=6) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=12,
)


@given(_DATA)
def test_what_was_written_is_read_back_and_each_place_holds_its_value(data: Any) -> None:
    text = yaml.safe_dump(data, sort_keys=False, default_style=None)
    document = read_document(text, "f")
    assert document.data == data
    lines = text.splitlines()
    for place in document.keys.values():
        key = next(path for path, found in document.keys.items() if found == place).rpartition(".")[2]
        assert lines[place.line - 1][place.column - 1 :].lstrip("'\"?").startswith(key)
