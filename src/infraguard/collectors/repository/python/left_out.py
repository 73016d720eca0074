"""What a tool's own settings, and the options it is given, keep it from looking at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, Final, NamedTuple

from infraguard.collectors.repository.suites.recipes import joined, upwards
from infraguard.model.errors import SyntaxProblem
from infraguard.readers.ini import read_ini
from infraguard.readers.patterns import pattern
from infraguard.readers.toml import read_toml
from infraguard.readers.tree import Tree, Unreadable
from infraguard.readers.yaml import read_document


class _Tool(NamedTuple):
    """The files that a tool reads, in its order, the sections of them, and the settings that leave something out.

    A `glob` and a `name` are those of a file or of a folder around it, a `regex` is searched in its path.
    """

    files: tuple[str, ...]
    sections: tuple[str, ...]
    settings: Mapping[str, str]
    config: tuple[str, ...] = ("--config",)
    #: Whether it looks for its files in the folders around, too.
    climbs: bool = True
    #: The table of a pyproject.toml, where it is not the name of the tool.
    table: str = ""


_RUFF: Final = _Tool(
    (".ruff.toml", "ruff.toml", "pyproject.toml"), (), {"exclude": "glob", "extend-exclude": "glob"}, table="ruff"
)
_TOOLS: Final = {
    "mypy": _Tool(
        ("mypy.ini", ".mypy.ini", "pyproject.toml", "setup.cfg"),
        ("mypy",),
        {"exclude": "regex"},
        ("--config-file",),
        climbs=False,
    ),
    "ruff": _RUFF,
    "ruff-format": _RUFF,
    "black": _Tool(("pyproject.toml",), (), {"exclude": "regex", "extend-exclude": "regex", "force-exclude": "regex"}),
    "isort": _Tool(
        (".isort.cfg", "pyproject.toml", "setup.cfg", "tox.ini"),
        ("settings", "isort", "tool:isort"),
        {"skip": "name", "extend_skip": "name", "skip_glob": "glob", "extend_skip_glob": "glob"},
        ("--settings-path", "--settings-file", "--sp"),
    ),
    "pylint": _Tool(
        ("pylintrc", ".pylintrc", "pyproject.toml", "setup.cfg"),
        ("MASTER", "MAIN", "main", "pylint", "pylint.MASTER", "pylint.main"),
        {"ignore": "name", "ignore-paths": "regex"},
        ("--rcfile",),
        climbs=False,
    ),
}
_BANDIT: Final = _Tool((), ("bandit",), {})
#: Settings that name files and folders, where the tool is not told which to look at.
_CHOSEN: Final = {"mypy": "files"}
#: Regular expressions that cannot take long on a path: no repetition of a group, and few of anything.
_PLAIN: Final = pattern(r"[\w/.\\^$|():?\-\s#*+<>!=\[\]]{1,1000}\Z")
_REPEATED: Final = pattern(r"\)[*+{]")
_MAX_REPEATS: Final = 3


class LeftOut(NamedTuple):
    """What is left out: how a text is matched, the text, the folder whose settings say it, and their file.

    `seen_from` is what stands before a path of the folder as the tool calls it, where that is what is matched.
    """

    how: str
    text: str
    folder: str
    said_by: str
    seen_from: str = ""

    def holds(self, path: str) -> bool | None:
        """Whether a file is left out; None where the text is an expression that is not worked out."""
        if self.folder != "." and not path.startswith(f"{self.folder}/"):
            return False
        inside = path if self.folder == "." else path[len(self.folder) + 1 :]
        if self.how == "called":
            called = f"{self.seen_from}{inside}"
            return self.text in called or fnmatchcase(called, self.text)
        places = [*_around(inside), inside]
        if self.how == "regex":
            return _searched(self.text, inside)
        text = re.sub(r"(?:/\*{1,2})+\Z", "", self.text.removeprefix("./").rstrip("/"))
        names = [*places, *(place.rpartition("/")[2] for place in places)]
        if self.how == "name":
            return text in names
        return any(fnmatchcase(name, wanted) for name in names for wanted in {text, text.removeprefix("**/")})


def left_out(tree: Tree, tool: str, folder: str, words: Sequence[str], part: str) -> list[LeftOut]:
    """What a run of a tool in a folder does not look at of a part, by its settings and its options."""
    if tool == "bandit":
        return _left_out_of_bandit(tree, folder, words)
    known = _TOOLS.get(tool)
    if known is None:
        return []
    found = [
        LeftOut(how, text, folder, name)
        for name, how in ((f"--{key.replace('_', '-')}", how) for key, how in known.settings.items())
        for value in _options(words, name)
        for text in _listed(value, how)
    ]
    start = part if known is _RUFF else folder
    path, settings = _settings(tree, tool, known, start, words)
    for key, how in known.settings.items():
        value = settings.get(key, settings.get(key.replace("-", "_")))
        found += [LeftOut(how, text, path.rpartition("/")[0] or ".", path) for text in _listed(value, how)]
    return [each for each in found if each.text]


def _left_out_of_bandit(tree: Tree, folder: str, words: Sequence[str]) -> list[LeftOut]:
    """What Bandit leaves out: it looks for the texts in the paths as it calls them, which begin as its targets do.

    Its options win over a `.bandit` beside it, and folders among them are completed to what is in them; `exclude_dirs`
    of a file that `-c` names comes on top, and of none else. Source: bandit/core/manager.py, bandit/cli/main.py.
    """
    seen_from = "./" if {".", "./"}.intersection(words) else ""
    given = [(value, "-x") for name in ("-x", "--exclude") for value in _options(words, name)]
    beside = joined(folder, ".bandit")
    if not given and beside in tree:
        given = [(str((_read(tree, beside, "bandit", _BANDIT) or {}).get("exclude", "")), beside)]
    found = [
        LeftOut("called", _completed(tree, folder, text), folder, said_by, seen_from)
        for value, said_by in given
        for text in _listed(value, "glob")
    ]
    for name in (value for option in ("-c", "--configfile") for value in _options(words, option)):
        path = joined(folder, name)
        settings = _read(tree, path, "bandit", _BANDIT) if path in tree else None
        listed = _listed((settings or {}).get("exclude_dirs"), "glob")
        found += [LeftOut("called", text, folder, path, seen_from) for text in listed]
    return [each for each in found if each.text]


def _completed(tree: Tree, folder: str, text: str) -> str:
    """A path that Bandit is told to leave out, with a star behind it where it is a folder."""
    around = f"{joined(folder, text)}/"
    return f"{text.rstrip('/')}/*" if any(path.startswith(around) for path in tree.paths) else text


def chosen(tree: Tree, tool: str, folder: str, words: Sequence[str]) -> list[str]:
    """The files and folders that the settings of a tool choose for a run that names none."""
    key = _CHOSEN.get(tool)
    if key is None or not {"-p", "-m", "--package", "--module"}.isdisjoint(words):
        return []
    path, settings = _settings(tree, tool, _TOOLS[tool], folder, words)
    around = path.rpartition("/")[0] or "."
    return [joined(around, text.partition("*")[0].rstrip("/") or ".") for text in _listed(settings.get(key), "glob")]


def _settings(tree: Tree, tool: str, known: _Tool, folder: str, words: Sequence[str]) -> tuple[str, Mapping[str, Any]]:
    """The file that a tool takes its settings from, and these; none of what cannot be read."""
    named = next((value for option in known.config for value in _options(words, option)), "")
    folders = upwards(folder) if known.climbs and not named else [folder]
    for inside in folders:
        for name in (named,) if named else known.files:
            path = joined(inside, name)
            if path in tree and (settings := _read(tree, path, known.table or tool, known)) is not None:
                return path, settings
    return "", {}


def _read(tree: Tree, path: str, tool: str, known: _Tool) -> Mapping[str, Any] | None:
    try:
        text = tree.read(path)
        if path.endswith(".toml"):
            return _table(read_toml(text, path).data, tool, whole=not path.endswith("pyproject.toml"))
        if path.endswith((".yaml", ".yml")):
            return _table(read_document(text, path).data or {}, tool, whole=True)
        sections = read_ini(text, path).sections
    except (SyntaxProblem, Unreadable):
        return {}
    return next((sections[name] for name in known.sections if name in sections), None)


def _table(data: Mapping[str, Any], tool: str, *, whole: bool) -> Mapping[str, Any] | None:
    """The table of a tool, with what stands one table deeper where the tool divides its settings."""
    holder = data if whole else data.get("tool", {})
    found = holder if whole else holder.get(tool) if isinstance(holder, dict) else None
    if not isinstance(found, dict):
        return None
    inner = {
        key: value
        for part in found.values()
        if tool == "pylint" and isinstance(part, dict)
        for key, value in part.items()
    }
    return {**inner, **found}


def _listed(value: Any, how: str) -> list[str]:
    """The texts of a setting: a list as it is, a text by its commas and lines unless it is an expression."""
    if isinstance(value, list):
        return [str(text) for text in value]
    if not isinstance(value, str):
        return []
    return [value] if how == "regex" else [text.strip() for text in re.split(r"[,\n]", value) if text.strip()]


def _options(words: Sequence[str], name: str) -> Iterator[str]:
    for index, word in enumerate(words):
        if word == name and index + 1 < len(words):
            yield words[index + 1]
        elif word.startswith(f"{name}="):
            yield word.partition("=")[2]


def _around(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]


def _searched(text: str, path: str) -> bool | None:
    """Whether an expression is found in a path, written with and without the slash that black puts before it."""
    if not _PLAIN.match(text) or _REPEATED.search(text) or len(re.findall(r"[*+]", text)) > _MAX_REPEATS:
        return None
    try:
        wanted = re.compile(text, re.VERBOSE if "\n" in text else 0)
    except (re.error, OverflowError, RecursionError):
        return None
    return any(wanted.search(place) for place in (path, f"/{path}"))
