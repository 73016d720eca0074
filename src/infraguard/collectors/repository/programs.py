"""Which programs a command line leads to, through wrappers such as `uv run` and `python -m`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\+?=")
_PYTHON = re.compile(r"python[0-9.]*\Z|pypy[0-9.]*\Z|py\Z")
#: Programs that run the command behind them: the words between, and the options that take a value.
_WRAPPERS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "sudo": ((), ("-u", "-g", "-E")),
    "env": ((), ("-u",)),
    "time": ((), ()),
    "nice": ((), ("-n",)),
    "exec": ((), ()),
    "command": ((), ()),
    "xvfb-run": ((), ("-s", "-n")),
    "timeout": ((), ("-k", "-s")),
    "uv": (("run",), ("--with", "--extra", "--group", "--python", "-p", "--project", "--directory", "--package")),
    "uvx": ((), ("--from", "--with", "--python", "-p")),
    "pipx": (("run",), ("--spec", "--python")),
    "poetry": (("run",), ("-C", "--directory")),
    "pipenv": (("run",), ()),
    "pdm": (("run",), ("-p", "--project")),
    "rye": (("run",), ()),
    "hatch": (("run",), ("-e", "--env")),
    "coverage": (("run",), ("--source", "--rcfile", "--omit", "--include", "--data-file", "--context")),
    "docker": (("run",), ()),
}
_DURATION = re.compile(r"\d+(?:\.\d+)?[smhd]?\Z")


def invocations(words: Sequence[str]) -> list[list[str]]:
    """The command itself, and each command that it wraps, from the outside in, each without what is before it.

    `CI=1 uv run python -m pytest -q` gives `uv run ...`, `python -m pytest -q` and `pytest -q`.
    """
    current = _without_assignments(words)
    found: list[list[str]] = []
    while current:
        found.append(current)
        current = _without_assignments(_wrapped(name_of(current), current[1:]))
    return found


def name_of(words: Sequence[str]) -> str:
    """The name of the program that a command starts, without its folder."""
    return words[0].rpartition("/")[2]


def programs_of(words: Sequence[str]) -> list[str]:
    """The names of the programs that a command leads to."""
    return [name_of(invocation) for invocation in invocations(words)]


def variables_of(words: Sequence[str]) -> dict[str, str]:
    """The variables that are set for the command in front of it."""
    pairs = (word.partition("=") for word in takewhile(_ASSIGNMENT.match, words))
    return {name: value for name, _, value in pairs}


def _without_assignments(words: Sequence[str]) -> list[str]:
    index = len(list(takewhile(_ASSIGNMENT.match, words)))
    return list(words[index:])


def _wrapped(name: str, rest: list[str]) -> list[str]:
    """The command behind a wrapper; empty when it wraps none."""
    if _PYTHON.match(name):
        return rest[rest.index("-m") + 1 :] if "-m" in rest else []
    if name == "coverage" and rest[:1] == ["run"]:
        return rest[rest.index("-m") + 1 :] if "-m" in rest else []
    if name not in _WRAPPERS or name in ("coverage", "docker"):
        return []
    between, valued = _WRAPPERS[name]
    rest = _after_options(rest, valued)
    for word in between:
        if rest[:1] != [word]:
            return []
        rest = _after_options(rest[1:], valued)
    if name == "timeout" and rest and _DURATION.match(rest[0]):
        rest = rest[1:]
    return rest


def _after_options(words: list[str], valued: tuple[str, ...]) -> list[str]:
    index = 0
    while index < len(words) and words[index].startswith("-"):
        if words[index] == "--":
            return words[index + 1 :]
        index += 2 if words[index] in valued else 1
    return words[index:]
