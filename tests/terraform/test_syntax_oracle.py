"""Our parser accepts what Go's accepts, and refuses what Go's refuses."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infraguard.model.errors import SyntaxProblem
from infraguard.terraform.syntax import parse_file

pygohcl = pytest.importorskip("pygohcl", reason="the oracle pygohcl is not installed (dependency group tools)")

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path for folder in ("examples", "templates") for path in (ROOT / folder).rglob("*.tf") if path.stat().st_size
)
#: What makes and breaks syntax.
PIECES = [
    *('"', "${", "}", "{", "[", "]", "(", ")", "%{", "~}", "<<EOT\n", "EOT\n", "\n", "=", "==", "...", "=>", ":", "?"),
    *(".", "*", ".*", "[*]", "for", "in", "if", "/*", "*/", "#", "//", "'", "\\", "null", "true", "0", "1.5"),
    *("var.x", "::", ",", "-", "!", "&&", "|", "\r\n", "\t", "é", '"a"', "a", " ", "%{ if true }", "%{ endif }", "$${"),
]
SNIPPETS = [
    *("a { b {} }", "a { b = 1 }", "a { b = 1, c = 2 }", "a {\n b = 1 }", "a { b = 1\n}", "x = 1 +\n 2", "x = [1\n,2]"),
    *(
        "x = true ?\n 1 : 2",
        "x = {\n a =\n 1\n}",
        "x = {a = 1 b = 2}",
        "x = { a.b = 1 }",
        "x = 5abc",
        "x = 1.5.5",
        "x = 1.",
    ),
    *('a "b" c "d" {}', 'a "x${1}" {}', "x = {for = 1}", "x = f(\n)", "x = a.*.b[0]", "x = a[*].b[0].c", "x = a.0.1.b"),
    *("x = -\n1", 'x = "${\n1\n}"', 'x = "a\nb"', "x = { (a) = 1 }", 'x = {"a${b}" : 2}', "x = f(a...)", "x = f(,)"),
    *("x = [,]", "x = <<A\nb\nA", "x = <<A\nb\n A\n", "x = <<-A\nb\n A\n", "x = <<A-B\nb\nA-B\n", "x = <<A\nA\n"),
    *(
        "x = a ? b : c ? d : e",
        "x = 1 y = 2",
        "a {}\nb {} c {}",
        "x = {\n a = 1,\n\n b = 2\n}",
        "x = a . b",
        "x = a.\nb",
    ),
    *("x = [for a in b : a if c]", "x = {for k, v in b : k => v... if k}", "\ufeffx = 1", "x = (a\n.b)", "x = 1;"),
    *("/* c */ x = 1 /* d */ // e", "x = 1 /* \n */ y = 2", 'x = "%{ if a }b%{ else }c%{ endif }"', 'x = "%{ if a }b"'),
    *('x = "\\/"', 'x = "$"', 'x = "a$"', 'x = "\\u00e9"', 'x = "\\u00"', "a-b = 1", "x = a -b", "x = !!a", "x = .5"),
    *("x = null.a", "x = 0x10", "x = 010", '"x" = 1', "x = {1 = 2}", "x = a::b(1)", "x = a::b", "locals {\n}\n}"),
    *('x = "${a}" "b"', "x = [1 2]", "x = f(1 2)", 'x = a["b"', 'x = {\n"a": 1\n, "b": 2}', "x = <<A\n${\n1}\nA\n"),
    *("x = a ? b", "x = a[*][*].b", "x = a.*.*.b", "x = a.b.*.c[*].d", "x = [\n# c\n1, # d\n]", 'x = "${"a"}"', "x={}"),
    *('x = "${for a in b: a}"', "x = [for a, b, c in d: a]", "é = 1", "x = f(a,)", "x = f(a...,)", "x = {a b = 1}"),
    *(
        "x = a.b.c(1)",
        "x = provider::x::y(1)",
        "x = <<A\r\nb\r\nA\r\n",
        "a = 1\na = 2",
        "a::b = 1",
        "x = f(<<A\nb\nA\n)",
    ),
]


def accepted_by_go(text: str) -> bool:
    try:
        pygohcl.loads(text)
    except pygohcl.HCLParseError:
        return False
    except pygohcl.HCLInternalError:
        return True  # it parsed; only its conversion to plain data failed
    return True


def accepted_by_us(text: str) -> bool:
    try:
        parse_file(text, "main.tf")
    except SyntaxProblem:
        return False
    return True


@pytest.mark.parametrize("text", SNIPPETS)
def test_snippets(text: str) -> None:
    assert accepted_by_us(text) == accepted_by_go(text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_of_the_project(path: Path) -> None:
    text = path.read_text()
    assert accepted_by_us(text) == accepted_by_go(text)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.integers(min_value=0, max_value=2**32))
def test_damaged_files(seed: int) -> None:
    """A file with a few pieces put in or cut out. Go's parser gets C strings, so no text here holds a NUL."""
    dice = random.Random(seed)
    text = dice.choice(FILES).read_text()
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(text) + 1)
        text = text[:at] + (dice.choice(PIECES) if dice.random() < 0.6 else "") + text[at + dice.randint(0, 4) :]
    assert accepted_by_us(text) == accepted_by_go(text), text


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_arbitrary_pieces(text: str) -> None:
    assert accepted_by_us(f"x = {text}\n") == accepted_by_go(f"x = {text}\n")
