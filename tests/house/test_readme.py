"""What the README shows is what happens."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import click
import pytest

from infraguard.bundled import bundled_folder
from infraguard.cli.main import cli
from infraguard.collectors.aws.catalogue import permissions
from infraguard.evaluation import needed_kinds
from infraguard.model.evidence import Source
from infraguard.policies.catalogue import load_catalogue
from tests.emulator.server import REGION, Emulator
from tests.house.documents import ROOT, fences, marked
from tests.tools import run

PROGRAM = str(Path(sys.executable).with_name("infraguard"))
COMMANDS = [
    line.partition(" #")[0].strip()
    for fence in fences("README.md")
    if fence.language == "sh"
    for line in fence.text.splitlines()
    if line.startswith("infraguard ")
]


@pytest.mark.parametrize("line", COMMANDS)
def test_commands_are_understood(line: str) -> None:
    command: click.Command = cli
    context = click.Context(cli, info_name="infraguard")
    rest = shlex.split(line)[1:]
    while isinstance(command, click.Group):
        _, found, rest = command.resolve_command(context, rest)
        assert found is not None
        command = found
    command.parse_args(click.Context(command, parent=context), rest)


def test_the_report_on_the_insecure_example_is_shown_as_it_is() -> None:
    done = run(PROGRAM, "scan", "examples/insecure", cwd=ROOT, env={"COLUMNS": "80"})
    assert done.returncode == 1
    assert marked("README.md", "excerpt: insecure") in done.stdout


def test_the_report_on_a_live_account_is_shown_as_it_is(aws: Emulator) -> None:
    aws.seed_bad()
    command = (PROGRAM, "scan", "examples/secure", "--aws", "--region", REGION, "--select", "database/backup-retention")
    done = run(*command, cwd=ROOT, env={"COLUMNS": "80"})
    assert done.returncode == 1
    assert marked("README.md", "excerpt: live") in done.stdout


def test_the_permissions_are_those_that_our_gates_need() -> None:
    policies = load_catalogue([bundled_folder("policies")])
    needed = permissions(needed_kinds(policies, Source.AWS))
    (statement,) = json.loads(marked("README.md", "permissions"))["Statement"]
    assert tuple(statement["Action"]) == needed


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """A repository with every file that the README gives as an example."""
    for fence in fences("README.md"):
        kind, _, path = fence.mark.partition(": ")
        if kind == "example":
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(fence.text, "utf-8")
    return tmp_path


def test_the_example_of_a_policy_holds_its_cases(ours: Path) -> None:
    done = run(PROGRAM, "policies", "test", "our-policies", "--format", "json", cwd=ours)
    assert done.returncode == 0, done.stdout
    assert [case["holds"] for case in json.loads(done.stdout)] == [True, True, True]


def test_the_example_of_settings_is_taken_and_counts(ours: Path) -> None:
    database = 'resource "aws_db_instance" "main" {\n  identifier = "main"\n  backup_retention_period = 30\n}\n'
    (ours / "main.tf").write_text(database, "utf-8")
    done = run(PROGRAM, "scan", "--format", "json", cwd=ours)
    verdicts = {gate["policy"]: gate["verdict"] for gate in json.loads(done.stdout)["gates"]}
    assert verdicts["database/backup-retention"] == "fail"
    assert verdicts["logging/retention"] == "not_applicable"
    assert not [gate for gate in verdicts if gate.startswith("pipeline/")]
