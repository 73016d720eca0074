"""What a Makefile's target runs, for Makefiles of the usual plain kind. Make itself is never called."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from infraguard.collectors.repository.suites.make_text import Conditions, expanded
from infraguard.readers.patterns import pattern

NAMES = ("GNUmakefile", "makefile", "Makefile")
_ASSIGNMENT = pattern(r"(?:(?:export|override)\s+)*([A-Za-z_.][\w.-]*)\s*(\?=|:{0,3}=|\+=)\s*(.*)\Z")
_RULE = pattern(r"([^\s:=#][^:=#]*?)\s*::?(?!=)\s*([^=]*)\Z")
_DEFINE = pattern(r"(?:export\s+|override\s+)*define\s+([A-Za-z_][\w.-]*)\s*(?:\?=|:{0,3}=)?\s*\Z")
_INCLUDE = pattern(r"(?:-|s)?include\s+(.*)")
#: Files that are read for one Makefile.
_MAX_FILES = 50
#: Longer lines are data.
_MAX_LENGTH = 10_000


class Recipe(Struct, frozen=True):
    """One line of a target's recipe, or all of it with `.ONESHELL`.

    A failure of it is ignored where the Makefile puts `-` before it.
    """

    text: str
    line: int
    ignored: bool
    file: str = ""


class Makefile(Struct, frozen=True):
    """Targets with what they need and what they run.

    `included` says that files which are not known add to it, `pipefail` that its shell minds every command of a pipe,
    `stops` that it ends with the first command that fails. `patterns` are recipes of targets with a `%`, which are
    expanded for the target that is asked for.
    """

    needs: dict[str, tuple[str, ...]]
    recipes: dict[str, tuple[Recipe, ...]]
    included: bool
    pipefail: bool = False
    stops: bool = False
    asked_for: str = ""
    patterns: dict[str, tuple[Recipe, ...]] = {}
    variables: dict[str, str] = {}

    @property
    def goals(self) -> tuple[str, ...]:
        """What make runs when no target is named: `.DEFAULT_GOAL`, else the first that is no rule for make itself."""
        plain = (name for name in self.needs if "%" not in name and (name[0] != "." or "/" in name))
        return tuple(self.asked_for.split()) or tuple(plain)[:1]

    def lines_of(self, target: str) -> list[Recipe] | None:
        """The recipe of a target after those of the targets it needs; None when the file has no such target."""
        if target not in self.needs and not self._pattern_of(target):
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
                waiting.extend((needed, False) for needed in reversed(self._needs_of(name)))
        return [recipe for name in ordered for recipe in self._recipes_of(name)]

    def _pattern_of(self, target: str) -> str:
        """The pattern rule for a target that has no rule of its own: the longest; empty without one."""
        fitting = [each for each in self.patterns if target not in self.needs and _stem(each, target)]
        return max(fitting, key=len, default="")

    def _needs_of(self, target: str) -> tuple[str, ...]:
        found = self._pattern_of(target)
        stem = _stem(found, target)
        return tuple(each.replace("%", stem) for each in self.needs.get(found or target, ()))

    def _recipes_of(self, target: str) -> list[Recipe]:
        found = self._pattern_of(target)
        if not found:
            return list(self.recipes.get(target, ()))
        variables = {**self.variables, "@": target, "*": _stem(found, target)}
        return [
            recipe for each in self.patterns[found] for recipe in _recipe(each.text, each.line, variables, each.file)
        ]


def _stem(rule: str, target: str) -> str:
    """What `%` of a pattern rule stands for in a target; empty when it does not fit."""
    before, sign, after = rule.partition("%")
    fits = bool(sign) and target.startswith(before) and target.endswith(after) and len(target) > len(before + after)
    return target[len(before) : len(target) - len(after)] if fits else ""


#: Gives the files that a word of `include` stands for, with their texts, or None where that cannot be told.
Includes = Callable[[str], Sequence[tuple[str, str]] | None]


def _nothing(_: str) -> None:
    return None


def read_makefile(
    text: str,
    overrides: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    includes: Includes = _nothing,
    file: str = "",
) -> Makefile:
    """The rules of a Makefile and of those that it includes, with variables filled in.

    `overrides` of the command line win over the file's own, and these over the `environment`.
    """
    reading = _Reading(dict(overrides or {}), environment or {}, includes)
    reading.text(file, text)
    return reading.makefile()


class _Reading:
    """A Makefile of which some lines have been read."""

    def __init__(self, overrides: dict[str, str], environment: Mapping[str, str], includes: Includes) -> None:
        self._overrides = overrides
        self._includes = includes
        self._files: list[str] = []
        self._left = _MAX_FILES
        self._variables = {"MAKE": "make", **environment, **overrides}
        self._needs: dict[str, tuple[str, ...]] = {}
        self._recipes: dict[str, list[Recipe]] = {}
        self._patterns: dict[str, list[Recipe]] = {}
        self._targets: list[str] = []
        self._included = False
        self._conditions = Conditions()
        self._defined: tuple[str, list[str]] | None = None

    def text(self, file: str, text: str) -> None:
        """Reads a file; what it includes is read in its place."""
        self._left -= 1
        self._files.append(file)
        for number, line in _logical_lines(text):
            if len(line) <= _MAX_LENGTH:
                self.line(number, line)
        self._files.pop()

    def makefile(self) -> Makefile:
        flags = self._variables.get(".SHELLFLAGS", "")
        whole = ".ONESHELL" in self._needs
        return Makefile(
            self._needs,
            {target: (_whole(found),) if whole else tuple(found) for target, found in self._recipes.items()},
            self._included,
            pipefail="pipefail" in f"{self._variables.get('SHELL', '')} {flags}",
            stops=bool(re.search(r"(?:\s|\A)-\w*e|errexit", flags)),
            asked_for=expanded(self._variables.get(".DEFAULT_GOAL", ""), self._variables),
            patterns={target: tuple(found) for target, found in self._patterns.items()},
            variables=self._variables,
        )

    def line(self, number: int, line: str) -> None:
        if self._defined is not None:
            self._definition(line)
        elif self._conditions.takes(line, self._variables, complete=not self._included) or not self._conditions.reading:
            return
        elif line.startswith("\t") and self._targets:
            for target in self._targets:
                self._recipe_of(target, line, number)
        else:
            self._statement(line.strip())

    def _recipe_of(self, target: str, line: str, number: int) -> None:
        if "%" in target:
            self._patterns.setdefault(target, []).append(Recipe(line, number, ignored=False, file=self._files[-1]))
            return
        found = _recipe(line, number, {**self._variables, "@": target}, self._files[-1])
        self._recipes.setdefault(target, []).extend(found)

    def _definition(self, line: str) -> None:
        """A line of what `define` names, up to its `endef`."""
        name, lines = self._defined or ("", [])
        if line.strip() != "endef":
            lines.append(line.strip())
            return
        self._defined = None
        self._variables.setdefault(name, "\n".join(lines))

    def _statement(self, line: str) -> None:
        if definition := _DEFINE.match(line):
            self._defined, self._targets = (definition[1], []), []
        elif assignment := _ASSIGNMENT.match(line):
            self._targets = []
            if assignment[1] not in self._overrides:
                _assign(self._variables, *assignment.groups())
        elif rule := _RULE.match(expanded(line.partition("#")[0].strip().partition(";")[0], self._variables)):
            self._targets = rule[1].split()
            for target in self._targets:
                self._needs[target] = (*self._needs.get(target, ()), *rule[2].replace("|", " ").split())
        elif inclusion := _INCLUDE.match(line):
            self._targets = []
            self._include(expanded(inclusion[1].partition("#")[0], self._variables).split())

    def _include(self, words: list[str]) -> None:
        for word in words:
            found = None if "$" in word or self._left <= 0 else self._includes(word)
            if found is None:
                self._included = True
            for file, text in found or ():
                if file not in self._files and self._left > 0:
                    self.text(file, text)


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
    elif ":" in operator and re.search(rf"\$[({{]{re.escape(name)}[)}}]", value):
        value = expanded(value, variables).replace("$", "$$")  # of its own value before
    if operator != "?=" or name not in variables:
        variables[name] = value


def _recipe(line: str, number: int, variables: Mapping[str, str], file: str) -> list[Recipe]:
    """The commands of a recipe's line: more than one where it names several by `define`."""
    found: list[Recipe] = []
    before = ""
    for text in expanded(line.strip(), variables).split("\n"):
        prefix = text[: len(text) - len(text.lstrip("@-+ "))]
        before = before or prefix
        found.append(Recipe(text[len(prefix) :], number, "-" in before + prefix, file))
    return found


def _whole(lines: Sequence[Recipe]) -> Recipe:
    """The lines of a recipe as one script; what stands before the first holds for all."""
    first = lines[0]
    return Recipe("\n".join(line.text for line in lines), first.line, first.ignored, first.file)
