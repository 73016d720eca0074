from __future__ import annotations

import json

import pytest

from infraguard.reports.text import paragraphs, printable, to_json


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("né 漢字 ✗", "né 漢字 ✗"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
        ("\u202eright to left", "\\u202eright to left"),
        ("\udcff", "\\udcff"),
        ("\u2028", "\\u2028"),
        ("\U000e0001", "\\U000e0001"),
    ],
)
def test_what_a_terminal_would_act_on_is_escaped(text: str, expected: str) -> None:
    assert printable(text) == expected


def test_prose_is_paragraphs() -> None:
    assert paragraphs("one\ntwo\r\n\r\nthree\n\n\n") == ["one two", "three"]


def test_names_that_are_not_unicode_can_be_written() -> None:
    assert json.loads(to_json({"\udcff": ["\udcfe", 1, None]})) == {"\\udcff": ["\\udcfe", 1, None]}
