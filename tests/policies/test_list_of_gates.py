"""The list of gates and the policies: the script that compares them says of every gap what is missing."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

SCRIPT = runpy.run_path(str(Path(__file__).parents[2] / "scripts" / "gates.py"))


def gate(*decides: str) -> dict[str, Any]:
    return {"decides": list(decides)}


def policy(*sources: str, manual: bool = False) -> dict[str, Any]:
    return {"sources": list(sources), "manual": manual}


def test_every_gate_of_the_list_has_its_policy() -> None:
    assert SCRIPT["problems"](SCRIPT["gates"](), SCRIPT["policies"]()) == []
    assert len(SCRIPT["gates"]()) == 161


@pytest.mark.parametrize(
    ("wanted", "found", "problem"),
    [
        ({"a/b": gate("repo")}, {}, "a/b: there is no policy"),
        ({}, {"a/b": policy("repo")}, "a/b: it is not on the list"),
        ({"a/b": gate("repo", "results")}, {"a/b": policy("repo")}, "a/b: nothing judges it on results"),
        ({"a/b": gate("tf")}, {"a/b": policy("tf")}, "a/b: nothing judges it on plan"),
        ({"a/b": gate("github")}, {"a/b": policy()}, "a/b: it is judged on nothing, and no person states it"),
    ],
)
def test_a_gap_is_named(wanted: dict[str, Any], found: dict[str, Any], problem: str) -> None:
    assert SCRIPT["problems"](wanted, found) == [problem]


def test_what_a_person_states_is_no_gap() -> None:
    assert SCRIPT["problems"]({"a/b": gate("attest")}, {"a/b": policy(manual=True)}) == []
