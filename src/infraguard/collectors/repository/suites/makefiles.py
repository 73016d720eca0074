"""What a Makefile's target runs, for Makefiles of the usual plain kind. Make itself is never called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from infraguard.readers.patterns import pattern

NAMES = ("GNUmakefile", "makefile", "Makefile")
_ASSIGNMENT = pattern(r"(?:export\s+)?([A-Za-z_][\w.-]*)\s*(\?=|:{0,3}=|\+=)\s*(.*)\Z")
_RULE = pattern(r"([^\s:=#][^:=#]*?)\s*::?(?!=)\s*([^=]*)\Z")
_REFERENCE = pattern(r"(?<!\$)\$(?:\(([\w.-]+)\)|\{([\w.-]+)\})")
#: Short options of make that take a value, and the long names of those that matter here.
_VALUED = frozenset("CfIoW")
_LONG = {
    "--directory": "C",
    "--file": "f",
    "--makefile": "f",
    "--just-print": "n",
    "--dry-run": "n",
    "--recon": "n",
    "--question": "q",
    "--touch": "t",
    "--ignore-errors": "i",
}
#: References inside references, and how long they may make a line: variables that name each other stop here.
_MAX_ROUNDS = 10
_MAX_LENGTH = 10_000


class Recipe(Struct, frozen=True):
    """One line of a target's recipe; a failure of it is ignored where the Makefile puts `-` before it."""

    text: str
    line: int
    ignored: bool


class Makefile(Struct, frozen=True):
    """Targets with what they need and what they run. `included` says that other files add to it."""

    needs: dict[str, tuple[str, ...]]
    recipes: dict[str, tuple[Recipe, ...]]
    included: bool

    def lines_of(self, target: str) -> list[Recipe] | None:
        """The recipe of a target after those of the targets it needs; None when the file has no such target."""
        if target not in self.needs:
            return None
        ordered: list[str] = []
        entered: set[str] = set()
        waiting = [(target, False)]
        while waiting:
            name, is_done = waiting.pop()
            if is_done:
                ordered.append(name)
            elif name not in entered:
                entered.add(name)
                waiting.append((name, True))
                waiting.extend((needed, False) for needed in reversed(self.needs.get(name, ())))
        return [recipe for name in ordered for recipe in self.recipes.get(name, ())]


class Arguments(Struct, frozen=True):
    """What a command line of make asks for: where, which targets, with which variables in place of the file's own.

    `only_shows` says that nothing is run (`-n` and its like), `ignores_errors` that failures do not count (`-i`).
    """

    folder: str = "."
    file: str = ""
    targets: tuple[str, ...] = ()
    variables: dict[str, str] = {}
    only_shows: bool = False
    ignores_errors: bool = False


def make_arguments(words: Sequence[str]) -> Arguments:
    """What the words after `make` ask for."""
    given: dict[str, str] = {}
    flags: set[str] = set()
    targets: list[str] = []
    variables: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        name, has_value, value = word.partition("=")
        if word.startswith("--"):
            short = _LONG.get(name, "")
            flags.add(short)
            if short in _VALUED:
                given[short] = value if has_value else next(rest, "")
        elif word.startswith("-"):
            letters = word[1:]
            taking = next((index for index, letter in enumerate(letters) if letter in _VALUED), len(letters))
            flags.update(letters[:taking])
            if taking < len(letters):
                given[letters[taking]] = letters[taking + 1 :] or next(rest, "")
        elif has_value:
            variables[name.rstrip(":?+")] = value
        else:
            targets.append(word)
    return Arguments(
        folder=given.get("C", "."),
        file=given.get("f", ""),
        targets=tuple(targets),
        variables=variables,
        only_shows=not flags.isdisjoint("nqt"),
        ignores_errors="i" in flags,
    )


def read_makefile(text: str, overrides: Mapping[str, str] | None = None) -> Makefile:
    """The rules of a Makefile, with variables filled in: `overrides` of the command line win over the file's own."""
    variables: dict[str, str] = {"MAKE": "make", **(overrides or {})}
    needs: dict[str, tuple[str, ...]] = {}
    recipes: dict[str, list[Recipe]] = {}
    targets: list[str] = []
    included = False
    for number, line in _logical_lines(text):
        if len(line) > _MAX_LENGTH:
            continue
        if line.startswith("\t"):
            for target in targets:
                recipes.setdefault(target, []).append(_recipe(line, number, variables))
        elif assignment := _ASSIGNMENT.match(line.strip()):
            if assignment[1] not in (overrides or {}):
                _assign(variables, *assignment.groups())
        elif rule := _RULE.match(_filled(line.partition("#")[0].strip().partition(";")[0], variables)):
            targets = rule[1].split()
            for target in targets:
                needs[target] = (*needs.get(target, ()), *rule[2].replace("|", " ").split())
        elif re.match(r"-?s?include\s", line):
            included = True
    return Makefile(needs, {target: tuple(found) for target, found in recipes.items()}, included)


def _logical_lines(text: str) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    start, parts = 0, list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        start = start or number
        parts.append(line.removesuffix("\\"))
        if not line.endswith("\\"):
            found.append((start, " ".join(parts)))
            start, parts = 0, []
    return found


def _assign(variables: dict[str, str], name: str, operator: str, value: str) -> None:
    if operator == "+=":
        value = f"{variables.get(name, '')} {value}".strip()
    if operator != "?=" or name not in variables:
        variables[name] = value


def _recipe(line: str, number: int, variables: dict[str, str]) -> Recipe:
    text = _filled(line.strip(), variables)
    prefix = text[: len(text) - len(text.lstrip("@-+ "))]
    return Recipe(text[len(prefix) :], number, "-" in prefix)


def _filled(text: str, variables: dict[str, str]) -> str:
    """A text with the variables that the file sets; others keep their `$(NAME)`."""
    for _ in range(_MAX_ROUNDS):
        filled = _REFERENCE.sub(lambda match: variables.get(match[1] or match[2], match[0]), text)
        if filled == text or len(filled) > _MAX_LENGTH:
            break
        text = filled
    return text.replace("$$", "$")
