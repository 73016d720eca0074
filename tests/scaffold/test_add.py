"""One part into a repository that was not generated: what is there is read, and never touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from infraguard.model.errors import TemplateError, UsageError
from infraguard.scaffold.template import find_template
from infraguard.workflows.add import AddRequest, AddResult, add

PYPROJECT = '[project]\nname = "Time Keeper"\nrequires-python = ">=3.11"\n'


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "src/keeper").mkdir(parents=True)
    (tmp_path / "src/keeper/__init__.py").write_text("", "utf-8")
    (tmp_path / "pyproject.toml").write_text(PYPROJECT, "utf-8")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config").write_text('[remote "origin"]\n\turl = git@github.com:acme/keeper.git\n', "utf-8")
    return tmp_path


def added(repository: Path, component: str, *, write: bool = True) -> AddResult:
    return add(AddRequest(component=component, folder=repository, write=write))


@pytest.mark.parametrize("component", sorted(set(find_template("consulting-service").components)))
def test_a_plan_writes_nothing(component: str, repository: Path) -> None:
    before = sorted(repository.rglob("*"))
    assert not added(repository, component, write=False).written
    assert sorted(repository.rglob("*")) == before


def test_what_the_repository_says_of_itself_is_taken(repository: Path) -> None:
    result = added(repository, "workflows", write=False)
    said = {name: result.answers[name] for name in ("project_name", "project_slug", "package_name", "github_owner")}
    assert said == {
        "project_name": "Time Keeper",
        "project_slug": "time-keeper",
        "package_name": "keeper",
        "github_owner": "acme",
    }
    assert result.existing.python_versions == ("3.11", "3.12")
    assert any("also run 3.10" in note for note in result.existing.notes)


def test_what_is_there_stays_as_it_is(repository: Path) -> None:
    (repository / "Dockerfile").write_text("FROM scratch\nEXPOSE 5000\n", "utf-8")
    result = added(repository, "container")
    assert (result.added, result.there) == ((".dockerignore",), ("Dockerfile",))
    assert (repository / "Dockerfile").read_text("utf-8") == "FROM scratch\nEXPOSE 5000\n"
    assert (repository / ".dockerignore").exists()


def test_the_port_of_the_service_is_kept(repository: Path) -> None:
    (repository / "old").mkdir()
    (repository / "old/Dockerfile").write_text("FROM scratch\nEXPOSE 5000\n", "utf-8")
    result = added(repository, "container")
    text = (repository / "Dockerfile").read_text("utf-8")
    assert result.existing.port == 5000
    assert "5000" in text
    assert "8000" not in text


def test_a_link_that_leads_nowhere_is_there(repository: Path) -> None:
    (repository / "Dockerfile").symlink_to(repository / "nowhere")
    assert "Dockerfile" in added(repository, "container").there


def test_terraform_is_added_whole(repository: Path) -> None:
    result = added(repository, "terraform")
    assert result.added
    assert all((repository / path).is_file() for path in result.added)


@pytest.mark.parametrize(
    ("component", "why"), [("terrafrom", "no component 'terrafrom'"), ("everything", "no component")]
)
def test_an_unknown_component_is_named(component: str, why: str, repository: Path) -> None:
    with pytest.raises(UsageError, match=why):
        added(repository, component)


def test_a_generated_project_has_everything(repository: Path) -> None:
    (repository / ".infraguard").mkdir()
    (repository / ".infraguard/answers.yaml").write_text("", "utf-8")
    with pytest.raises(UsageError, match="was generated"):
        added(repository, "terraform")


def test_answers_that_do_not_fit_are_refused(repository: Path) -> None:
    with pytest.raises(TemplateError, match="aws_region"):
        add(AddRequest(component="terraform", folder=repository, overrides={"aws_region": "moon"}))


def test_an_unreadable_project_file_is_no_obstacle(repository: Path) -> None:
    (repository / "pyproject.toml").write_text("[project\n", "utf-8")
    assert added(repository, "container", write=False).added


@pytest.mark.parametrize("write", [False, True])
def test_a_folder_that_is_a_link_to_elsewhere_is_not_written_through(
    write: bool, repository: Path, tmp_path: Path
) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (repository / "docs").symlink_to(outside)
    with pytest.raises(TemplateError, match=r"docs is a link that leads outside"):
        added(repository, "docs", write=write)
    assert list(outside.iterdir()) == []


def test_a_folder_that_is_a_link_within_the_repository_is_a_folder(repository: Path) -> None:
    (repository / "documents").mkdir()
    (repository / "docs").symlink_to("documents")
    added(repository, "docs")
    assert (repository / "documents/architecture.md").is_file()
