"""What the distributions hold: every file of ours that InfraGuard reads when it runs, and nothing of the workshop."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

import pytest

from infraguard.policies.cache import decode
from infraguard.policies.catalogue import COMPILED, compile_files, policy_files
from tests.packaging.program import ROOT

BUNDLED = "infraguard/_bundled/"


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder of the checkout, but for what running Python leaves."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("name", ["policies", "templates"])
def test_the_wheel_has_every_file_as_it_is(wheel: Path, name: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        prefix = f"{BUNDLED}{name}/"
        shipped = {
            entry.removeprefix(BUNDLED): archive.read(entry)
            for entry in archive.namelist()
            if entry.startswith(prefix) and not entry.endswith(COMPILED)
        }
    expected = files_of(ROOT / name)
    assert sorted(shipped) == sorted(expected)
    assert [path for path, content in expected.items() if shipped[path] != content] == []


def test_the_wheel_has_the_whole_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if name.startswith("infraguard/")}
    expected = {path.removeprefix("src/") for path in files_of(ROOT / "src" / "infraguard")}
    assert {name for name in shipped if not name.startswith(BUNDLED)} == expected


def test_the_wheel_has_the_policies_compiled(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        compiled = decode(archive.read(f"{BUNDLED}policies/{COMPILED}"))
    assert compiled == compile_files(policy_files(ROOT / "policies"), "policies")
    assert "database/backup-retention" in {policy.id for policy in compiled}


def test_the_wheel_names_its_program_its_licence_and_its_extra(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (info,) = {name.partition("/")[0] for name in archive.namelist() if ".dist-info/" in name}
        metadata = archive.read(f"{info}/METADATA").decode()
        programs = archive.read(f"{info}/entry_points.txt").decode()
        assert f"{info}/licenses/LICENSE" in archive.namelist()
    assert "infraguard = infraguard.__main__:main" in programs
    assert "License-Expression: MIT" in metadata
    assert "Provides-Extra: aws" in metadata
    assert "Requires-Python: >=3.11" in metadata


def test_the_source_distribution_has_what_a_build_needs_and_no_more(built: Path) -> None:
    (source,) = built.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        tops = {Path(name).parts[1] for name in archive.getnames()}
    needed = {"src", "policies", "templates", "hatch_build.py", "pyproject.toml", "README.md", "LICENSE"}
    assert tops == needed | {"CHANGELOG.md", ".gitignore", "PKG-INFO"}
