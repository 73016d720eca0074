"""Combinations of answers of which every two values meet in one at least."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final

from tests.templates.conftest import TEMPLATE

Row = Mapping[str, str]
#: Two values of two questions.
Pair = tuple[tuple[str, str], tuple[str, str]]

#: Answers that are no choice of the template's: one region of each partition, the least and the most storage, and an
#: owner with capitals.
_FREE: Final = {
    "aws_region": ("eu-west-1", "us-gov-west-1", "cn-north-1"),
    "database_storage_gb": ("20", "100", "6553"),
    "github_owner": ("example", "Some-Firm-9"),
}
#: Not a question: which root is planned.
ENVIRONMENT: Final = "environment"


def options() -> dict[str, tuple[str, ...]]:
    """Each question that changes what is made, with its values, and the environments."""
    asked = json.loads((TEMPLATE / "cookiecutter.json").read_text("utf-8"))
    choices = {name: tuple(values) for name, values in asked.items() if isinstance(values, list) and name[0] != "_"}
    return {**choices, **_FREE, ENVIRONMENT: ("development", "staging", "production")}


def pairs(row: Row) -> Iterator[Pair]:
    """Every two values that meet in a combination."""
    yield from combinations(sorted(row.items()), 2)


def every_pair(given: Mapping[str, Sequence[str]]) -> set[Pair]:
    """Every two values that could meet."""
    return {
        ((one, first), (other, second))
        for one, other in combinations(sorted(given), 2)
        for first in given[one]
        for second in given[other]
    }


def covering(given: Mapping[str, Sequence[str]]) -> list[Row]:
    """Combinations in which all pairs are, few and always the same.

    Each begins with a pair that is in none before it, and takes for every other question the value that brings the most
    new pairs.
    """
    left = every_pair(given)
    rows: list[Row] = []
    while left:
        row = dict(min(left))
        for name in sorted(given, key=lambda name: (-len(given[name]), name)):
            if name not in row:
                row[name] = max(given[name], key=lambda value: _gained(row, name, value, left))
        left.difference_update(pairs(row))
        rows.append(row)
    return rows


def _gained(row: Row, name: str, value: str, left: Collection[Pair]) -> int:
    """How many pairs that are left a value brings to what is chosen already."""
    met = (((name, value), other) if name < other[0] else (other, (name, value)) for other in row.items())
    return sum(pair in left for pair in met)
