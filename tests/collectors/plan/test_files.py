"""Files that are no plans, and plans that do not tell everything."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from infraguard.collectors.plan import collect_plan, file
from infraguard.model.errors import UsageError
from infraguard.model.evidence import Evidence, GapReason, Source
from tests.collectors.plan.planning import by_id, content, evidence, fixture


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not complete, valid JSON"),
        (b"PK\x03\x04tfplan", "binary"),
        (b'{"format_version": "1.2", "planned_val', "not complete, valid JSON"),
        (b"Terraform will perform the following actions:", "not complete, valid JSON"),
        (b"[]", "not the JSON form"),
        (b'{"format_version": "1.2", "resource_changes": [{"address": 3}]}', "not the JSON form"),
        (b"{}", "neither a Terraform plan nor a state"),
        (b'{"schema": "infraguard/evidence/v1"}', "neither a Terraform plan nor a state"),
        (b'{"version": 4, "lineage": "3f0e", "resources": []}', "a raw state"),
        (b'{"@level": "info", "@message": "Terraform 1.11.4"}', "the log"),
        (b'{"format_version": "1.2", "variables": {"a": {"value": ' + b"[" * 100_000, "nested too deeply"),
        (b'{"format_version": "1.2", "planned_values": "\xff\xfe"}', "not complete, valid JSON"),
    ],
)
def test_a_file_that_is_no_plan_is_an_error_of_usage(data: bytes, why: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(data)
    with pytest.raises(UsageError, match=why) as raised:
        collect_plan(path)
    assert raised.value.hint


def test_so_is_one_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="No such file"):
        collect_plan(tmp_path / "none.json")
    with pytest.raises(UsageError, match="Is a directory"):
        collect_plan(tmp_path)
    monkeypatch.setattr(file, "MAX_SIZE", 10)
    with pytest.raises(UsageError, match="larger than"):
        collect_plan(fixture("secure"))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_other_shells_write_is_read(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(fixture("secure").read_text("utf-8"), encoding)
    assert len(collect_plan(path).resources) == len(collect_plan(fixture("secure")).resources)


@pytest.mark.parametrize(
    ("changes", "reason", "words"),
    [
        ({"format_version": "2.0", "resource_changes": "of another form"}, GapReason.UNSUPPORTED, "format 2.0"),
        ({"format_version": "0.2"}, GapReason.UNSUPPORTED, "format 0.2"),
        ({"planned_values": None}, GapReason.EMPTY, "neither a plan nor resources"),
        ({"errored": True}, GapReason.INVALID, "ended with an error"),
        ({"complete": False}, GapReason.UNRESOLVED, "another plan would have to follow"),
    ],
)
def test_a_plan_that_does_not_tell_all_is_a_gap(
    changes: dict[str, Any], reason: GapReason, words: str, tmp_path: Path
) -> None:
    (gap,) = evidence(content(fixture("secure")) | changes, tmp_path).gaps
    assert (gap.source, gap.reason) == (Source.PLAN, reason)
    assert words in gap.detail
    assert gap.remedy
    assert gap.may_hide("aws_db_instance", gap.unit)


def test_a_plan_says_what_becomes_of_all_that_the_state_has(tmp_path: Path) -> None:
    plan = content(fixture("secure"))
    plan["prior_state"] = {"format_version": "1.0", "values": plan["planned_values"]}
    assert evidence(plan, tmp_path).gaps == ()
    plan["resource_changes"] = [each for each in plan["resource_changes"] if each["type"] != "aws_db_instance"]
    (gap,) = evidence(plan, tmp_path).gaps
    assert gap.kinds == ("aws_db_instance",)
    assert "aws_db_instance.ledger" in gap.detail


def test_a_newer_minor_format_is_read(tmp_path: Path) -> None:
    plan = content(fixture("secure")) | {"format_version": "1.99", "novelty": {"a": [1]}}
    found = evidence(plan, tmp_path)
    assert (len(found.resources), found.gaps) == (24, ())


def test_a_state_is_evidence_and_its_unit_says_so(tmp_path: Path) -> None:
    plan = content(fixture("secure"))
    state = {"format_version": "1.0", "terraform_version": "1.11.4", "values": plan["planned_values"]}
    found = evidence(state, tmp_path)
    assert [target.name for target in found.targets] == [f"{(tmp_path / 'changed.json').as_posix()} (state)"]
    database = by_id(found)["aws_db_instance.ledger"]
    assert database.source is Source.PLAN
    assert database.attributes["backup_retention_period"] == 30
    assert found.gaps == ()


def test_drift_is_a_resource_of_its_own_without_values(tmp_path: Path) -> None:
    plan = content(fixture("insecure"))
    (database,) = [each for each in plan["resource_changes"] if each["type"] == "aws_db_instance"]
    after = database["change"]["after"]
    plan["resource_drift"] = [
        {**database, "change": {"actions": ["update"], "before": {**after, "password": "a"}, "after": after}},
        {**database, "address": "aws_db_instance.gone", "change": {"actions": ["delete"], "before": after}},
    ]
    changed, gone = [one for one in evidence(plan, tmp_path).resources if one.kind == "terraform_drift"]
    assert changed.attributes == {
        "address": "aws_db_instance.ledger",
        "resource_kind": "aws_db_instance",
        "change": "update",
        "attributes": ["password"],
    }
    assert (gone.attributes["change"], gone.attributes["attributes"]) == ("delete", [])


def test_collecting_garbage_is_as_it_was(tmp_path: Path) -> None:
    collect_plan(fixture("secure"))
    assert gc.isenabled()
    gc.disable()
    try:
        collect_plan(fixture("secure"))
        assert not gc.isenabled()
    finally:
        gc.enable()
    (tmp_path / "bad.json").write_text(json.dumps({"format_version": 1}), "utf-8")
    with pytest.raises(UsageError):
        collect_plan(tmp_path / "bad.json")
    assert gc.isenabled()


#: What may stand anywhere in a file that somebody else wrote.
_ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1.5, "", "x", "[", "a[0", "..", "each.value", "module.a", "local.x"),
    *([], {}, [[]], [{}], [True, False], {"a": True}, {"references": ["each.value.x"]}, {"references": [None, 3]}),
    *({"references": "x"}, {"constant_value": [1]}),
)


def _spots(value: Any) -> Iterator[tuple[Any, Any]]:
    for key, item in list(value.items() if isinstance(value, dict) else enumerate(value)):
        yield value, key
        if isinstance(item, (dict, list)):
            yield from _spots(item)


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_plan_is_read_or_refused(seed: int, tmp_path: Path) -> None:
    chance = Random(seed)
    plan = content(fixture(chance.choice(("linked", "unclear"))))
    for holder, key in chance.sample(list(_spots(plan)), chance.randint(1, 12)):
        holder[key] = chance.choice(_ODD)
    try:
        outcome: Evidence | UsageError = evidence(plan, tmp_path)
    except UsageError as error:
        outcome = error
    assert outcome.hint if isinstance(outcome, UsageError) else outcome.collected
