"""Actions that are not pinned: our gate names the places that zizmor names, and images by tag besides.

INFRAGUARD_CLONES names a folder of repositories, which are compared as well.
"""

from __future__ import annotations

import os
import textwrap
from pathlib import Path

import pytest

from infraguard.readers.sarif import read_sarif
from infraguard.workflows.request import ScanRequest
from infraguard.workflows.scan import scan
from tests.tools import run, tool

SHA = "11bd71901bbe5b1630ceea73d27597364c9af683"
WORKFLOWS = {
    ".github/workflows/steps.yml": f"""
        on: push
        jobs:
          one:
            runs-on: ubuntu-24.04
            container: python:3.12
            steps:
              - uses: actions/checkout@{SHA}
              - uses: actions/checkout@v4
              - name: by branch
                uses: "owner/action@main"
              - {{uses: owner/action/path@release/v1}}
              - uses: ./.github/actions/own
              - uses: docker://alpine:3.20
              - uses: docker://alpine@sha256:{"a" * 64}
              - uses: owner/short@11bd719
              - run: "echo 'uses: not/one@v1'"
    """,
    ".github/workflows/calls.yaml": f"""
        on: pull_request
        jobs:
          tagged:
            uses: owner/repository/.github/workflows/test.yml@v2
          pinned:
            uses: owner/repository/.github/workflows/test.yml@{SHA}
          own:
            uses: ./.github/workflows/steps.yml
    """,
    ".github/actions/own/action.yml": f"""
        name: own
        description: composite
        runs:
          using: composite
          steps:
            - uses: actions/setup-python@v5
            - uses: actions/cache@{SHA}
    """,
    "tools/release/action.yaml": """
        name: elsewhere
        description: composite
        runs:
          using: composite
          steps:
            - uses: owner/action@v3
    """,
}


def theirs(folder: Path) -> set[tuple[str, int]]:
    done = run(tool("zizmor"), "--offline", "--no-progress", "--format", "sarif", ".", cwd=folder)
    assert done.returncode == 0, done.stderr
    (found,) = read_sarif(done.stdout.encode(), "zizmor")
    return {(one.file, one.line) for one in found.results if one.rule == "zizmor/unpinned-uses"}


def ours(folder: Path) -> set[tuple[str, int]]:
    request = ScanRequest(now="2026-01-01T00:00:00Z", targets=(str(folder),), select=("pipeline/actions-pinned",))
    findings = scan(request).report.findings
    assert not [finding for finding in findings if finding.verdict == "unknown"]
    places = [found.location for found in findings if found.verdict == "fail"]
    return {(place.file, place.line) for place in places if place}


@pytest.fixture
def written(tmp_path: Path) -> Path:
    for path, text in WORKFLOWS.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip(), "utf-8")
    return tmp_path


def test_hand_made_workflows_have_the_same_places(written: Path) -> None:
    found = ours(written)
    assert len(found) == 8
    # An image by tag can be another image tomorrow; zizmor says so with --persona=pedantic only.
    assert found - theirs(written) == {(".github/workflows/steps.yml", 13)}
    assert theirs(written) <= found


def _clones() -> list[Path]:
    folder = os.environ.get("INFRAGUARD_CLONES", "")
    return sorted(path for path in Path(folder).iterdir() if (path / ".github").is_dir()) if folder else []


@pytest.mark.slow
@pytest.mark.parametrize("folder", _clones(), ids=lambda path: path.name)
def test_public_repositories_have_the_same_places(folder: Path) -> None:
    assert ours(folder) == theirs(folder)
