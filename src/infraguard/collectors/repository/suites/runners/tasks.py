"""Tasks that pyproject.toml and package.json give names to: taskipy, poe, pdm, hatch, npm and its like."""

from __future__ import annotations

import shlex
from typing import Any

import msgspec

from infraguard.collectors.repository.suites.programs import name_of
from infraguard.collectors.repository.suites.recipes import Followed, Hidden, Recipe, joined, upwards
from infraguard.model.errors import SyntaxProblem
from infraguard.readers.toml import read_toml
from infraguard.readers.tree import Tree

#: By program: where the tasks stand in pyproject.toml.
_TABLES = {"task": "taskipy.tasks", "poe": "poe.tasks", "pdm": "pdm.scripts", "rye": "rye.scripts"}
_MAX_DEPTH = 5
#: What npm and its like do themselves, without a script of that name.
_OWN = frozenset(
    {"ci", "install", "i", "add", "audit", "publish", "login", "cache", "config", "dlx", "exec", "version"}
)


def follow_task(tree: Tree, words: list[str], folder: str) -> Followed:
    """A task of pyproject.toml that a command names."""
    program = name_of(words)
    arguments = [word for word in words[1:] if not word.startswith("-")]
    if arguments[:1] == ["run"] and program in ("pdm", "rye"):
        arguments = arguments[1:]
    if not arguments:
        return None
    path = next((path for inside in upwards(folder) if (path := joined(inside, "pyproject.toml")) in tree), None)
    tasks = _table(tree, path, _TABLES[program]) if path else {}
    if path and arguments[0] in tasks:
        lines = _lines(tasks, arguments[0], _MAX_DEPTH)
        return (
            Hidden(f"the task {arguments[0]!r} of {path} runs Python")
            if lines is None
            else _recipes(lines, path, folder)
        )
    return Hidden(f"no task {arguments[0]!r} was found") if program in ("poe", "task") else None


def follow_hatch(tree: Tree, words: list[str], folder: str) -> Followed:
    """A script of an environment of hatch: `hatch run lint:style`; `hatch test` and `hatch fmt` are its own."""
    arguments = [word for word in words[1:] if not word.startswith("-")]
    if arguments[:1] == ["test"]:
        covered = any(word in words for word in ("--cover", "-c"))
        return [Recipe("coverage run -m pytest" if covered else "pytest", "hatch test", folder, stops=True)]
    if arguments[:1] == ["fmt"]:
        only = "--check" in words
        return [
            Recipe("ruff check\nruff format --check" if only else "ruff check --fix\nruff format", "hatch fmt", folder)
        ]
    if arguments[:1] != ["run"] or len(arguments) < 2:
        return None
    environment, _, script = arguments[1].rpartition(":")
    path = joined(folder, "pyproject.toml")
    environments = _table(tree, path, "hatch.envs") if path in tree else {}
    wanted = environment.rpartition(".")[2] or "default"
    scripts = {**_scripts(environments, "default"), **_scripts(environments, wanted)}
    if script not in scripts:
        return None
    lines = _lines(scripts, script, _MAX_DEPTH)
    return _recipes(lines or [], path, folder)


def _scripts(environments: dict[str, Any], name: str) -> dict[str, Any]:
    environment = environments.get(name)
    scripts = environment.get("scripts") if isinstance(environment, dict) else None
    return scripts if isinstance(scripts, dict) else {}


def follow_npm(tree: Tree, words: list[str], folder: str) -> Followed:
    """A script of package.json: `npm run lint`, `npm test`, `yarn lint`."""
    arguments = [word for word in words[1:] if not word.startswith("-")]
    if arguments[:1] in (["run"], ["run-script"]):
        arguments = arguments[1:]
    if not arguments or arguments[0] in _OWN:
        return None
    path = joined(folder, "package.json")
    if path not in tree:
        return None
    try:
        data = msgspec.json.decode(tree.read_bytes(path))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SyntaxProblem(f"not JSON: {error}", file=path, line=1) from error
    scripts = data.get("scripts") if isinstance(data, dict) else None
    text = scripts.get(arguments[0]) if isinstance(scripts, dict) else None
    return [Recipe(text, path, folder, stops=True)] if isinstance(text, str) else None


def _table(tree: Tree, path: str, dotted: str) -> dict[str, Any]:
    value: Any = read_toml(tree.read(path), path).data.get("tool", {})
    for key in dotted.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _lines(tasks: dict[str, Any], name: str, depth: int) -> list[str] | None:
    """The command lines of a task and of those that it is made of; None for one that runs Python."""
    return _of_task(tasks, tasks[name], depth) if depth else []


def _of_task(tasks: dict[str, Any], task: Any, depth: int) -> list[str] | None:
    if isinstance(task, str):
        first = task.split(maxsplit=1)[0] if task.strip() else ""
        return _lines(tasks, first, depth - 1) if first in tasks and tasks[first] is not task else [task]
    if isinstance(task, list):
        parts = [_of_task(tasks, item, depth) for item in task]
        return None if None in parts else [line for part in parts for line in part or []]
    if not isinstance(task, dict):
        return []
    for key in ("cmd", "shell", "sequence", "composite", "all"):
        if key in task:
            value = task[key]
            is_words = key == "cmd" and isinstance(value, list)
            return [shlex.join(map(str, value))] if is_words else _of_task(tasks, value, depth)
    if isinstance(task.get("ref"), str):
        return _of_task(tasks, task["ref"], depth)
    return None


def _recipes(lines: list[str], path: str, folder: str) -> list[Recipe]:
    return [Recipe(line, path, folder, stops=True) for line in lines]
