"""A repository of the size that most scans meet: a generated service, and the Terraform of a second one beside it."""

from __future__ import annotations

from pathlib import Path

from infraguard.workflows.new import NewRequest, new


def make_small_repository(folder: Path) -> tuple[Path, int]:
    """Make it in a folder; gives where it is and how many files it has."""
    repository = new(NewRequest(output_dir=folder, no_input=True)).folder
    second = new(
        NewRequest(output_dir=folder / "second", overrides={"project_slug": "reporting"}, no_input=True)
    ).folder
    (second / "terraform").rename(repository / "reporting")
    (second / "src").rename(repository / "reporting" / "src")
    return repository, sum(path.is_file() for path in repository.rglob("*"))
