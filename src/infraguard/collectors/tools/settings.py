"""What a repository keeps for a tool: its settings, as far as they are data, and what they switch off, in words.

A tool is run as its owners run it, so that what they decided against does not come up again; and what they decided
against is said, so that nobody takes silence for a clean result. Settings that can name code to load, places to write
to or addresses to send to are not handed over: of those only the rules that they name are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from infraguard.model.errors import SyntaxProblem
from infraguard.model.listing import first_of
from infraguard.readers.ini import read_ini
from infraguard.readers.patterns import pattern
from infraguard.readers.toml import read_toml
from infraguard.readers.tree import Tree, Unreadable, text_or_empty
from infraguard.readers.yaml import read_document

#: How each tool is told in a file to be silent at one place.
_MARKS: Final[dict[str, tuple[str, re.Pattern[str]]]] = {
    "bandit": ("# nosec", pattern(r"#\s*nosec\b")),
    "checkov": ("checkov:skip", pattern(r"(?:checkov|bridgecrew):skip=")),
    "hadolint": ("hadolint ignore", pattern(r"#\s*hadolint\s+(?:global\s+)?ignore=")),
    "squawk": ("squawk-ignore", pattern(r"(?:--|/\*)\s*squawk-ignore")),
    "zizmor": ("zizmor: ignore", pattern(r"#\s*zizmor:\s*ignore")),
}
#: Names that are listed of what a setting leaves out.
_MAX_NAMES: Final = 8


class Settings(Struct, frozen=True):
    """What a tool is given of a repository's settings.

    `words` are arguments, `files` what is put beside the files that it reads, and `switched_off` says in words what it
    is not to tell, and where that stands.
    """

    words: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    switched_off: tuple[str, ...] = ()


def settings_of(tool: str, tree: Tree, given: Sequence[str]) -> Settings:
    """The settings of a repository for a tool that is given these files of it."""
    reader = _READERS.get(tool)
    found = reader(tree) if reader else Settings()
    return Settings(found.words, found.files, (*found.switched_off, *_marked(tool, tree, given)))


def _marked(tool: str, tree: Tree, given: Sequence[str]) -> Iterator[str]:
    """How many places are marked in the files themselves."""
    if tool in _MARKS:
        name, form = _MARKS[tool]
        counts = [(path, len(form.findall(text_or_empty(tree, path)))) for path in given]
        marked = [(path, count) for path, count in counts if count]
        if marked:
            total = sum(count for _, count in marked)
            places = "1 place is" if total == 1 else f"{total} places are"
            yield f"{places} marked `{name}`, in {_names(path for path, _ in marked)}"


def _bandit(tree: Tree) -> Settings:
    """`[tool.bandit]` of pyproject.toml, else Bandit's YAML; and `.bandit`, which may name files to write."""
    file, data = next(((file, data) for file, data in _of_bandit(tree) if data), ("", {}))
    words, said = (["--configfile", file] if file else []), _said(file, data, ("skips", "exclude_dirs"), ("tests",))
    options = _ini(tree, ".bandit").get("bandit", {})
    for key, option in (("skips", "--skip"), ("tests", "--tests"), ("exclude", "--exclude")):
        if options.get(key):
            words += [option, options[key]]
    listed = {key: value.split(",") for key, value in options.items()}
    said += _said(".bandit", listed, ("skips", "exclude"), ("tests",))
    return Settings(tuple(words), (file,) if file else (), tuple(said))


def _of_bandit(tree: Tree) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "pyproject.toml", _at(_toml(tree, "pyproject.toml"), "tool", "bandit")
    for file in ("bandit.yaml", "bandit.yml", ".bandit.yaml", ".bandit.yml"):
        yield file, _yaml(tree, file)


def _checkov(tree: Tree) -> Settings:
    """The checks that `.checkov.yaml` names; the rest of it may load code, and send results elsewhere."""
    for file in (".checkov.yaml", ".checkov.yml"):
        data = _yaml(tree, file)
        chosen = [(f"--{key}", ",".join(_texts(data.get(key)))) for key in ("check", "skip-check")]
        words = [word for option, names in chosen if names for word in (option, names)]
        if words:
            return Settings(tuple(words), (), tuple(_said(file, data, ("skip-check",), ("check",))))
    return Settings()


def _hadolint(tree: Tree) -> Settings:
    file, data = _first(tree, (".hadolint.yaml", ".hadolint.yml"))
    lowered = [name for names in _at(data, "override").values() for name in _texts(names)]
    said = _said(file, {**data, "override": lowered}, ("ignored", "override"))
    return Settings((), (file,) if file else (), tuple(said))


def _squawk(tree: Tree) -> Settings:
    file = ".squawk.toml"
    data = _toml(tree, file)
    said = _said(file, data, ("excluded_rules", "excluded_paths"))
    return Settings((), (file,) if file in tree else (), tuple(said))


def _zizmor(tree: Tree) -> Settings:
    names = (*(".github/zizmor.yml", ".github/zizmor.yaml"), *("zizmor.yml", "zizmor.yaml"))
    file, data = _first(tree, names)
    rules = _at(data, "rules")
    off = [name for name, rule in rules.items() if isinstance(rule, dict) and rule.get("disable") is True]
    places = [each for rule in rules.values() if isinstance(rule, dict) for each in _texts(rule.get("ignore"))]
    said = _said(file, {"off": off, "places": places}, ("off", "places"))
    return Settings((), (file,) if file else (), tuple(said))


_READERS: Final[dict[str, Callable[[Tree], Settings]]] = {
    "bandit": _bandit,
    "checkov": _checkov,
    "hadolint": _hadolint,
    "squawk": _squawk,
    "zizmor": _zizmor,
}


def _said(file: str, data: Mapping[str, Any], out: Sequence[str], only: Sequence[str] = ()) -> list[str]:
    """What settings under some keys leave out, and what is all that is looked for, each in a sentence."""
    left = [text for key in out for text in _texts(data.get(key))]
    alone = [text for key in only for text in _texts(data.get(key))]
    said = [f"{file} leaves out {_names(left)}"] if left else []
    return [*said, f"{file} asks for {_names(alone)} alone"] if alone else said


def _names(names: Iterable[str]) -> str:
    return first_of(list(dict.fromkeys(name.strip() for name in names)), _MAX_NAMES)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if value.strip() else []
    return [str(item) for item in value if str(item).strip()] if isinstance(value, list) else []


def _at(data: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    for key in keys:
        value = data.get(key)
        data = value if isinstance(value, dict) else {}
    return data


def _first(tree: Tree, names: Sequence[str]) -> tuple[str, Mapping[str, Any]]:
    """The first of the files that is there, and what is in it."""
    file = next((name for name in names if name in tree), "")
    return file, _yaml(tree, file) if file else {}


def _yaml(tree: Tree, file: str) -> Mapping[str, Any]:
    """What a file holds; nothing where it cannot be read, which the tool itself says that is given it."""
    try:
        data = read_document(tree.read(file), file).data if file in tree else {}
    except (SyntaxProblem, Unreadable):
        return {}
    return data if isinstance(data, dict) else {}


def _toml(tree: Tree, file: str) -> Mapping[str, Any]:
    try:
        return read_toml(tree.read(file), file).data if file in tree else {}
    except (SyntaxProblem, Unreadable):
        return {}


def _ini(tree: Tree, file: str) -> Mapping[str, Mapping[str, str]]:
    try:
        return read_ini(tree.read(file), file).sections if file in tree else {}
    except (SyntaxProblem, Unreadable):
        return {}
