"""The installed program, from an empty folder: nothing of the checkout is within its reach."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from infraguard import __version__
from infraguard.policies.catalogue import load_folder
from tests.gates import FEW_GATES
from tests.packaging.program import ROOT, Run, runner

SECURE = ROOT / "examples" / "secure"


def test_it_says_its_version(infraguard: Run) -> None:
    assert infraguard("--version").stdout == f"infraguard {__version__}\n"


def test_it_brings_every_gate_and_parses_none(infraguard: Run, cache: Path) -> None:
    done = infraguard("policies", "list", "--format", "json")
    assert done.returncode == 0, done.stderr
    listed = [policy["id"] for policy in json.loads(done.stdout)]
    assert listed == sorted(policy.id for policy in load_folder(ROOT / "policies"))
    assert not cache.exists()  # the compiled catalogue of the wheel was read, so there was nothing to keep


def test_the_cases_it_brings_hold(infraguard: Run) -> None:
    done = infraguard("policies", "test", "--format", "json")
    results = json.loads(done.stdout)
    assert [result for result in results if not result["holds"]] == []
    assert {result["policy"] for result in results} == {
        policy.id for policy in load_folder(ROOT / "policies") if not policy.manual
    }
    assert done.returncode == 0


def test_it_generates_a_project_and_judges_it(infraguard: Run, tmp_path: Path) -> None:
    made = infraguard("new", "--no-input", "--output-dir", str(tmp_path), "--set", "project_slug=portal")
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "portal" / ".github" / "workflows" / "test.yml").is_file()
    assert (tmp_path / "portal" / ".gitignore").is_file()
    selected = [word for gate in FEW_GATES for word in ("--select", gate)]
    scanned = infraguard("scan", str(tmp_path / "portal"), *selected, "--format", "json")
    assert scanned.returncode == 0, scanned.stdout
    assert json.loads(scanned.stdout)["tool"]["version"] == __version__


@pytest.mark.parametrize("format_", ["console", "json", "sarif"])
def test_every_format_works(infraguard: Run, format_: str) -> None:
    done = infraguard("scan", str(ROOT / "examples" / "insecure"), "--format", format_)
    assert (done.returncode, done.stderr) == (1, "")
    assert "database/no-public-access" in done.stdout


def test_without_the_extra_an_account_is_refused_in_one_line(infraguard: Run) -> None:
    done = infraguard("scan", str(SECURE), "--aws", "--region", "eu-west-1")
    assert done.returncode == 2
    assert "infraguard[aws]" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_editable_install_reads_the_checkout(
    make_environment: Callable[[Path], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hatchling.build import build_editable

    monkeypatch.chdir(ROOT)  # where PEP 660 wants its hook to be called
    editable = tmp_path / build_editable(str(tmp_path))
    program = make_environment(editable) / "infraguard"
    shown = runner(program, tmp_path, tmp_path / "cache")("policies", "show", "tls/minimum-version", "--format", "json")
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["file"] == f"{ROOT}/policies/tls/minimum-version.yaml"
