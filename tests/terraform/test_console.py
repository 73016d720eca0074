"""Expressions and what `terraform console` (1.11) answered to them, errors included.

`console.json` has `[expression, value]`, or `[expression]` alone where Terraform reports an error. Values went through
`jsonencode`, so sets and lists look alike. `tests/terraform/console.py` records it. What is not told apart, or not
worked out, is unknown, never wrong: `LEFT_OPEN`.
"""

from __future__ import annotations

import json

import pytest

from infraguard.model.errors import SyntaxProblem
from infraguard.model.values import Unknown, Value
from infraguard.readers.tree import MemoryTree
from infraguard.terraform.evaluation.evaluator import evaluate
from infraguard.terraform.evaluation.failures import EvaluationError, Exhausted
from infraguard.terraform.modules.evidence import plain
from infraguard.terraform.modules.module import Module
from infraguard.terraform.modules.run import Run
from infraguard.terraform.sources import Sources
from infraguard.terraform.syntax.parser import Parser
from tests.terraform.console import answers, ask
from tests.terraform.evaluating import value

ANSWERS = answers()
LEFT_OPEN = [
    "element(tolist([1, 2]), -1)",
    'yamlencode("x\\n\\n")',
    'yamldecode("yes")',
    'yamldecode("2012-10-17")',
    'yamldecode("!!str 5")',
    'yamldecode("a: 1\\na: 2")',
    'yamldecode("a: .inf").a > 1',
    "try(1 / 0 > 3, 7)",
    'tolist(["a"]) == ["a"]',
    "tolist([]) == []",
    "tomap({ a = 1 }) != { a = 1 }",
    "nonsense(1)",
    'base64gzip("a")',
    'format("%s", null)',
    'format("%#v", null)',
    'issensitive({ a = 1 }[sensitive("a")])',
    "setsymmetricdifference([1], [2])",
]


def evaluated(expression: str) -> Value:
    module = Module(Run(Sources(MemoryTree({})), "."), ".", given={})
    return plain(evaluate(Parser(expression, "console").whole_expression(), module.scope))


@pytest.mark.parametrize("answer", ANSWERS, ids=[answer[0] for answer in ANSWERS])
def test_same_answer(answer: list[Value]) -> None:
    expression, *expected = answer
    if expected:
        found = evaluated(expression)
        assert not isinstance(found, Unknown)
        assert json.dumps(found, sort_keys=True) == json.dumps(expected[0], sort_keys=True)
    else:
        with pytest.raises((EvaluationError, SyntaxProblem, Exhausted)):
            evaluated(expression)


@pytest.mark.parametrize("expression", LEFT_OPEN)
def test_what_is_left_open_is_unknown(expression: str) -> None:
    assert isinstance(value(expression), Unknown)


@pytest.mark.slow
def test_the_table_is_what_terraform_answers() -> None:
    assert ask(answer[0] for answer in ANSWERS) == ANSWERS


def test_the_table_is_long_and_has_errors() -> None:
    assert len(ANSWERS) >= 600
    assert sum(len(answer) == 1 for answer in ANSWERS) >= 100
