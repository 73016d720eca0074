"""Heredocs and strip markers; the expected texts are Terraform's own."""

from __future__ import annotations

import pytest

from tests.terraform.evaluating import value

CASES = [
    ('<<EOT\na \\n "q" $ % $${x} %%{y}\n  ${~ "x" ~}\n  end\nEOT', 'a \\n "q" $ % ${x} %{y}\nx  end\n'),
    ('<<-EOT\n    a\n\n      b\n  ${"x"}\n    c\n    EOT', "  a\n\n    b\nx\n  c\n"),
    ('<<-EOT\n    a\n\n      b\n     ${"x"}\n    c\n    EOT', "a\n\n  b\n x\nc\n"),
    ("<<-EOT\n    a\n  \t\n    b\n    EOT", "a\n  \t\nb\n"),
    ('<<-EOT\n    a\n${"x"}\n    b\n    EOT', "    a\nx\n    b\n"),
    ("<<-EOT\n\n    a\n      \n\n    EOT", "\na\n      \n\n"),
    ("<<-EOT\n      %{ if true }\n    a\n      %{ endif }\n    EOT", "  \na\n  \n"),
    ('<<-EOT\n    ${~"q"}\n      a\n    EOT', "q\n      a\n"),
    ("<<-EOT\n\ta\n\t  b\n\tEOT", "a\n  b\n"),
    ("upper(<<EOT\nx\nEOT\n)", "X\n"),
    ('"x ${~ "y" ~}   z"', "xyz"),
    ('"%{ for k, v in {a = 1, b = 2} ~} ${k}=${v}; %{~ endfor }"', "a=1;b=2;"),
]


@pytest.mark.parametrize(("expression", "expected"), CASES, ids=lambda text: str(text)[:30])
def test_text(expression: str, expected: str) -> None:
    assert value(expression) == expected
    assert value(expression.replace("\n", "\r\n")) == expected.replace("\n", "\r\n")
