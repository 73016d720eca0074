"""The shipped folders are found in a checkout and in an installed wheel, and missing ones are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from infraguard import bundled
from infraguard.model.errors import InfraGuardError


def test_a_checkout_uses_the_folders_at_its_top() -> None:
    folder = bundled.bundled_folder("templates")
    assert (folder / "consulting-service" / "cookiecutter.json").is_file()
    assert (folder.parent / "pyproject.toml").is_file()


def test_a_wheel_uses_its_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "infraguard"
    (package / "_bundled" / "policies").mkdir(parents=True)
    _pretend_to_live_in(package, monkeypatch)
    assert bundled.bundled_folder("policies") == package / "_bundled" / "policies"


def test_another_project_around_an_installed_package_is_no_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "policies").mkdir()
    package = tmp_path / "site-packages" / "infraguard"
    (package / "_bundled" / "policies").mkdir(parents=True)
    _pretend_to_live_in(package, monkeypatch)
    assert bundled.bundled_folder("policies") == package / "_bundled" / "policies"


def test_an_installation_without_the_folder_says_where_it_looked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pretend_to_live_in(tmp_path / "lib" / "infraguard", monkeypatch)
    with pytest.raises(InfraGuardError, match=r"has no policies: looked in .*_bundled") as caught:
        bundled.bundled_folder("policies")
    assert "install InfraGuard again" in caught.value.hint


def _pretend_to_live_in(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled, "_PACKAGE", package)
    monkeypatch.setattr(bundled, "_CHECKOUT", package.parents[1])
