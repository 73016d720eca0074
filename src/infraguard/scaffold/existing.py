"""What a repository that was not generated says of itself: the answers that `infraguard add` need not ask for."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct, field

from infraguard.model.errors import SyntaxProblem
from infraguard.readers.patterns import pattern
from infraguard.readers.toml import read_toml
from infraguard.readers.tree import Tree, Unreadable

_PACKAGE = pattern(r"(?:src/)?(?P<name>[a-z][a-z0-9_]*)/__init__\.py\Z")
_ASIDE: Final = frozenset({"tests", "test", "docs", "migrations", "scripts", "examples"})
_REMOTE = pattern(r"url\s*=\s*(?:https://github\.com/|git@github\.com:)(?P<owner>[\w-]+)/")
_EXPOSE = pattern(r"^\s*EXPOSE\s+(\d+)", re.MULTILINE | re.IGNORECASE)
_VERSIONS: Final = ("3.10", "3.11", "3.12")
_AT_LEAST = pattern(r">=\s*3\.(\d+)")


class Existing(Struct, frozen=True):
    """Facts of a repository. `answers` are those of the template's questions; `notes` are for the person who adds."""

    answers: dict[str, str]
    port: int | None = None
    python_versions: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())


def facts_of(tree: Tree, folder_name: str, git_settings: str = "") -> Existing:
    """What the files tell: names, the port that the service listens on, the Python versions that it is for.

    `git_settings` is the text of git's own settings, which are no file of the tree: the owner on GitHub is there.
    """
    project = _project(tree)
    name = str(project.get("name") or folder_name)
    answers = {"project_name": name[:60]} | _owner(git_settings)
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:20].strip("-")
    if re.fullmatch(r"[a-z](-?[a-z0-9]){1,19}", slug):
        answers["project_slug"] = slug
    package = _package(tree, slug)
    if package:
        answers["package_name"] = package
    port = _port(tree)
    versions = _versions(str(project.get("requires-python") or ""))
    notes = [f"package: {package}" if package else "no package was found: answer package_name with --set"]
    notes.append(f"port: {port}" if port else "no port was found: 8000 is taken")
    if versions:
        notes.append(f"Python: {', '.join(versions)}")
        missing = [version for version in _VERSIONS if version not in versions]
        if missing:
            notes.append(f"the workflows also run {', '.join(missing)}, for which the project does not say that it is")
    return Existing(answers, port, versions, tuple(notes))


def _project(tree: Tree) -> dict[str, object]:
    if "pyproject.toml" not in tree:
        return {}
    try:
        table = read_toml(tree.read("pyproject.toml"), "pyproject.toml").data.get("project")
    except (SyntaxProblem, Unreadable):
        return {}
    return table if isinstance(table, dict) else {}


def _package(tree: Tree, slug: str) -> str:
    names = [match["name"] for path in tree.paths if (match := _PACKAGE.match(path)) and match["name"] not in _ASIDE]
    expected = slug.replace("-", "_")
    return expected if expected in names else names[0] if names else ""


def _owner(git_settings: str) -> dict[str, str]:
    match = _REMOTE.search(git_settings)
    return {"github_owner": match["owner"]} if match else {}


def _port(tree: Tree) -> int | None:
    """The port that the last stage of a Dockerfile exposes."""
    for path in tree.paths:
        if path.rpartition("/")[2] == "Dockerfile":
            try:
                ports = _EXPOSE.findall(tree.read(path))
            except Unreadable:
                continue
            if ports:
                return int(ports[-1])
    return None


def _versions(requires: str) -> tuple[str, ...]:
    match = _AT_LEAST.search(requires)
    return tuple(version for version in _VERSIONS if int(version[2:]) >= int(match[1])) if match else ()
