"""Texts of a Makefile as make expands them: variables, functions, and conditions. No function is run."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from infraguard.readers.patterns import pattern

_FUNCTIONS = frozenset(
    {"abspath", "addprefix", "addsuffix", "and", "basename", "call", "dir", "error", "eval", "file", "filter"}
    | {"filter-out", "findstring", "firstword", "flavor", "foreach", "if", "info", "intcmp", "join", "lastword", "let"}
    | {"notdir", "or", "origin", "patsubst", "realpath", "shell", "sort", "strip", "subst", "suffix", "value"}
    | {"warning", "wildcard", "word", "wordlist", "words"}
)
#: Variables of one letter that are filled in: what `call` hands over, and what make says of a target.
_SHORT = frozenset("0123456789@*")
#: Functions that leave nothing in the text: they print, stop, or set variables.
_SILENT = frozenset({"error", "eval", "info", "warning"})
_CLOSING = {"(": ")", "{": "}"}
#: Where a program is, or which of two is there: the first is as good as any other.
_PROGRAM_PATH = pattern(
    r"(?:which|command\s+-v|type\s+-p)\s+(?P<name>[\w./-]+)\s*(?:(?:[12&]?>\s*\S+|2>&1)\s*)*"
    r"(?:&&\s*echo\s+[\"']?(?P<said>[\w./ -]+?)[\"']?\s*)?(?:\|\|\s*echo\s+[\"']?[\w./ -]+[\"']?\s*)?\Z"
)
_UNSET = pattern(r"\$\(([\w.-]+)\)|\$\{([\w.-]+)\}")
_COMPARED = pattern(r"""\((?P<left>[^,]*),(?P<right>.*)\)\s*\Z|(["'])(?P<first>.*?)\3\s*(["'])(?P<second>.*?)\5\s*\Z""")
#: References inside references, and how much is expanded of one text: variables that name each other stop here.
_MAX_DEPTH = 10
_MAX_EXPANSIONS = 2_000


def expanded(text: str, variables: Mapping[str, str]) -> str:
    """A text with what the file sets.

    A variable that it does not set keeps its `$(NAME)`. Of a function that cannot be told, `$(if)` is kept without its
    words, which the shell never sees.
    """
    return _Expansion().of(text, variables, 0)


class _Expansion:
    """One text being expanded, with what is left of its budget."""

    def __init__(self) -> None:
        self._left = _MAX_EXPANSIONS

    def of(self, text: str, variables: Mapping[str, str], depth: int) -> str:
        parts: list[str] = []
        position = 0
        while (dollar := text.find("$", position)) >= 0:
            parts.append(text[position:dollar])
            following = text[dollar + 1 : dollar + 2]
            end = _end_of_reference(text, dollar + 1) if following in _CLOSING else dollar + 2
            self._left -= 1
            if following == "$":
                parts.append("$")
            elif self._left < 0 or depth > _MAX_DEPTH or end < 0:
                end = dollar + 1
                parts.append("$")
            elif following in _CLOSING:
                parts.append(self._reference(text[dollar:end], variables, depth))
            else:
                parts.append(variables.get(following, text[dollar:end]) if following in _SHORT else text[dollar:end])
            position = end
        return "".join(parts) + text[position:]

    def _reference(self, reference: str, variables: Mapping[str, str], depth: int) -> str:
        inside = reference[2:-1]
        name, _, words = inside.partition(" ")
        if name in _FUNCTIONS and words:
            return self._function(name, words.lstrip(), variables, depth)
        value = variables.get(inside)
        return reference if value is None else self.of(value, variables, depth + 1)

    def _function(self, name: str, words: str, variables: Mapping[str, str], depth: int) -> str:
        if name in _SILENT:
            return ""
        arguments = _arguments(words)

        def argument(index: int) -> str:
            return self.of(arguments[index], variables, depth + 1).strip() if index < len(arguments) else ""

        if name == "strip":
            return argument(0)
        if name == "call" and (body := variables.get(arguments[0].strip())) is not None:
            given = {str(index): argument(index) for index in range(1, len(arguments))}
            return self.of(body, {**variables, **given}, depth + 1)
        if name == "subst" and "$" not in ("".join(map(argument, range(3)))):
            return argument(2).replace(argument(0), argument(1)) if argument(0) else argument(2) + argument(1)
        if name == "if" and "$" not in (condition := argument(0)):
            return argument(1 if condition else 2)
        if name == "shell" and (program := _PROGRAM_PATH.match(argument(0))):
            return program["said"] or program["name"]
        return f"$({name})"


def _end_of_reference(text: str, position: int) -> int:
    """The offset after a reference, whose opening bracket stands at the position; -1 without its end.

    Make counts brackets of the same kind alone, and knows no quotes.
    """
    opening, depth = text[position], 0
    for index in range(position, len(text)):
        if text[index] == opening:
            depth += 1
        elif text[index] == _CLOSING[opening]:
            depth -= 1
            if depth == 0:
                return index + 1
    return -1


def _arguments(words: str) -> list[str]:
    """The arguments of a function; commas inside brackets do not part them."""
    found, start, depth = list[str](), 0, 0
    for index, letter in enumerate(words):
        depth += (letter in "({") - (letter in ")}")
        if letter == "," and depth == 0:
            found.append(words[start:index])
            start = index + 1
    return [*found, words[start:]]


class Conditions:
    """Which lines of a Makefile its conditions let through; those of a condition that nobody can tell are read too."""

    def __init__(self) -> None:
        #: Of each open condition: whether this branch is read, and whether a branch before it surely was.
        self._open: list[tuple[bool, bool]] = []

    def takes(self, line: str, variables: Mapping[str, str], *, complete: bool) -> bool:
        """Whether the line belongs to a condition, whose branches are minded from here on."""
        keyword, _, rest = line.strip().partition(" ")
        if keyword in _TESTS or re.match(r"ifn?eq[(\"']", line.strip()):
            verdict = _verdict(line.strip(), variables, complete=complete)
            self._open.append((verdict is not False, verdict is True))
        elif keyword == "else" and self._open:
            was_taken = self._open[-1][1]
            verdict = _verdict(rest.strip(), variables, complete=complete) if rest.strip().startswith("if") else True
            self._open[-1] = (not was_taken and verdict is not False, was_taken or verdict is True)
        elif keyword == "endif" and self._open:
            self._open.pop()
        else:
            return False
        return True

    @property
    def reading(self) -> bool:
        """Whether the lines here are part of the file."""
        return all(is_read for is_read, _ in self._open)


def _verdict(condition: str, variables: Mapping[str, str], *, complete: bool) -> bool | None:
    """Whether a condition holds; None where that cannot be told. `complete` says that no other file sets variables."""
    keyword, _, rest = re.sub(r"\A(ifn?eq)(?=[(\"'])", r"\1 ", condition.partition("#")[0]).partition(" ")
    test = _TESTS.get(keyword)
    if test is None:
        return None
    if keyword in ("ifdef", "ifndef"):
        name = rest.strip()
        left, right = ("set" if variables.get(name) else "" if complete or name in variables else "$"), ""
    else:
        match = _COMPARED.match(rest.strip())
        if match is None:
            return None
        sides = (match["left"], match["right"]) if match["left"] is not None else (match["first"], match["second"])
        left, right = (_settled(side, variables, complete=complete) for side in sides)
    return None if "$" in left + right else test(left, right)


def _settled(text: str, variables: Mapping[str, str], *, complete: bool) -> str:
    """A side of a comparison; what is set nowhere is empty, as make has it."""
    text = expanded(text.strip(), variables)
    return (
        _UNSET.sub(lambda match: match[0] if (match[1] or match[2]) in _FUNCTIONS else "", text) if complete else text
    )


_TESTS: dict[str, Callable[[str, str], bool]] = {
    "ifeq": lambda left, right: left == right,
    "ifneq": lambda left, right: left != right,
    "ifdef": lambda left, right: left != right,
    "ifndef": lambda left, right: left == right,
}
