"""A whole environment is applied on an emulated AWS: a second plan then changes nothing."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.emulator.server import ACCOUNT, REGION, Emulator
from tests.templates.conftest import Say
from tests.templates.emulated import NOT_EMULATED, write_overrides
from tests.tools import TERRAFORM, run, run_ok, terraform_environment, tool

pytestmark = pytest.mark.slow

#: Warehouse and VPN stand on nothing that the emulator has.
VALUES = (f"-var=aws_account_id={ACCOUNT}", "-var=warehouse=false", "-var=vpn=false")


class Applied(NamedTuple):
    """An environment in the emulator: its root, how Terraform is called, and what failed and what is there."""

    root: Path
    env: Mapping[str, str]
    failed: frozenset[str]
    made: tuple[str, ...]


@pytest.fixture(scope="module")
def account() -> Iterator[Emulator]:
    """An emulator of its own, which knows the policies that AWS manages."""
    started = Emulator({"MOTO_IAM_LOAD_MANAGED_POLICIES": "true"})
    yield started
    started.stop()


@pytest.fixture(scope="module")
def applied(account: Emulator, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Applied:
    """The production environment, as far as the emulator goes."""
    folder = tmp_path_factory.mktemp("applied")
    files = Path(shutil.copytree(project / "terraform", folder / "terraform"))
    root = files / "environments/production"
    write_overrides(files, root)
    env = {**terraform_environment(folder), **account.environment}
    terraform = tool("terraform", "install Terraform 1.11 or newer", TERRAFORM)
    run_ok(terraform, "init", "-input=false", cwd=root, env=env)
    flags = ("-json", "-auto-approve", "-input=false", "-parallelism=20")
    done = run(terraform, "apply", *flags, *VALUES, cwd=root, env=env, timeout=1800)
    return Applied(root, env, frozenset(_errors(done.stdout)), tuple(_there(terraform, root, env)))


def test_what_cannot_be_applied_is_what_the_emulator_lacks(applied: Applied, say: Say) -> None:
    assert applied.failed == set(NOT_EMULATED), (
        f"not named: {applied.failed - set(NOT_EMULATED)}; named, and works: {set(NOT_EMULATED) - applied.failed}"
    )
    say("terraform apply, emulator", f"{len(applied.made)} made; {len(NOT_EMULATED)} that it cannot make, each named")
    assert len(applied.made) > 300


def test_a_second_plan_changes_nothing(applied: Applied, say: Say) -> None:
    terraform = tool("terraform", "install Terraform 1.11 or newer", TERRAFORM)
    targets = [f"-target={address}" for address in applied.made]
    flags = ("-detailed-exitcode", "-no-color", "-input=false")
    done = run(terraform, "plan", *flags, *VALUES, *targets, cwd=applied.root, env=applied.env, timeout=900)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    say("terraform plan after it, emulator", "no changes")


def _errors(output: str) -> Iterator[str]:
    """The resources that failed, and one line for each failure that no resource is named for."""
    for line in output.splitlines():
        event: dict[str, Any] = json.loads(line)
        if event.get("@level") == "error":
            diagnostic = event["diagnostic"]
            yield _without_key(diagnostic.get("address") or f"{diagnostic['summary']}: {diagnostic['detail']}")


def _there(terraform: str, root: Path, env: Mapping[str, str]) -> Iterator[str]:
    """The addresses of what was made, and made wholly."""
    state = json.loads(run_ok(terraform, "show", "-json", cwd=root, env=env).stdout)

    def walk(module: dict[str, Any]) -> Iterator[str]:
        for resource in module.get("resources", ()):
            if resource["mode"] == "managed" and not resource.get("tainted"):
                yield resource["address"]
        for child in module.get("child_modules", ()):
            yield from walk(child)

    yield from walk(state["values"]["root_module"])


def _without_key(address: str) -> str:
    """The address of a resource without which one of several it is; modules keep theirs."""
    return re.sub(r"\[[^]]*\]$", "", address)


def test_the_live_account_is_judged_beside_its_source(applied: Applied, project: Path, say: Say) -> None:
    """One gate, every witness: what was applied fails no gate, and what cannot be read is unknown."""
    command = (
        sys.executable,
        "-m",
        "infraguard",
        "scan",
        str(project),
        "--aws",
        "--region",
        REGION,
        "--format",
        "json",
    )
    done = run(*command, env=applied.env, timeout=600)
    # 3 says that nothing fails and something is unknown: what the emulator does not tell.
    assert done.returncode == 3, done.stdout[-2000:] + done.stderr
    verdicts: dict[str, dict[str, set[str]]] = {}
    for finding in json.loads(done.stdout)["findings"]:
        verdicts.setdefault(finding["policy"], {}).setdefault(finding["source"], set()).add(finding["verdict"])
    live = {gate: _gate(sources["aws"]) for gate, sources in verdicts.items() if "aws" in sources}
    declared = {gate: _gate(sources["tf"]) for gate, sources in verdicts.items() if "tf" in sources}
    counted = Counter(live.values())
    said = ", ".join(f"{counted[one]} {one}" for one in ("pass", "fail", "unknown", "not_applicable"))
    say("infraguard scan, live account of the emulator", said)
    assert not [gate for gate, verdict in live.items() if verdict == "fail"]
    assert len([gate for gate, verdict in live.items() if verdict == declared.get(gate) == "pass"]) >= 20


def _gate(verdicts: set[str]) -> str:
    """The worst of several."""
    return next(one for one in ("fail", "unknown", "pass", "not_applicable") if one in verdicts)
