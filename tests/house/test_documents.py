"""Documents that lead somewhere, decisions that stay short, and files that name no machine."""

from __future__ import annotations

import re

import pytest

from tests.house.documents import ROOT, links, own_documents, tracked_files

DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
#: Written apart, so that this file does not name them either. A Terraform registry is part of a provider's name.
REGISTRIES = re.compile("|".join(["pypi" + r"\.org", "python" + "hosted", "npm" + r"js\.(org|com)"]))
MACHINE_PATHS = re.compile(r"(?<![\w.$}/-])/(?:work|tmp|root|home|mnt|Users)/")
#: Folders whose files tell of other machines: containers, repositories that are scanned.
OTHER_MACHINES = ("tests/", "templates/", "examples/")


@pytest.mark.parametrize("path", own_documents())
def test_links_lead_to_files(path: str) -> None:
    folder = (ROOT / path).parent
    assert [target for target in links(path) if not (folder / target).exists()] == []


def test_no_two_decisions_have_one_number() -> None:
    numbers = [path.name[:4] for path in DECISIONS]
    assert sorted(set(numbers)) == sorted(numbers)


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_is_short_and_has_its_three_parts(path: object) -> None:
    text = (ROOT / "docs" / "decisions" / str(path)).read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 40
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequence"]


def test_the_index_has_every_decision_by_its_title() -> None:
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| \[\d{4}\]\((\d{4}-[^)]+\.md)\) \| (.+) \|$", index, re.MULTILINE))
    titles = {path.name: path.read_text(encoding="utf-8").splitlines()[0].partition(" ")[2][5:] for path in DECISIONS}
    assert rows == titles


def _matches(pattern: re.Pattern[str], path: str) -> list[str]:
    return pattern.findall((ROOT / path).read_text(encoding="utf-8", errors="replace"))


def test_no_file_names_a_registry() -> None:
    assert [path for path in tracked_files() if _matches(REGISTRIES, path)] == []


def test_no_file_names_a_path_of_one_machine() -> None:
    ours = [path for path in tracked_files() if not path.startswith(OTHER_MACHINES)]
    assert [path for path in ours if _matches(MACHINE_PATHS, path)] == []


def test_the_lock_has_a_hash_for_every_version_and_no_address() -> None:
    lines = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8").splitlines()
    pinned = [index for index, line in enumerate(lines) if "==" in line]
    assert pinned
    assert all(lines[index + 1].strip().startswith("--hash=sha256:") for index in pinned)
    assert not [line for line in lines if "://" in line]
