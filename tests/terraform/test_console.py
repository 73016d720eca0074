"""Expressions and what `terraform console` (1.11) answered to them, errors included.

`console.json` has `[expression, value]`, or `[expression]` alone where Terraform reports an error. Values went through
`jsonencode`, so sets and lists look alike.
"""

from __future__ import annotations

import json
from pathlib import Path

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

ANSWERS: list[list[Value]] = json.loads(Path(__file__).with_name("console.json").read_text())


def evaluated(expression: str) -> Value:
    module = Module(Run(Sources(MemoryTree({})), "."), ".", given={})
    return plain(evaluate(Parser(expression, "console").whole_expression(), module.scope))


@pytest.mark.parametrize("answer", ANSWERS, ids=[answer[0] for answer in ANSWERS])
def test_same_answer(answer: list[Value]) -> None:
    expression, *expected = answer
    if expected:
        value = evaluated(expression)
        assert not isinstance(value, Unknown)
        assert json.dumps(value, sort_keys=True) == json.dumps(expected[0], sort_keys=True)
    else:
        with pytest.raises((EvaluationError, SyntaxProblem, Exhausted)):
            evaluated(expression)


def test_the_table_is_long_and_has_errors() -> None:
    assert len(ANSWERS) >= 480
    assert sum(len(answer) == 1 for answer in ANSWERS) >= 100
