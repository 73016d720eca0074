"""tox: the commands of the environments that it is asked for, from the first file of settings that tox takes."""

from __future__ import annotations

import itertools
import re
import shlex
from typing import Any

import msgspec
from msgspec import Struct

from infraguard.collectors.repository.suites.recipes import Followed, Hidden, Recipe, joined
from infraguard.readers.ini import read_ini
from infraguard.readers.patterns import pattern
from infraguard.readers.toml import read_toml
from infraguard.readers.tree import Tree

_MAX_ENVIRONMENTS = 200
_MAX_ROUNDS = 5
_BRACES = pattern(r"\{([^{}]*)\}")
_CONDITION = pattern(r"(?P<factors>!?[\w.]+(?:[-,!][\w.!-]*)*)\s*:\s+(?P<rest>.*)\Z")


class _Settings(Struct, frozen=True):
    """Sections of tox's file by environment, `testenv` being what all others start from."""

    path: str
    sections: dict[str, dict[str, Any]]
    listed: tuple[str, ...]
    labels: dict[str, tuple[str, ...]]


def follow_tox(tree: Tree, words: list[str], folder: str) -> Followed:
    """The commands of the environments that tox runs."""
    if words[1:2] and words[1] in ("devenv", "config", "list", "l", "c", "d", "depends", "quickrun", "exec"):
        return []
    settings = _settings(tree, folder)
    if settings is None:
        return Hidden("no settings of tox were found where it runs")
    asked, extra = _asked(words, settings)
    found: list[Recipe] = []
    for name in asked[:_MAX_ENVIRONMENTS]:
        if "$" not in name:
            found += _recipes(settings, name, extra, folder)
            continue
        meant = [_recipes(settings, each, extra, folder) for each in _that_may_be(name, settings)]
        why = f"tox -e {','.join(asked)} is decided when the workflow runs"
        if not meant:
            return Hidden(why)
        doubt = "" if all(other == meant[0] for other in meant) else why
        found += [msgspec.structs.replace(recipe, doubt=doubt) for recipes in meant for recipe in recipes]
    return [recipe for index, recipe in enumerate(found) if recipe not in found[:index]]


def _settings(tree: Tree, folder: str) -> _Settings | None:
    for name in ("tox.ini", "setup.cfg", "pyproject.toml", "tox.toml"):
        path = joined(folder, name)
        text = tree.read(path) if path in tree else ""
        if (name.startswith("tox.") and path in tree) or "tox" in text:
            found = _from_toml(text, path) if name.endswith(".toml") else _from_ini(text, path, name == "setup.cfg")
            if found:
                return found
    return None


def _from_ini(text: str, path: str, is_setup: bool) -> _Settings | None:
    sections: dict[str, dict[str, Any]] = {
        name: dict(options) for name, options in read_ini(text, path).sections.items()
    }
    top = sections.get("tox:tox" if is_setup else "tox")
    if top is None and not any(name.startswith("testenv") for name in sections):
        return None
    top = top or {}
    names = _expanded(str(top.get("env_list", top.get("envlist", ""))))
    labels = {}
    for line in str(top.get("labels", "")).splitlines():
        label, equals, envs = line.partition("=")
        if equals:
            labels[label.strip()] = tuple(_expanded(envs))
    return _Settings(path, sections, tuple(names), labels)


def _from_toml(text: str, path: str) -> _Settings | None:
    data = read_toml(text, path).data
    tool = data if path.endswith("tox.toml") else None
    if isinstance(data.get("tool"), dict):
        tool = data["tool"].get("tox")
    if not isinstance(tool, dict):
        return None
    if isinstance(tool.get("legacy_tox_ini"), str):
        return _from_ini(tool["legacy_tox_ini"], path, is_setup=False)
    sections = {"testenv": _of_table(tool.get("env_run_base"))}
    environments = tool.get("env")
    for name, table in environments.items() if isinstance(environments, dict) else ():
        sections[f"testenv:{name}"] = _of_table(table)
    listed = tool.get("env_list", [])
    names = [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
    labels = tool.get("labels", {})
    return _Settings(path, sections, tuple(names), {k: tuple(v) for k, v in labels.items() if isinstance(v, list)})


def _of_table(table: Any) -> dict[str, Any]:
    """An environment of the TOML form in the shape of the other: commands as lines."""
    if not isinstance(table, dict):
        return {}
    found: dict[str, Any] = {}
    for key in ("commands", "commands_pre"):
        commands = table.get(key)
        if isinstance(commands, list):
            lines = [_line(command) for command in commands if isinstance(command, list)]
            found[key] = "\n".join(lines)
    for key in ("change_dir", "ignore_outcome", "base"):
        if key in table:
            found[key] = str(table[key])
    return found


def _line(command: list[Any]) -> str:
    words: list[str] = []
    for word in command:
        if isinstance(word, str):
            words.append(word if word == "-" else shlex.quote(word))
        elif isinstance(word, dict) and isinstance(word.get("default"), list):
            words += [shlex.quote(str(item)) for item in word["default"]]
    return " ".join(words).replace("'{posargs}'", "{posargs}")


def _expanded(text: str) -> list[str]:
    """Names of a list with braces and ranges, as `py3{10-12}-django{4,5}`."""
    found: list[str] = []
    for item in re.split(r"[\s,]+(?![^{]*\})", text.strip()):
        parts = [
            piece.split(",") if index % 2 else [piece] for index, piece in enumerate(re.split(r"\{([^}]*)\}", item))
        ]
        ranged = [[name for piece in part for name in _range(piece.strip())] for part in parts]
        found += ["".join(names) for names in itertools.islice(itertools.product(*ranged), _MAX_ENVIRONMENTS)]
    return [name for name in dict.fromkeys(found) if name]


def _range(piece: str) -> list[str]:
    match = re.fullmatch(r"(\d+)-(\d+)", piece)
    if not match or int(match[2]) - int(match[1]) > _MAX_ENVIRONMENTS:
        return [piece]
    return [str(number) for number in range(int(match[1]), int(match[2]) + 1)]


def _asked(words: list[str], settings: _Settings) -> tuple[list[str], list[str]]:
    """The environments that a command line asks for, and what it hands on to their commands."""
    extra = words[words.index("--") + 1 :] if "--" in words else []
    rest = iter(words[1 : words.index("--")] if "--" in words else words[1:])
    names: list[str] = []
    for word in rest:
        option, equals, value = word.partition("=")
        if option == "-f":
            names += _with_factors(value if equals else next(rest, ""), settings)
            continue
        if option in ("-e", "-m", "--env"):
            value = value if equals else next(rest, "")
        elif word.startswith(("-e", "-m")) and not word.startswith("--"):
            option, value = word[:2], word[2:]
        else:
            continue
        names += (
            settings.labels.get(value, (value,))
            if option == "-m"
            else _expanded(value)
            if "$" not in value
            else [value]
        )
    if names == ["ALL"] or (not names and "-f" not in words):
        names = list(settings.listed) or ["py"]
    return names, extra


def _known(settings: _Settings) -> list[str]:
    """Every environment that the settings name."""
    titles = (title.removeprefix("testenv:") for title in settings.sections if title.startswith("testenv:"))
    return list(dict.fromkeys((*settings.listed, *(name for title in titles for name in _expanded(title)))))


def _that_may_be(name: str, settings: _Settings) -> list[str]:
    """The environments that a name with a variable in it may mean, one that the settings do not name among them.

    A variable alone may be several environments, and means none that could be told.
    """
    parts = re.split(r"\$(?:\{[^}]*\}|\w+)", name)
    if not any(parts):
        return []
    wanted = re.compile(r"[\w.]+".join(map(re.escape, parts)))
    fixed = {factor for factor in name.partition(_BY_FACTOR)[2].split("-") if "$" not in factor}
    if name.startswith(_BY_FACTOR):
        return [each for each in _known(settings) if fixed <= set(each.split("-"))]
    return [*(each for each in _known(settings) if wanted.fullmatch(each)), "any".join(parts)]


#: Before factors of which a variable is one.
_BY_FACTOR = "-f "


def _with_factors(text: str, settings: _Settings) -> list[str]:
    """The environments that have all the factors; what a variable gives narrows them when the workflow runs."""
    factors = {part for part in text.split("-") if part}
    fixed = {factor for factor in factors if "$" not in factor}
    found = [each for each in _known(settings) if fixed <= set(each.split("-"))]
    return found if fixed == factors else [f"{_BY_FACTOR}{text}"]


def _recipes(settings: _Settings, name: str, extra: list[str], folder: str) -> list[Recipe]:
    base, own = settings.sections.get("testenv", {}), settings.sections.get(f"testenv:{name}", {})
    if not own:  # an environment's section may be for several, as [testenv:{lint,format}]
        own = next((options for title, options in settings.sections.items() if _is_for(title, name)), {})
    inherited = settings.sections.get(str(own.get("base", "")).strip(), {})
    options = {**base, **inherited, **own}
    ignored = str(options.get("ignore_outcome", "")).lower() == "true"
    change = str(options.get("change_dir", options.get("changedir", "")))
    inside = joined(folder, _filled(change, settings, name, [])) if change else folder
    found: list[Recipe] = []
    for key in ("commands_pre", "commands"):
        for line in re.sub(r"\\\n\s*", " ", str(options.get(key, ""))).splitlines():
            text = _chosen(line.strip(), name)
            if text:
                filled = _filled(text, settings, name, extra)
                does_not_count = ignored or filled.startswith("- ")
                found += [
                    Recipe(command.strip().lstrip("-! "), settings.path, inside, stops=True, ignored=does_not_count)
                    for command in filled.splitlines()
                    if command.strip()
                ]
    return found


def _is_for(title: str, name: str) -> bool:
    return title.startswith("testenv:") and "{" in title and name in _expanded(title.removeprefix("testenv:"))


def _chosen(line: str, name: str) -> str:
    """The command of a line when its factors, if it has some, are those of the environment."""
    match = _CONDITION.match(line)
    if not match:
        return line
    factors = set(name.split("-"))
    for alternative in match["factors"].split(","):
        wanted = alternative.split("-")
        if all((part[1:] not in factors) if part.startswith("!") else part in factors for part in wanted):
            return match["rest"]
    return ""


def _filled(text: str, settings: _Settings, name: str, extra: list[str]) -> str:
    """A text with what tox fills in; what only a run can tell stays a variable."""

    def fill(match: re.Match[str]) -> str:
        inside = match[1]
        if inside.partition(":")[0] == "posargs":
            return shlex.join(extra) if extra else inside.partition(":")[2]
        if section := re.fullmatch(r"\[([^\]]+)\]([\w-]+)", inside):
            return str(settings.sections.get(section[1], {}).get(section[2], ""))
        known = {"envname": name, "env_name": name, "toxinidir": ".", "tox_root": ".", "envpython": "python", "/": "/"}
        return known.get(inside, f"${re.sub(r'[^A-Za-z0-9_]', '_', inside) or 'X'}")

    for _ in range(_MAX_ROUNDS):
        filled = _BRACES.sub(fill, text)
        if filled == text:
            break
        text = filled
    return text
