"""A report counts for what it was made of: the commit that is checked out, and the files as they are."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infraguard.collectors.repository import Clone, collect_repository, judged_on_disk
from infraguard.model.evidence import Resource
from infraguard.model.values import Unknown
from infraguard.readers.tree import DiskTree

NOW = 1_780_000_000
MINUTE = 60
#: The commit's time in these tests, in seconds before now.
COMMITTED = NOW - 60 * MINUTE
LCOV = b"TN:\nSF:app.py\nLF:10\nLH:9\nend_of_record\n"


def git(folder: Path, *arguments: str, at: int = COMMITTED) -> str:
    times = {"GIT_AUTHOR_DATE": f"{at} +0000", "GIT_COMMITTER_DATE": f"{at} +0000"}
    nobody = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-C", str(folder), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **times, **nobody})
    return done.stdout.strip()


def write(path: Path, content: str | bytes, at: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    os.utime(path, (at, at))


def measured(at: int) -> str:
    """Coverage's XML of that time."""
    return f'<coverage lines-valid="100" lines-covered="90" timestamp="{at * 1000}"/>'


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone of an hour ago, whose files were written when it was cloned, half an hour ago."""
    folder = tmp_path / "clone"
    write(folder / "app.py", "x = 1\n", NOW - 30 * MINUTE)
    write(folder / "README.md", "# App\n", NOW - 30 * MINUTE)
    write(folder / ".gitignore", "build/\n*.xml\n*.info\n*.json\n", NOW - 30 * MINUTE)
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "one")
    return folder


def report(folder: Path, path: str) -> Resource:
    found = collect_repository(
        DiskTree(folder), results=(path,), clone=Clone(judge=lambda tree: judged_on_disk(folder, tree))
    )
    (resource,) = (each for each in found.resources if each.location.file == path)
    return resource


def why_stale(folder: Path, path: str = "coverage.xml", figure: str = "percent_covered") -> str:
    """Why a report tells nothing; no word where it counts."""
    value = report(folder, path).attributes[figure]
    if not isinstance(value, Unknown):
        return ""
    assert value.remedy
    return value.reason.partition(": ")[2]


def test_tests_that_ran_after_the_checkout_count(clone: Path) -> None:
    write(clone / "coverage.xml", measured(NOW - 5 * MINUTE), NOW - 5 * MINUTE)
    assert why_stale(clone) == ""


def test_what_another_job_measured_of_this_commit_and_handed_over_counts(clone: Path) -> None:
    """It was made before this job cloned, and after the commit; the file is new here."""
    write(clone / "coverage.xml", measured(NOW - 45 * MINUTE), NOW - 5 * MINUTE)
    assert why_stale(clone) == ""


def test_a_report_older_than_the_commit_tells_nothing(clone: Path) -> None:
    write(clone / "coverage.xml", measured(NOW - 90 * MINUTE), NOW - 5 * MINUTE)
    assert why_stale(clone).startswith("it is older than the commit ")


def test_a_report_without_a_time_has_that_of_its_file(clone: Path) -> None:
    write(clone / "lcov.info", LCOV, NOW - 5 * MINUTE)
    assert why_stale(clone, "lcov.info") == ""
    write(clone / "lcov.info", LCOV, NOW - 90 * MINUTE)
    assert "app.py was checked out after it was written" in why_stale(clone, "lcov.info")


def test_a_report_that_claims_the_future_has_the_time_of_its_file(clone: Path) -> None:
    write(clone / "coverage.xml", measured(NOW + 10**6), NOW - 90 * MINUTE)
    assert "was checked out after it was written" in why_stale(clone)


@pytest.mark.parametrize(
    ("path", "matters"),
    [
        ("app.py", True),
        ("new.py", True),
        ("README.md", False),
        ("docs/a.py", True),
        ("notes.json", False),
        ("build/out.py", False),
    ],
)
def test_what_changed_since_makes_it_old(clone: Path, path: str, matters: bool) -> None:
    write(clone / "coverage.xml", measured(NOW - 5 * MINUTE), NOW - 5 * MINUTE)
    write(clone / path, "y = 2\n", NOW - MINUTE)
    assert why_stale(clone) == (f"{path} was changed after it was written" if matters else "")


def test_what_was_changed_before_the_tests_ran_is_what_they_ran_on(clone: Path) -> None:
    write(clone / "app.py", "y = 2\n", NOW - 10 * MINUTE)
    write(clone / "coverage.xml", measured(NOW - 5 * MINUTE), NOW - 5 * MINUTE)
    assert why_stale(clone) == ""


def test_tests_that_ran_before_their_code_was_committed_ran_on_it(clone: Path) -> None:
    write(clone / "app.py", "y = 2\n", NOW - 10 * MINUTE)
    write(clone / "coverage.xml", measured(NOW - 5 * MINUTE), NOW - 5 * MINUTE)
    git(clone, "commit", "-qam", "two", at=NOW - MINUTE)
    assert why_stale(clone) == ""


def test_another_branch_that_was_checked_out_since_is_not_what_was_tested(clone: Path) -> None:
    """Its commit is older than the report, and its files came here later."""
    write(clone / "coverage.xml", measured(NOW - 5 * MINUTE), NOW - 5 * MINUTE)
    os.utime(clone / "app.py", (NOW - MINUTE, NOW - MINUTE))
    assert why_stale(clone) == "app.py was checked out after it was written"


def test_a_file_that_was_deleted_since_makes_it_old(clone: Path) -> None:
    write(clone / "part" / "b.py", "y = 2\n", NOW - 30 * MINUTE)
    git(clone, "add", ".")
    git(clone, "commit", "-qm", "two")
    write(clone / "coverage.xml", measured(NOW - 5 * MINUTE), NOW - 5 * MINUTE)
    (clone / "part" / "b.py").unlink()
    os.utime(clone / "part", (NOW - MINUTE, NOW - MINUTE))
    assert why_stale(clone) == "part/b.py was changed after it was written"
    os.utime(clone / "part", (NOW - 10 * MINUTE, NOW - 10 * MINUTE))
    assert why_stale(clone) == ""


def test_a_report_that_was_committed_is_of_an_earlier_state(clone: Path) -> None:
    write(clone / "coverage.xml", measured(NOW), NOW)
    git(clone, "add", "-f", "coverage.xml")
    git(clone, "commit", "-qm", "two")
    assert why_stale(clone).startswith("it is a part of the commit")
    write(clone / "coverage.xml", measured(NOW + 1), NOW + 1)
    assert why_stale(clone) == ""


def sarif(revision: str, **more: Any) -> str:
    provenance = [{"repositoryUri": "https://example.com/a", "revisionId": revision}]
    run = {"tool": {"driver": {"name": "Bandit"}}, "results": [], "versionControlProvenance": provenance, **more}
    return json.dumps({"runs": [run]})


def test_a_report_that_names_its_commit_is_held_by_it(clone: Path) -> None:
    now, before = git(clone, "rev-parse", "HEAD"), "0" * 40
    old = {"invocations": [{"executionSuccessful": True, "startTimeUtc": "2020-01-01T00:00:00Z"}]}
    write(clone / "bandit.json", sarif(now, **old), NOW - 90 * MINUTE)
    assert why_stale(clone, "bandit.json", "critical") == ""
    write(clone / "bandit.json", sarif(before), NOW)
    assert (
        why_stale(clone, "bandit.json", "critical") == f"it is of commit {before[:12]}, and {now[:12]} is checked out"
    )
    write(clone / "bandit.json", sarif("--help"), NOW)
    assert "it is of commit --help" in why_stale(clone, "bandit.json", "critical")


def test_a_report_that_names_its_commit_is_of_no_later_change(clone: Path) -> None:
    write(clone / "bandit.json", sarif(git(clone, "rev-parse", "HEAD")), NOW - 5 * MINUTE)
    write(clone / "app.py", "y = 2\n", NOW - MINUTE)
    assert why_stale(clone, "bandit.json", "critical") == "app.py was changed after it was written"


def test_a_commit_with_the_same_files_is_as_good(clone: Path) -> None:
    before = git(clone, "rev-parse", "HEAD")
    git(clone, "commit", "-q", "--amend", "-m", "the same in other words", at=NOW)
    write(clone / "bandit.json", sarif(before), NOW - 5 * MINUTE)
    assert why_stale(clone, "bandit.json", "critical") == ""


def test_a_commit_that_counts_other_hashes_is_read_alike(tmp_path: Path) -> None:
    write(tmp_path / "app.py", "x = 1\n", NOW)
    git(tmp_path, "init", "-q", "--object-format=sha256")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    judged = judged_on_disk(tmp_path, DiskTree(tmp_path))
    assert judged.is_as_committed("app.py")
    write(tmp_path / "app.py", "x = 2\n", NOW)
    assert not judged_on_disk(tmp_path, DiskTree(tmp_path)).is_as_committed("app.py")


def test_without_git_files_tell_by_their_times(clone: Path) -> None:
    shutil.rmtree(clone / ".git")
    write(clone / "coverage.xml", measured(NOW - 5 * MINUTE), NOW - 5 * MINUTE)
    assert why_stale(clone) == ""
    write(clone / "app.py", "x = 1\n", NOW - MINUTE)
    assert why_stale(clone) == "app.py was changed after it was written"


@pytest.fixture
def zone() -> Iterator[Callable[[str], None]]:
    with pytest.MonkeyPatch.context() as patch:

        def put(name: str) -> None:
            patch.setenv("TZ", name)
            time.tzset()

        yield put
    time.tzset()


def json_of(local: dt.datetime) -> str:
    meta = {"timestamp": local.replace(tzinfo=None).isoformat()}
    return json.dumps({"meta": meta, "totals": {"covered_lines": 9, "num_statements": 10}})


@pytest.mark.parametrize("name", ["UTC0", "EST5", "JST-9"])
def test_a_time_without_a_zone_is_this_machines_where_its_file_says_so(
    clone: Path, name: str, zone: Callable[[str], None]
) -> None:
    zone(name)
    here = dt.datetime.fromtimestamp(NOW - 5 * MINUTE)  # noqa: DTZ006 - as coverage.py writes it
    write(clone / "coverage.json", json_of(here), NOW - 5 * MINUTE)
    assert why_stale(clone, "coverage.json") == ""


@pytest.mark.parametrize("name", ["UTC0", "EST5", "JST-9"])
def test_a_time_without_a_zone_that_was_brought_here_is_the_earlier_one(
    clone: Path, name: str, zone: Callable[[str], None]
) -> None:
    zone(name)
    before = dt.datetime.fromtimestamp(NOW - 90 * MINUTE, dt.UTC)
    write(clone / "coverage.json", json_of(before), NOW - 5 * MINUTE)
    assert why_stale(clone, "coverage.json").startswith("it is older than the commit")


def test_a_run_of_tests_is_as_old_as_its_start(clone: Path) -> None:
    start = dt.datetime.fromtimestamp(NOW - 20 * MINUTE).isoformat()  # noqa: DTZ006 - as pytest before 8 writes it
    text = f'<testsuite tests="1" time="600" timestamp="{start}"><testcase name="a"/></testsuite>'
    write(clone / "junit.xml", text, NOW - 10 * MINUTE)
    assert why_stale(clone, "junit.xml", "failures") == ""
    write(clone / "app.py", "y = 2\n", NOW - 15 * MINUTE)
    assert why_stale(clone, "junit.xml", "failures") == "app.py was changed after it was written"


def test_what_a_stale_report_is_stays(clone: Path) -> None:
    write(clone / "coverage.xml", measured(NOW - 90 * MINUTE), NOW - 5 * MINUTE)
    attributes = report(clone, "coverage.xml").attributes
    assert attributes["format"] == "cobertura"
    assert {name for name, value in attributes.items() if isinstance(value, Unknown)} == {
        *("percent_covered", "lines_valid", "lines_covered", "branches_valid", "branches_covered")
    }
