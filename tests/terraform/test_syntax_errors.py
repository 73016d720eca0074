"""Every class of syntax error has its exact place, and says what was expected."""

from __future__ import annotations

import pytest

from infraguard.model.errors import SyntaxProblem
from infraguard.terraform.syntax import parse_file

CASES = [
    # The six that people make most.
    ('resource "a" "b" {\n  c = 1\n', 1, 18, 'never closed: expected "}"'),
    ('a {\n  name "x"\n}\n', 2, 11, 'expected "=" to make name an argument'),
    ("a = [1\n  2]\n", 2, 3, 'missing item separator: expected "," or "]", found "2"'),
    ('a = "open\nb = 1\n', 1, 5, "unterminated string: expected a closing double quote"),
    ("a = 'x'\n", 1, 5, "single quotes are not valid"),
    ("a = <<EOT\ntext\n", 1, 5, "unterminated heredoc: expected a line that holds only EOT"),
    # What Go refuses too.
    ('a = "x\\/y"\n', 1, 7, "invalid escape \\/"),
    ('a = "\\u00"\n', 1, 6, "invalid escape \\u"),
    ("a = 12ab\n", 1, 5, "invalid number"),
    ("a = 1 b = 2\n", 1, 7, "expected the end of the line after the argument a"),
    ("a {\n  b = 1 }\n", 2, 9, 'expected the end of the line after the argument b, found "}"'),
    ("a { b = 1, c = 2 }\n", 1, 10, 'expected "}" on the same line'),
    ("a {}  b {}\n", 1, 7, "expected the end of the line after the block a"),
    ("a = 1\na = 2\n", 2, 1, "the argument a is set twice"),
    ('"a" = 1\n', 1, 1, "without quotes"),
    ("a = f(1 2)\n", 1, 9, "missing argument separator"),
    ("a = {b = 1 c = 2}\n", 1, 12, "missing item separator"),
    ("a = {b 1}\n", 1, 8, "missing key/value separator"),
    ("a = b ? c\n", 1, 10, 'expected ":"'),
    ("a = 1 +\n", 1, 8, "expected a value, found the end of the line"),
    ("a = (1\n", 2, 1, 'expected ")" to close the parenthesis'),
    ('a = "${b"\n', 1, 9, 'expected "}" to close the template sequence'),
    ('a = "%{ if b }c"\n', 1, 6, '"if" is never closed by "endif"'),
    ('a = "%{ endif }"\n', 1, 6, '"endif" closes nothing here'),
    ('a = "%{ when b }"\n', 1, 9, "expected if, else, endif, for or endfor"),
    ("a = [for x, y, z in b : x]\n", 1, 14, 'expected "in"'),
    ("a = b.*.*.c\n", 1, 10, "a splat within a splat"),
    ("a = 1;\n", 1, 6, "semicolons are not valid"),
    ("a = b && c & d\n", 1, 12, 'a single "&" is not valid'),
    ("/* open\na = 1\n", 1, 1, 'opened by "/*" and never closed'),
    ("a = b::c\n", 1, 9, 'expected "(" after the function b::c'),
    ("}\n", 1, 1, "expected the name of an argument or a block"),
]


@pytest.mark.parametrize(("text", "line", "column", "why"), CASES, ids=[case[0] for case in CASES])
def test_error_has_its_place_and_what_was_expected(text: str, line: int, column: int, why: str) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parse_file(text, "db/main.tf")
    problem = caught.value
    assert why in problem.why
    assert (problem.file, problem.line, problem.column) == ("db/main.tf", line, column)


def test_missing_brace_points_at_the_opening_one_not_at_the_end() -> None:
    text = 'resource "a" "b" {\n  nested {\n    c = 1\n  }\n\n\n\n'
    with pytest.raises(SyntaxProblem) as caught:
        parse_file(text, "main.tf")
    assert str(caught.value).startswith("main.tf:1:18: ")


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "(" * 5_000,
        "a = " + "[" * 5_000,
        "a = " + "{b = " * 5_000,
        "a = " + "-" * 5_000 + "1",
        "a = " + "!" * 5_000 + "true",
        'a = "' + '${"' * 5_000,
        "a = " + "true ? 1 : " * 5_000 + "1",
        "a = " + "f(" * 5_000,
        "a = b" + "[*]" * 5_000,
        "a = b" + "[b" * 5_000,
        "a = " + "1 + " * 5_000 + "1",
        "b {\n" * 5_000,
        'a = "' + "%{ if true }" * 5_000,
        "a = [" + "1," * 100_001 + "]",
        "a = " + "1" * 5_000,
        "a = 1e999999999",
        "a = b." + "1" * 5_000,
        "a = b.c." + "1" * 5_000 + ".d",
        "a = b[0]." + "1" * 5_000,
    ],
    ids=lambda text: text[:20],
)
def test_bombs_are_refused(text: str) -> None:
    with pytest.raises(SyntaxProblem):
        parse_file(text + "\n", "main.tf")


@pytest.mark.parametrize("character", ["a", '"', "${", "/*", "<<A\n", "#", " ", "$", "\\", "a.", "-", "é"])
def test_megabytes_on_one_line_come_to_an_end(character: str) -> None:
    for opening in ("a = ", 'a = "', "a = <<EOT\n"):
        try:
            parse_file(opening + character * (1_000_000 // len(character)), "main.tf")
        except SyntaxProblem as problem:
            assert problem.line >= 1  # noqa: PT017 - both outcomes are right; what counts is that there is one
