"""Secrets in git's history: real repositories, made by git."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from infraguard.collectors.repository import read_history
from infraguard.collectors.repository.found import Found
from infraguard.model.evidence import GapReason, Resource
from infraguard.model.findings import Verdict
from infraguard.workflows.request import ScanRequest
from infraguard.workflows.scan import scan
from tests.tools import missing

LETTERS = "q7Wm2Zx9Lr4Tb8Vn1Kp6Hs3Jd5Gf0QyR8c2EwUoAi4"
TOKEN = "ghp_" + LETTERS[:36]
OTHER = "sk_live_" + LETTERS[:24]
IDENTITY = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    if shutil.which("git") is None:
        missing("git", "install it")
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    return folder


def git(folder: Path, *words: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(["git", *IDENTITY, *words], cwd=folder, env=kept, capture_output=True, check=True)
    return done.stdout.decode().strip()


def commit(folder: Path, **files: str | None) -> str:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_py", ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            path.unlink()
        else:
            path.write_text(text, "utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "x")
    return git(folder, "rev-parse", "HEAD")[:12]


def secrets(found: Found) -> list[Resource]:
    return [each for each in found.resources if each.kind == "history_secret"]


def test_a_secret_that_was_deleted_is_found_where_it_first_stood(folder: Path) -> None:
    commit(folder, app_py="A = 1\n")
    first = commit(folder, app_py=f'A = 1\nB = "{TOKEN}"\n')
    commit(folder, app_py=f'# more\nA = 1\nB = "{TOKEN}"\n')
    commit(folder, app_py="A = 2\n")
    found = read_history(folder)
    (secret,) = secrets(found)
    assert found.gaps == ()
    assert secret.id == f"{first}:app.py#GitHub token@2"
    assert secret.attributes == {
        "commit": first,
        "file": "app.py",
        "line": 2,
        "what": "GitHub token",
        "name": "GitHub token",
        "masked": "ghp_***",
    }


def test_what_the_files_still_show_is_left_to_them(folder: Path) -> None:
    commit(folder, app_py=f'A = "{TOKEN}"\n')
    commit(folder, app_py=f'# moved\nA = "{TOKEN}"\n')
    assert secrets(read_history(folder)) == []


def test_branches_and_merges_are_history_too(folder: Path) -> None:
    commit(folder, app_py="A = 1\n")
    git(folder, "checkout", "-q", "-b", "other")
    on_branch = commit(folder, deep__other_py=f'T = "{TOKEN}"\n')
    git(folder, "checkout", "-q", "main")
    commit(folder, app_py="A = 2\n")
    git(folder, "merge", "-q", "--no-commit", "other")
    (folder / "app.py").write_text(f'K = "{OTHER}"\n', "utf-8")
    merged = commit(folder)
    commit(folder, app_py="A = 3\n", deep__other_py=None)
    found = {secret.attributes["commit"]: secret.attributes["file"] for secret in secrets(read_history(folder))}
    assert found == {on_branch: "deep/other.py", merged: "app.py"}


def test_a_private_key_below_a_header_that_was_seen_before(folder: Path) -> None:
    head, body = "-----BEGIN RSA PRIVATE KEY-----\n", (LETTERS * 3)[:64] + "\n"
    commit(folder, notes_py=head + "# no key follows\n")
    commit(folder, key_py=head + body)
    commit(folder, key_py="")
    (secret,) = secrets(read_history(folder))
    assert (secret.attributes["file"], secret.attributes["masked"]) == ("key.py", "***")


def test_only_the_scanned_part_of_a_repository_counts(folder: Path) -> None:
    commit(folder, one__a_py=f'A = "{TOKEN}"\n', two__b_py=f'B = "{OTHER}"\n')
    commit(folder, one__a_py="", two__b_py="")
    (secret,) = secrets(read_history(folder / "one"))
    assert secret.attributes["file"] == "a.py"


@pytest.mark.parametrize(
    ("reason", "words"), [(GapReason.EMPTY, "no commit yet"), (GapReason.EMPTY, "the folder is no git repository")]
)
def test_no_history_is_a_gap(folder: Path, tmp_path: Path, reason: GapReason, words: str) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    (gap,) = read_history(plain if "no git" in words else folder).gaps
    assert (gap.reason, words in gap.detail) == (reason, True)


def test_a_shallow_clone_is_a_gap(folder: Path, tmp_path: Path) -> None:
    commit(folder, app_py=f'A = "{TOKEN}"\n')
    commit(folder, app_py="")
    git(tmp_path, "clone", "-q", "--depth", "1", folder.as_uri(), "shallow")
    found = read_history(tmp_path / "shallow")
    assert secrets(found) == []
    assert [gap.detail.partition(":")[0] for gap in found.gaps] == ["the clone is shallow"]


def test_a_clone_that_lacks_objects_is_a_gap_and_fetches_none(folder: Path, tmp_path: Path) -> None:
    commit(folder, app_py=f'A = "{TOKEN}"\n')
    commit(folder, app_py="")
    git(folder, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--bare", "--filter=blob:none", folder.as_uri(), "partial")
    before = git(tmp_path / "partial", "count-objects", "-v")
    found = read_history(tmp_path / "partial")
    assert secrets(found) == []
    assert any("it is a partial one" in gap.detail for gap in found.gaps)
    assert git(tmp_path / "partial", "count-objects", "-v") == before


def test_no_git_is_a_gap(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(folder, app_py="A = 1\n")
    monkeypatch.setenv("PATH", str(folder))
    (gap,) = read_history(folder).gaps
    assert (gap.reason, gap.detail) == (GapReason.UNSUPPORTED, "git is not installed here")


def test_what_takes_too_long_is_a_gap(folder: Path) -> None:
    commit(folder, app_py="A = 1\n")
    (gap,) = read_history(folder, seconds=0).gaps
    assert gap.reason is GapReason.TIMED_OUT


def test_nothing_that_a_repository_configures_runs(folder: Path, tmp_path: Path) -> None:
    commit(folder, app_py=f'A = "{TOKEN}"\n', _gitattributes="")
    (folder / ".gitattributes").write_text("*.py diff=evil filter=evil\n", "utf-8")
    commit(folder, app_py="")
    mark = tmp_path / "ran"
    program = tmp_path / "evil.sh"
    program.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n", "utf-8")
    program.chmod(0o755)
    for key in (
        *("core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "diff.external", "diff.evil.textconv"),
        *("diff.evil.command", "filter.evil.smudge", "filter.evil.clean", "gpg.program", "uploadpack.packObjectsHook"),
    ):
        git(folder, "config", key, str(program))
    for hook in ("post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman"):
        shutil.copy(program, folder / ".git" / "hooks" / hook)
    mark.unlink(missing_ok=True)
    assert len(secrets(read_history(folder))) == 1
    assert not mark.exists()


def test_variables_of_git_lead_nowhere_else(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(folder, app_py=f'A = "{TOKEN}"\n')
    commit(folder, app_py="")
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    assert len(secrets(read_history(folder))) == 1


def test_a_scan_looks_at_history_when_it_is_asked(folder: Path) -> None:
    first = commit(folder, app_py=f'A = "{TOKEN}"\n')
    commit(folder, app_py="")
    gate = "secrets/none-in-code"
    plain = ScanRequest(now="2026-01-01T00:00:00Z", targets=(str(folder),), select=(gate,))
    assert not any(
        f.resource.kind == "history_secret" and f.verdict is Verdict.FAIL for f in scan(plain).report.findings
    )
    asked = ScanRequest(now="2026-01-01T00:00:00Z", targets=(str(folder),), select=(gate,), history=True)
    result = scan(asked)
    (failed,) = [f for f in result.report.findings if f.resource.kind == "history_secret"]
    assert failed.verdict is Verdict.FAIL
    assert failed.message.startswith(f"commit {first} has a secret in app.py, line 1 (GitHub token: GitHub token")
    assert TOKEN not in str(result.report)
    assert TOKEN not in str(result.evidence)


PASSWORD = 'DB_PASSWORD = "Tq7Wm2Zx9Lr4"\n'


def test_the_same_text_is_judged_by_the_path_that_makes_most_of_it(folder: Path) -> None:
    """As a test's it is made up; it was the application's settings later, or before."""
    commit(folder, tests__conf_py=PASSWORD)
    second = commit(folder, src__conf_py=PASSWORD)
    commit(folder, tests__conf_py=None, src__conf_py=None)
    (secret,) = secrets(read_history(folder))
    assert secret.id == f"{second}:src/conf.py#DB_PASSWORD@1"


def test_a_text_that_files_still_show_as_a_test_was_more_before(folder: Path) -> None:
    first = commit(folder, src__conf_py=PASSWORD)
    commit(folder, src__conf_py=None, tests__conf_py=PASSWORD)
    (secret,) = secrets(read_history(folder))
    assert secret.id == f"{first}:src/conf.py#DB_PASSWORD@1"


def test_a_text_that_is_a_tests_everywhere_is_made_up(folder: Path) -> None:
    commit(folder, tests__conf_py=PASSWORD)
    commit(folder, tests__conf_py=None, tests__other__conf_py=PASSWORD)
    commit(folder, tests__other__conf_py=None)
    assert secrets(read_history(folder)) == []


def test_paths_are_told_as_they_are(folder: Path) -> None:
    first = commit(folder, einstellungen_für_später_py=PASSWORD)
    commit(folder, einstellungen_für_später_py=None)
    (secret,) = secrets(read_history(folder))
    assert secret.id == f"{first}:einstellungen_für_später.py#DB_PASSWORD@1"
