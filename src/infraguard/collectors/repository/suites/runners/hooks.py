"""pre-commit and prek: the hooks of `.pre-commit-config.yaml` as the commands that they are."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any, NamedTuple

from infraguard.collectors.repository.suites.recipes import Followed, Hidden, Recipe, joined, upwards
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree
from infraguard.readers.yaml import read_document

NAMES = (".pre-commit-config.yaml", ".pre-commit-config.yml", "prek.yaml")
#: Hooks whose program is not what they are called. A hook that changes a file fails, so a formatter checks as well.
_COMMANDS = {
    "black": "black --check",
    "black-jupyter": "black --check",
    "isort": "isort --check-only",
    "ruff": "ruff check",
    "ruff-check": "ruff check",
    "ruff-format": "ruff format --check",
    "blacken-docs": "blacken-docs",
}
#: Languages whose `entry` is no program: an expression to look for, and a text to fail with.
_NO_PROGRAMS = ("pygrep", "fail")
#: How a pattern begins that is one folder's.
_BEGINS = pattern(r"\^([\w-]+(?:/[\w-]+)*)/")
_STAGES = frozenset({"pre-commit", "commit"})


def follow_hooks(tree: Tree, words: list[str], folder: str, variables: Mapping[str, Any]) -> Followed:
    """The hooks that `pre-commit run` runs: all of its stage, or the one that is named."""
    if "run" not in words[1:2]:
        return []
    path = config_path(tree, folder)
    if path is None:
        return Hidden("no settings of pre-commit were found")
    skipped = str(variables.get("SKIP", "")).split(",")
    only = [word for word in words[2:] if not word.startswith("-") and "/" not in word and word != "HEAD"]
    hooks = hooks_of(tree, path)
    named = {name for name, _ in hooks}.intersection(only)
    found = []
    for name, hook in hooks:
        if name not in skipped and (not named or name in named):
            found.append(Recipe(hook.text, f"{path}:{hook.line}", folder, stops=True, only=hook.only))
    return found


def config_path(tree: Tree, folder: str = ".") -> str | None:
    """The file that pre-commit reads in a folder or above it."""
    return next((p for inside in upwards(folder) for name in NAMES if (p := joined(inside, name)) in tree), None)


class Hook(NamedTuple):
    """A hook: its line, the command that it comes to, and the folder whose files alone it is given, if one."""

    line: int
    text: str
    only: str = ""


def hooks_of(tree: Tree, path: str) -> list[tuple[str, Hook]]:
    """The hooks with their ids, which several may share; those of other stages are left out."""
    document = read_document(tree.read(path), path)
    repos = document.data.get("repos") if isinstance(document.data, dict) else None
    default = document.data.get("default_stages") if isinstance(document.data, dict) else None
    found: list[tuple[str, Hook]] = []
    for number, repo in enumerate(repos if isinstance(repos, list) else []):
        hooks = repo.get("hooks") if isinstance(repo, dict) else None
        for index, hook in enumerate(hooks if isinstance(hooks, list) else []):
            if isinstance(hook, dict) and isinstance(hook.get("id"), str) and _is_of_stage(hook, default):
                place = document.at(f"repos.{number}.hooks.{index}")
                found.append((hook["id"], Hook(place.line if place else 1, _command(hook), _only(tree, hook))))
    return found


def runs_by_itself(tree: Tree, path: str) -> bool:
    """Whether the file has settings for pre-commit.ci, which runs the hooks outside of any workflow."""
    data = read_document(tree.read(path), path).data
    return isinstance(data, dict) and isinstance(data.get("ci"), dict)


def _is_of_stage(hook: dict[str, Any], default: Any) -> bool:
    stages = hook.get("stages", default)
    return not isinstance(stages, list) or not stages or not _STAGES.isdisjoint(map(str, stages))


def _only(tree: Tree, hook: dict[str, Any]) -> str:
    """The folder that `files` begins with; other patterns are taken for all files, and never run."""
    begins = _BEGINS.match(str(hook.get("files", "")))
    folder = begins[1] if begins else ""
    return folder if any(path.startswith(f"{folder}/") for path in tree.paths) else ""


def _command(hook: dict[str, Any]) -> str:
    identity = hook["id"]
    entry = hook.get("entry")
    is_program = isinstance(entry, str) and hook.get("language") not in _NO_PROGRAMS
    program = str(entry) if is_program else _COMMANDS.get(identity, identity)
    arguments = hook.get("args")
    return " ".join((program, *(shlex.quote(str(word)) for word in (arguments if isinstance(arguments, list) else []))))
