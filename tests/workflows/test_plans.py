"""Plans in a scan: named, placed where the source declares what they plan, and refused where they do nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from infraguard.cli.main import run
from infraguard.model.evidence import Evidence, Resource, Source
from infraguard.model.values import Location
from infraguard.workflows.plans import placed

ROOT = Path(__file__).resolve().parents[2]
PLANS = ROOT / "tests/collectors/plan/plans"
DATABASE = "aws_db_instance.main"


def resource(source: Source, unit: str, identity: str = DATABASE, file: str = "", **attributes: Any) -> Resource:
    return Resource(
        kind="aws_db_instance",
        id=identity,
        source=source,
        unit=unit,
        attributes=attributes,
        location=Location(file=file, line=3 if file else 0),
        places={"days": Location(file=file, line=4), "ingress.0.port": Location(file=file, line=5)} if file else {},
    )


def plan_of(*resources: Resource) -> Resource:
    (found,) = [one for one in placed(Evidence(resources=resources)).resources if one.source is Source.PLAN]
    return found


def test_a_planned_resource_is_placed_where_the_source_declares_it() -> None:
    found = plan_of(resource(Source.TF, "prod", file="prod/main.tf"), resource(Source.PLAN, "plan.json"))
    assert str(found.location) == "prod/main.tf:3"
    assert {path: str(place) for path, place in found.places.items()} == {"days": "prod/main.tf:4"}


def test_of_roots_with_the_same_addresses_the_one_with_the_same_values_is_meant() -> None:
    production = resource(Source.TF, "prod", file="prod/main.tf", identifier="prod")
    staging = resource(Source.TF, "staging", file="staging/main.tf", identifier="staging")
    found = plan_of(production, staging, resource(Source.PLAN, "plan.json", identifier="staging"))
    assert found.location.file == "staging/main.tf"


def test_where_it_cannot_be_told_which_root_is_meant_the_plan_is_the_place() -> None:
    roots = [resource(Source.TF, name, file=f"{name}/main.tf") for name in ("prod", "staging")]
    assert plan_of(*roots, resource(Source.PLAN, "plan.json")).location == Location()
    shared = [resource(Source.TF, name, file="modules/db/main.tf") for name in ("prod", "staging")]
    assert plan_of(*shared, resource(Source.PLAN, "plan.json")).location.file == "modules/db/main.tf"


@pytest.mark.parametrize("declared", ['module.db["a"].aws_db_instance.main[0]', "module.db[?].aws_db_instance.main[?]"])
def test_instances_are_declared_by_their_block(declared: str) -> None:
    source = resource(Source.TF, "prod", declared, "prod/main.tf")
    found = plan_of(source, resource(Source.PLAN, "plan.json", 'module.db["b"].aws_db_instance.main[1]'))
    assert found.location.file == "prod/main.tf"


Scanned = Callable[..., dict[str, Any]]


@pytest.fixture
def scanned(capsys: pytest.CaptureFixture[str]) -> Scanned:
    """The report of a scan as JSON."""

    def call(*arguments: str) -> dict[str, Any]:
        run(("scan", *arguments, "--format", "json"))
        report: dict[str, Any] = json.loads(capsys.readouterr().out)
        return report

    return call


def planned(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [finding for finding in report["findings"] if finding["source"] == "plan"]


def test_a_plan_in_the_scanned_folder_is_the_place_of_its_findings(scanned: Scanned, tmp_path: Path) -> None:
    shutil.copy(PLANS / "insecure.json", tmp_path / "plan.json")
    report = scanned(str(tmp_path), "--plan", str(tmp_path / "plan.json"), "--select", "database/backup-retention")
    (finding,) = planned(report)
    assert (finding["verdict"], finding["location"]["file"]) == ("fail", "plan.json")


def test_a_plan_elsewhere_has_no_file_below_the_root_to_point_to(scanned: Scanned, tmp_path: Path) -> None:
    report = scanned(str(tmp_path), "--plan", str(PLANS / "insecure.json"), "--select", "database/backup-retention")
    assert [finding["location"] for finding in planned(report)] == [None]


def test_several_plans_are_units_of_their_own(scanned: Scanned, tmp_path: Path) -> None:
    plans = [str(PLANS / f"{name}.json") for name in ("secure", "insecure")]
    report = scanned(str(tmp_path), *(f"--plan={plan}" for plan in plans), "--select", "database/backup-retention")
    assert [finding["verdict"] for finding in planned(report)].count("fail") == 1
    assert {target["name"] for target in report["targets"] if target["source"] == "plan"} == set(plans)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--plan", "none.json"], "none.json: cannot be read"),
        (["--plan", "a.json", "--plan", "a.json"], "--plan names a.json twice"),
        (["--plan", str(PLANS / "secure.json"), "--select", "documentation/*"], "judged on a plan"),
        (["--plan", str(ROOT / "README.md")], "not complete, valid JSON"),
    ],
)
def test_a_plan_that_would_do_nothing_is_refused(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(("scan", str(tmp_path), *arguments)) == 2
    assert message in capsys.readouterr().err
