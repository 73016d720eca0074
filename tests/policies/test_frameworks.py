"""Frameworks: what a file may say, and that those we ship name what is there and ask for what is more."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from infraguard.bundled import bundled_folder
from infraguard.model.errors import PolicyError, UsageError
from infraguard.model.findings import Severity
from infraguard.model.policy import Parameter, Policy
from infraguard.policies.catalogue import load_catalogue
from infraguard.policies.frameworks import (
    check_framework,
    demanded,
    framework_names,
    load_framework,
    read_framework,
)

FOLDER = bundled_folder("policies")
POLICIES = load_catalogue((FOLDER,))
GATES = {
    gate["id"]: gate for area in yaml.safe_load((FOLDER / "gates.yaml").read_text("utf-8")).values() for gate in area
}


def framework_text(**requirement: Any) -> str:
    entry = {"id": "R1", "title": "A thing holds", "gates": ["a/one"], "covers": "whole", **requirement}
    return yaml.safe_dump(
        {
            "title": "Test",
            "publisher": "Us",
            "version": "1",
            "scope": "All",
            "reference": "https://example.com",
            "requirements": [{key: value for key, value in entry.items() if value is not None}],
        }
    )


def policy(gate: str, **parameters: Parameter) -> Policy:
    return Policy(
        id=gate, title="t", severity=Severity.LOW, why="w", remediation="r", rules=(), parameters=dict(parameters)
    )


DAYS = Parameter(type="integer", default=90, tighter="higher")


@pytest.mark.parametrize("name", framework_names(FOLDER))
def test_those_we_ship_name_gates_of_the_list_and_say_what_is_left(name: str) -> None:
    framework = load_framework(FOLDER, name)
    assert [gate for gate in framework.gates() if gate not in GATES] == []
    assert len(framework.requirements) >= 40
    for requirement in framework.requirements:
        assert requirement.covers == "whole" or requirement.left, requirement.id


@pytest.mark.parametrize("name", framework_names(FOLDER))
def test_those_we_ship_fit_the_policies_that_we_ship(name: str) -> None:
    check_framework(load_framework(FOLDER, name), POLICIES)


@pytest.mark.parametrize("name", ["cis-aws", "cis-aws-3", "nist-800-53", "pci-dss"])
def test_the_whole_of_a_requirement_is_never_shown_in_production_alone(name: str) -> None:
    limited = {policy.id for policy in POLICIES if policy.environments}
    whole = [one for one in load_framework(FOLDER, name).requirements if one.covers == "whole"]
    assert [one.id for one in whole if limited & set(one.gates)] == []


#: Every requirement of each catalogue, by how many there are in each of its parts.
CATALOGUES = {
    "cis-aws": {"2": 26, "3": 9, "4": 10, "5": 16, "6": 9},
    "cis-aws-3": {"1": 22, "2": 9, "3": 9, "4": 16, "5": 6},
    "iso-27001": {"A.5": 37, "A.6": 8, "A.7": 14, "A.8": 34},
    "nist-800-53": {
        "AC": 17,
        "AT": 4,
        "AU": 11,
        "CA": 7,
        "CM": 12,
        "CP": 9,
        "IA": 10,
        "IR": 8,
        "MA": 6,
        "MP": 7,
        "PE": 16,
        "PL": 6,
        "PS": 9,
        "RA": 6,
        "SA": 11,
        "SC": 18,
        "SI": 11,
        "SR": 9,
    },
    "pci-dss": dict(zip(map(str, range(1, 13)), (5, 3, 7, 2, 4, 5, 3, 6, 5, 7, 6, 10), strict=True)),
    "soc2": {"CC1": 5, "CC2": 3, "CC3": 4, "CC4": 2, "CC5": 3, "CC6": 8, "CC7": 5, "CC8": 1, "CC9": 2}
    | {"A1": 3, "C1": 2, "PI1": 5},
}


@pytest.mark.parametrize("name", framework_names(FOLDER))
def test_a_catalogue_is_there_whole_and_in_its_order(name: str) -> None:
    ids = [requirement.id for requirement in load_framework(FOLDER, name).requirements]
    parts = Counter(_part(name, each) for each in ids)
    assert parts == CATALOGUES[name]
    assert ids == sorted(ids, key=lambda each: (list(parts).index(_part(name, each)), _numbers(each)))


def _part(name: str, requirement: str) -> str:
    if name.startswith("cis-aws"):
        return requirement.partition(".")[0]
    return requirement.rpartition("-" if name == "nist-800-53" else ".")[0]


def _numbers(requirement: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", requirement)]


def test_the_figure_that_pci_dss_names_is_asked_for() -> None:
    framework = load_framework(FOLDER, "pci-dss")
    values = demanded(framework, POLICIES, {})
    assert values["observability/log-retention"] == {"days": 365}


def test_the_frameworks_are_there() -> None:
    assert framework_names(FOLDER) == ("cis-aws", "cis-aws-3", "iso-27001", "nist-800-53", "pci-dss", "soc2")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"gates": None}, "covers: none"),
        ({"covers": "none", "left": "all"}, "covers: none"),
        ({"covers": "part"}, "`left` is missing"),
        ({"covers": "most"}, "not one of whole, part, none"),
        ({"gate": "a/one"}, "unknown key 'gate'"),
    ],
)
def test_mistakes_are_refused_at_their_place(change: dict[str, Any], why: str) -> None:
    with pytest.raises(PolicyError, match=why) as caught:
        read_framework(framework_text(**change), "f.yaml", "f")
    assert caught.value.line > 0


def test_a_requirement_stands_once() -> None:
    text = framework_text()
    entry = text[text.index("requirements:") :].partition("\n")[2].partition("scope:")[0]
    with pytest.raises(PolicyError, match="R1 stands here twice"):
        read_framework(text.replace(entry, entry + entry, 1), "f.yaml", "f")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"gates": ["a/on"]}, "no gate 'a/on'"),
        ({"demands": {"a/two": {"days": 365}}}, "not among its gates"),
        ({"demands": {"a/one": {"day": 365}}}, "no parameter 'day'"),
        ({"demands": {"a/one": {"days": "365"}}}, "of the type integer"),
        ({"demands": {"a/one": {"days": 90}}}, "asks for no more than a/one"),
        ({"demands": {"a/one": {"days": 30}}}, "asks for no more than a/one"),
    ],
)
def test_what_dangles_or_asks_for_less_is_found(change: dict[str, Any], why: str) -> None:
    framework = read_framework(framework_text(**change), "f.yaml", "f")
    with pytest.raises(PolicyError, match=why):
        check_framework(framework, (policy("a/one", days=DAYS), policy("a/two", days=DAYS)))


@pytest.mark.parametrize(("chosen", "judged"), [({}, 365), ({"days": 100}, 365), ({"days": 400}, 400)])
def test_a_demand_tightens_and_never_loosens(chosen: dict[str, int], judged: int) -> None:
    framework = read_framework(framework_text(demands={"a/one": {"days": 365}}), "f.yaml", "f")
    values = demanded(framework, (policy("a/one", days=DAYS),), {"a/one": chosen} if chosen else {})
    assert values == {"a/one": {"days": judged}}


def test_an_unknown_framework_is_answered_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no framework 'soc'") as caught:
        load_framework(FOLDER, "soc")
    assert "soc2" in str(caught.value.hint)
