"""Whatever is answered: every two options together are rendered, formatted, linted, planned and scanned."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from infraguard.model.findings import Verdict
from infraguard.workflows.new import NewRequest, new
from infraguard.workflows.request import ScanRequest
from infraguard.workflows.scan import scan
from tests.conftest import Tell
from tests.templates.pairs import ENVIRONMENT, Row, covering, every_pair, options, pairs
from tests.tools import TERRAFORM, run_ok, terraform_environment, tool

OFFLINE = (Path(__file__).parent / "offline_override.tf").read_text("utf-8")
ROWS = covering(options())
#: The few that `make test` looks at: without a warehouse and a VPN, without a network load balancer, and in China.
FEW = (
    {"extras": "none", "load_balancer": "alb", "aws_region": "eu-west-1"},
    {"extras": "warehouse", "load_balancer": "nlb", "aws_region": "cn-north-1"},
)


def test_every_two_options_meet() -> None:
    given = options()
    assert {"load_balancer", "extras", "instance_class"} <= set(given)
    assert {pair for row in ROWS for pair in pairs(row)} == every_pair(given)
    assert all(set(row) == set(given) for row in ROWS)


@pytest.mark.parametrize("row", FEW, ids=lambda row: "-".join(row.values()))
def test_a_few_combinations_are_formatted_and_scan_clean(row: Row, tmp_path: Path) -> None:
    project = _made(row, tmp_path)
    assert _formatted(project, tmp_path) == "clean"
    assert " 0 fail, 0 unknown" in _scanned(project)


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=lambda row: "-".join(row.values()))
def test_every_combination(row: Row, tmp_path: Path, tell: Tell) -> None:
    combination = " ".join(row[name] for name in sorted(row))

    def say(tools: str, said: str) -> None:
        tell("what the tools said of each combination of options", combination, {tools: said})

    project = _made(row, tmp_path)
    judged = _scanned(project)
    say("infraguard scan", judged)
    say("terraform fmt", _formatted(project, tmp_path))
    say("ruff, actionlint", _linted(project))
    say("terraform plan", _planned(project, row, tmp_path))
    assert " 0 fail, 0 unknown" in judged


def _made(row: Row, folder: Path) -> Path:
    answers = {name: value for name, value in row.items() if name != ENVIRONMENT}
    return new(NewRequest(output_dir=folder, overrides=answers, no_input=True)).folder


def _formatted(project: Path, home: Path) -> str:
    program = tool("terraform", "install Terraform 1.11 or newer", TERRAFORM)
    run_ok(program, "fmt", "-check", "-diff", "-recursive", cwd=project / "terraform", env={"HOME": str(home)})
    return "clean"


def _linted(project: Path) -> str:
    run_ok(tool("ruff"), "check", "--no-cache", ".", cwd=project)
    run_ok(tool("git"), "init", "--quiet", cwd=project)
    programs = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    run_ok(tool("actionlint"), "-no-color", cwd=project, env=programs)
    return "clean"


def _planned(project: Path, row: Row, folder: Path) -> str:
    """One environment is planned, without an account, and holds what was asked for."""
    program = tool("terraform", "install Terraform 1.11 or newer", TERRAFORM)
    root = project / "terraform/environments" / row[ENVIRONMENT]
    (root / "offline_override.tf").write_text(OFFLINE, "utf-8")
    env = terraform_environment(folder)
    run_ok(program, "init", "-input=false", cwd=root, env=env)
    run_ok(program, "plan", "-refresh=false", "-input=false", "-out=next.tfplan", cwd=root, env=env, timeout=900)
    planned = json.loads(run_ok(program, "show", "-json", "next.tfplan", cwd=root, env=env).stdout)
    kinds = Counter(_kinds(planned["planned_values"]["root_module"]))
    assert bool(kinds["aws_redshift_cluster"] or kinds["aws_redshiftserverless_workgroup"]) == (
        "warehouse" in row["extras"]
    )
    assert bool(kinds["aws_ec2_client_vpn_endpoint"]) == ("vpn" in row["extras"])
    assert bool(kinds["aws_eip"] > planned["variables"]["nat_gateways"]["value"]) == (row["load_balancer"] == "nlb")
    return f"{sum(kinds.values())} to add"


def _kinds(module: Mapping[str, Any]) -> Iterator[str]:
    for resource in module.get("resources", ()):
        if resource["mode"] == "managed":
            yield resource["type"]
    for child in module.get("child_modules", ()):
        yield from _kinds(child)


def _scanned(project: Path) -> str:
    report = scan(ScanRequest(now="2026-11-26T12:00:00Z", targets=(str(project),))).report
    assert list(report.gaps) == []
    counted = Counter(gate.verdict for gate in report.gates)
    bad = {gate.policy: gate.verdict for gate in report.gates if gate.verdict in (Verdict.FAIL, Verdict.UNKNOWN)}
    verdicts = ", ".join(f"{counted[one]} {one}" for one in (Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN))
    return f"{verdicts}: {bad}" if bad else verdicts
