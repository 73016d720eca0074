"""The three small readers of settings and results: TOML, INI, XML."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infraguard.model.errors import SyntaxProblem
from infraguard.readers.ini import read_ini
from infraguard.readers.toml import read_toml
from infraguard.readers.xml import Element, each_element
from tests.readers.attempt import attempt

_TOML = '''# [not.a.table]
title = "x # y"
text = """
[neither]
key = 1
"""
raw = \'\'\'
a = "b
\'\'\'
list = [
  "a]", # b = 1
  { inner = 1 },
]

[tool."quoted.key".'other'] # comment
"spaced key" . sub = 1
inline = { a = { b = 1 } }

[[tool.items]]
name = "first"
[[tool.items]]
name = "second"
[tool.items.deep]
last = 2026-11-23
'''


def test_toml_keys_have_their_lines() -> None:
    document = read_toml(_TOML, "f.toml")
    assert {path: place.line for path, place in document.places.items()} == {
        "title": 2,
        "text": 3,
        "raw": 7,
        "list": 10,
        "tool.quoted.key.other": 15,
        "tool.quoted.key.other.spaced key.sub": 16,
        "tool.quoted.key.other.inline": 17,
        "tool.items.0": 19,
        "tool.items.0.name": 20,
        "tool.items.1": 21,
        "tool.items.1.name": 22,
        "tool.items.1.deep": 23,
        "tool.items.1.deep.last": 24,
    }
    assert document.places["list"].end_line == 13
    assert document.at("tool.items.1.missing") == document.places["tool.items.1"]
    assert document.at("nowhere") is None
    assert document.data["tool"]["items"][1]["name"] == "second"


@pytest.mark.parametrize(
    ("text", "line"),
    [("a = 1\nb =\n", 2), ("a = 1\na = 2\n", 2), ('a = "x', 0), ("a = " + "[" * 100_000, 1), ("[a\n", 1)],
    ids=["no value", "twice", "no end", "deep", "header"],
)
def test_toml_that_is_wrong_says_where(text: str, line: int) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        read_toml(text, "f.toml")
    assert (caught.value.file, caught.value.line) == ("f.toml", line)


_KEY = st.text("abc-_9", min_size=1, max_size=4)
_SCALAR = st.sampled_from(["1", '"a # [b"', "'c = 1'", "[1, [2]]", '[\n  "]",\n]', '"""\nx = 1\n"""', "{ a = [1] }"])


@given(st.dictionaries(_KEY, st.dictionaries(_KEY, _SCALAR, max_size=3), max_size=3))
def test_every_toml_key_is_where_its_place_says(tables: dict[str, dict[str, str]]) -> None:
    text = "".join(
        f"[{table}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items()) for table, keys in tables.items()
    )
    document = read_toml(text, "f")
    lines = text.splitlines()
    assert set(document.places) == {*tables, *(f"{table}.{key}" for table, keys in tables.items() for key in keys)}
    for path, place in document.places.items():
        name = path.rpartition(".")[2]
        assert lines[place.line - 1].startswith((f"{name} =", f"[{path}]"))


def test_ini_options_have_their_lines() -> None:
    text = "[a]\n; note\nOne = 1\ntwo: x\n  three = still two\n[b c]\none=%(raw)s\n"
    document = read_ini(text, "setup.cfg")
    assert document.sections == {"a": {"one": "1", "two": "x\nthree = still two"}, "b c": {"one": "%(raw)s"}}
    assert {key: place.line for key, place in document.places.items()} == {
        ("a", "one"): 3,
        ("a", "two"): 4,
        ("b c", "one"): 7,
    }


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("one = 1\n", 1),
        ("[a]\nx\n", 2),
        ("[a]\nb = 1\nb = 2\n", 3),
        ("[a]\n[b]\n[a]\n", 3),
        ("[a]\nb = " + " " * 10**6, 2),
    ],
    ids=["no section", "no value", "option twice", "section twice", "long"],
)
def test_ini_that_is_wrong_says_where(text: str, line: int) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        read_ini(text, "tox.ini")
    assert caught.value.line == line


def _elements(text: str) -> list[Element]:
    found: list[Element] = []
    each_element(text.encode(), "f.xml", found.append)
    return found


def test_xml_elements_come_with_their_surroundings() -> None:
    root, child, leaf = _elements('<?xml version="1.0"?>\n<!-- c -->\n<n:a x="1">\n <b>\n<c/></b></n:a>')
    assert (root.name, root.attributes, root.parents, root.line) == ("a", {"x": "1"}, (), 3)
    assert (child.parents, leaf.parents, leaf.line) == (("a",), ("a", "b"), 5)


def test_a_document_type_that_declares_nothing_passes() -> None:
    assert [element.name for element in _elements('<!DOCTYPE coverage SYSTEM "http://x/y.dtd"><coverage/>')] == [
        "coverage"
    ]


_LAUGHS = '<!DOCTYPE a [<!ENTITY b0 "x">' + "".join(
    f'<!ENTITY b{number} "' + f"&b{number - 1};" * 10 + '">' for number in range(1, 10)
)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"{_LAUGHS}]><a>&b9;</a>", "declares entities"),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "declares entities"),
        ('<!DOCTYPE a [<!ENTITY % b SYSTEM "http://x/y">%b;]><a/>', "declares entities"),
        ("<a>&b;</a>", "undefined entity"),
        ("<a>", "no element found"),
        ("<a></b>", "mismatched tag"),
        ("", "no element found"),
        ("<a>" * 100_000, "nested too deeply"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_xml_that_is_wrong_or_means_harm(text: str, why: str) -> None:
    with pytest.raises(SyntaxProblem, match=why) as caught:
        _elements(text)
    assert caught.value.line == 1


@given(st.binary(max_size=60) | st.text("<>/ab\"'=!?-&; ", max_size=40).map(str.encode))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    found: list[Any] = []
    problem = attempt(lambda: each_element(content, "f", found.append))
    assert problem.file == "f" if problem else found
