"""Finding, compiling, recalling and selecting policies."""

from __future__ import annotations

from pathlib import Path

import pytest

from infraguard.model.errors import PolicyError, UsageError
from infraguard.policies import cache, catalogue
from infraguard.policies.catalogue import load_catalogue, load_folder, select
from tests.policies.test_schema import GOOD


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INFRAGUARD_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "pack" / "area").mkdir(parents=True)
    (tmp_path / "pack" / "area" / "one.yaml").write_text(GOOD)
    (tmp_path / "pack" / "area" / "one.cases.yaml").write_text("cases: []\n")
    (tmp_path / "pack" / "area" / "two.yaml").write_text(GOOD)
    return tmp_path / "pack"


def test_ids_are_paths_and_cases_are_no_policies(folder: Path) -> None:
    assert [policy.id for policy in load_folder(folder)] == ["area/one", "area/two"]


def test_the_second_load_reads_no_yaml_and_gives_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load_folder(folder)

    def unexpected(*_: object) -> None:
        pytest.fail("YAML was read again")

    monkeypatch.setattr(catalogue, "read_policy", unexpected)
    assert load_folder(folder) == first


def test_a_changed_policy_is_compiled_again(folder: Path) -> None:
    load_folder(folder)
    (folder / "area" / "one.yaml").write_text(GOOD.replace("title: T", "title: Changed"))
    assert load_folder(folder)[0].title == "Changed"


def test_a_damaged_cache_is_made_anew(folder: Path, tmp_path: Path) -> None:
    first = load_folder(folder)
    for file in (tmp_path / "cache").iterdir():
        file.write_text("{")
    assert load_folder(folder) == first


def test_a_cache_that_cannot_be_written_is_no_error(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("INFRAGUARD_CACHE_DIR", str(tmp_path / "file" / "below"))
    assert len(load_folder(folder)) == 2


def test_compiled_policies_beside_yaml_are_taken_as_they_are(folder: Path) -> None:
    compiled = load_folder(folder)[:1]
    (folder / catalogue.COMPILED).write_bytes(cache.encode(compiled))
    assert load_folder(folder) == compiled


def test_an_id_twice_is_an_error_that_names_both(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "more" / "area").mkdir(parents=True)
    (tmp_path / "more" / "area" / "one.yaml").write_text(GOOD)
    with pytest.raises(PolicyError, match=r"more/area/one\.yaml:1: .*'area/one'.*pack/area/one\.yaml"):
        load_catalogue([folder, tmp_path / "more"])


def test_a_folder_that_is_named_twice_counts_once(folder: Path) -> None:
    assert load_catalogue((folder, folder / "area" / "..")) == load_catalogue((folder / "area" / "..",))


def test_folders_without_policies_are_errors(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        load_folder(tmp_path / "missing")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no policy in it"):
        load_folder(tmp_path / "empty")


def test_a_policy_that_is_no_text_is_named(folder: Path) -> None:
    (folder / "area" / "two.yaml").write_bytes(b"title: \xff")
    with pytest.raises(PolicyError, match=r"two\.yaml:1: not UTF-8"):
        load_folder(folder)


def test_a_folder_named_like_a_policy_is_named(folder: Path) -> None:
    (folder / "area" / "folder.yaml").mkdir(parents=True)
    with pytest.raises(PolicyError, match=r"folder\.yaml: cannot be read: Is a directory"):
        load_folder(folder)


def test_a_policy_outside_of_an_area_is_no_gate(folder: Path) -> None:
    (folder / "alone.yaml").write_text(GOOD)
    with pytest.raises(PolicyError, match=r"alone\.yaml: it lies in no area"):
        load_folder(folder)


def test_selection_by_globs(folder: Path) -> None:
    policies = load_folder(folder)
    assert [policy.id for policy in select(policies, ["area/o*"], [])] == ["area/one"]
    assert [policy.id for policy in select(policies, [], ["area/one"])] == ["area/two"]


@pytest.mark.parametrize("pattern", ["area/onne", "other/*"])
def test_a_glob_that_matches_nothing_is_an_error(folder: Path, pattern: str) -> None:
    with pytest.raises(UsageError) as raised:
        select(load_folder(folder), [pattern], [])
    assert pattern in str(raised.value)
    assert raised.value.hint


def test_a_selection_that_leaves_nothing_is_an_error(folder: Path) -> None:
    with pytest.raises(UsageError, match="no gate is left"):
        select(load_folder(folder), ["area/one"], ["area/*"])
