"""Plans over a state that exists, made by Terraform: what is kept, changed, replaced, destroyed and left out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from infraguard.collectors.plan import collect_plan
from infraguard.evaluation.relations import refers
from infraguard.model.evidence import Evidence, GapReason
from infraguard.model.values import Default, Unknown, Value, known
from tests.collectors.plan.planning import EXAMPLES, by_id, content, fixture, make_plan, make_state

ALARM = "aws_cloudwatch_metric_alarm.database_unavailable"


def told(name: str) -> str:
    """What apply may tell of an attribute: a text of the form that the provider wants."""
    return f"arn:aws:test:eu-west-1:111122223333:{name}" if name.endswith(".arn") else name


def applied(value: Value) -> Any:
    """A planned value as it may be after apply."""
    if isinstance(value, Unknown):
        return told(value.depends_on[0])
    if isinstance(value, Default):
        return known(value)
    if isinstance(value, dict):
        return {name: applied(item) for name, item in value.items()}
    return [applied(item) for item in value] if isinstance(value, list) else value


def state_of(name: str) -> dict[str, Any]:
    """The state that a planned example has once it is applied."""
    found = by_id(collect_plan(fixture(name)))
    resources: dict[str, dict[str, Any]] = {}
    for change, values in zip(
        content(fixture(name))["resource_changes"], _planned(content(fixture(name))), strict=True
    ):
        address = change["address"]
        attributes = dict.fromkeys(change["change"]["after_unknown"]) | change["change"]["after"]
        attributes |= applied(found[address].attributes) | {"id": told(f"{address}.id"), "arn": told(f"{address}.arn")}
        allowed = {*change["change"]["after"], *change["change"]["after_unknown"]}
        instance = {
            "schema_version": values["schema_version"],
            "attributes": {name: value for name, value in attributes.items() if name in allowed},
        } | ({"index_key": change["index"]} if "index" in change else {})
        key = f"{change['type']}.{change['name']}"
        resources.setdefault(
            key,
            {
                "mode": "managed",
                "type": change["type"],
                "name": change["name"],
                "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
                "instances": [],
            },
        )["instances"].append(instance)
    return {
        "version": 4,
        "terraform_version": "1.5.0",
        "serial": 1,
        "lineage": "3f0e9d1c-0000-4000-8000-000000000000",
        "outputs": {},
        "resources": list(resources.values()),
    }


def _planned(plan: dict[str, Any]) -> list[dict[str, Any]]:
    by_address = {each["address"]: each for each in plan["planned_values"]["root_module"]["resources"]}
    return [by_address[each["address"]] for each in plan["resource_changes"]]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The secure example, which Terraform has applied before; the alarm is gone from its files."""
    folder = tmp_path_factory.mktemp("applied") / "production"
    shutil.copytree(EXAMPLES / "secure/terraform/production", folder)
    alarms = folder / "alarms.tf"
    alarms.write_text(alarms.read_text("utf-8").partition('resource "aws_cloudwatch_metric_alarm"')[0], "utf-8")
    return folder


def planned(root: Path, scratch: Path, *arguments: str) -> Evidence:
    return collect_plan(make_plan(root, scratch, *arguments, state=state_of("secure")))


def test_what_is_gone_from_the_files_is_gone_from_the_evidence(root: Path, tmp_path: Path) -> None:
    found = planned(root, tmp_path)
    every = by_id(found)
    assert ALARM not in every
    assert ALARM in (tmp_path / "plan.json").read_text("utf-8")
    assert every["aws_db_instance.ledger"].attributes["backup_retention_period"] == 30
    assert found.gaps == ()


def test_a_plan_of_parts_is_a_gap(root: Path, tmp_path: Path) -> None:
    found = planned(root, tmp_path, "-target=aws_sns_topic.operations")
    assert [gap.reason for gap in found.gaps] == [GapReason.UNRESOLVED]


def test_a_plan_that_destroys_everything_leaves_nothing(root: Path, tmp_path: Path) -> None:
    found = planned(root, tmp_path, "-destroy")
    assert (found.resources, found.gaps) == ((), ())


def test_a_state_has_values_for_what_a_plan_has_references_for(root: Path, tmp_path: Path) -> None:
    found = by_id(collect_plan(make_state(root, tmp_path, state_of("secure"))))
    assert found[ALARM].attributes["alarm_actions"] == [told("aws_sns_topic.operations.arn")]
    assert refers(found[ALARM], "alarm_actions", found["aws_sns_topic.operations"]) is True
    assert refers(found[ALARM], "dimensions", found["aws_db_instance.ledger"]) is True
    assert json.dumps(found["aws_db_instance.ledger"].attributes)


def test_no_state_is_a_gap(root: Path, tmp_path: Path) -> None:
    shown = make_state(
        root, tmp_path, {"version": 4, "serial": 2, "lineage": "3f0e9d1c", "outputs": {}, "resources": []}
    )
    found = collect_plan(shown)
    assert found.resources == ()
    assert [gap.reason for gap in found.gaps] == [GapReason.EMPTY]
