"""Dockerfiles as BuildKit reads them: instructions with places, heredocs, parser directives.

The rules are those of BuildKit's `frontend/dockerfile/parser` and of the Dockerfile reference: a line goes on when it
ends in one escape character, comment and empty lines inside a continuation are skipped, and heredocs count in `RUN`,
`COPY` and `ADD` only, also behind `ONBUILD`, and not in the JSON form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from infraguard.model.errors import SyntaxProblem
from infraguard.readers.patterns import pattern

INSTRUCTIONS = frozenset(
    {
        *("ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER"),
        *("ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"),
    }
)
_WITH_HEREDOC = frozenset({"ADD", "COPY", "RUN"})
_WITH_FLAGS = frozenset({"ADD", "COPY", "FROM", "HEALTHCHECK", "RUN"})
_DIRECTIVE = pattern(r"#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*\Z")
_DIRECTIVES = frozenset({"check", "escape", "syntax"})
_FLAG = pattern(r"--([a-zA-Z][a-zA-Z0-9_-]*)(?:=(\S*))?(?:\s+|\Z)")
_HEREDOC = pattern(r"\d*<<(-?)([^<]*)\Z")
_SPACES = " \t\v\f\r\n"


class Heredoc(Struct, frozen=True):
    """The body that follows an instruction with `<<name`. `expand` is false when the name was quoted."""

    name: str
    content: str
    expand: bool


class Instruction(Struct, frozen=True, omit_defaults=True):
    """One instruction with its flags apart; lines count from 1, and `end_line` includes its heredocs."""

    name: str
    value: str
    line: int
    end_line: int
    flags: tuple[tuple[str, str], ...] = ()
    heredocs: tuple[Heredoc, ...] = ()

    def flag(self, name: str) -> str | None:
        """The value of the last flag of this name, `true` for one without a value; None without the flag."""
        return dict(self.flags).get(name)

    @property
    def items(self) -> list[str] | None:
        """The arguments of the JSON form; None for the shell form."""
        return _json_items(self.value)


class Dockerfile(Struct, frozen=True):
    """A Dockerfile's instructions in their order, its parser directives and its escape character."""

    instructions: tuple[Instruction, ...]
    directives: dict[str, str]
    escape: str


def read_dockerfile(text: str, file: str) -> Dockerfile:
    """Raises `SyntaxProblem` at the line BuildKit would refuse, for what can be told without building."""
    lines = text.removeprefix("\ufeff").removesuffix("\n").split("\n")
    directives = _directives(lines, file)
    escape = directives.get("escape", "\\")
    instructions = tuple(_instructions(lines, escape, file))
    if not instructions:
        hint = "write its instructions, or remove the file"
        raise SyntaxProblem("a Dockerfile without instructions", file=file, line=1, hint=hint)
    return Dockerfile(instructions, directives, escape)


def _directives(lines: list[str], file: str) -> dict[str, str]:
    """`# key=value` lines before anything else; one with an unknown key is a comment, and ends them."""
    found: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        match = _DIRECTIVE.match(line.lstrip(_SPACES))
        if not match or match[1].lower() not in _DIRECTIVES:
            break
        key, value = match[1].lower(), match[2]
        if key in found:
            raise SyntaxProblem(f"the directive {key!r} stands twice", file=file, line=number)
        if key == "escape" and value not in ("\\", "`"):
            raise SyntaxProblem(f"invalid escape character {value!r}: only \\ and ` are", file=file, line=number)
        found[key] = value
    return found


def _instructions(lines: list[str], escape: str, file: str) -> Iterator[Instruction]:
    index = 0
    while index < len(lines):
        start = index
        statement, index = _statement(lines, index, escape)
        if not statement.strip(_SPACES):
            continue
        name, flags, value = _parts(statement, file, start + 1)
        heredocs, index = _heredocs(lines, index, name, value, file)
        yield Instruction(name, value, start + 1, index, flags, heredocs)


def _statement(lines: list[str], index: int, escape: str) -> tuple[str, int]:
    """The logical line that starts at `index`, and the index after it."""
    going_on = re.compile(rf"(?:(?<!{re.escape(escape)})|^){re.escape(escape)}[ \t]*\Z")
    line = lines[index].rstrip("\r").lstrip(_SPACES)
    if line.startswith("#"):
        return "", index + 1
    parts: list[str] = []
    while True:
        index += 1
        match = going_on.search(line)
        parts.append(line[: match.start()] if match else line)
        if not match:
            break
        while index < len(lines) and _is_skipped(lines[index]):
            index += 1
        if index >= len(lines):
            break
        line = lines[index].rstrip("\r")
    return "".join(parts), index


def _is_skipped(line: str) -> bool:
    """A comment or an empty line inside a continuation."""
    return not line.strip(_SPACES) or line.lstrip(_SPACES).startswith("#")


def _parts(statement: str, file: str, line: int) -> tuple[str, tuple[tuple[str, str], ...], str]:
    words = re.split(r"[\t\v\f\r\n ]+", statement.strip(_SPACES), maxsplit=1)
    name = words[0].upper()
    if name not in INSTRUCTIONS:
        raise SyntaxProblem(f"unknown instruction {words[0][:40]!r}", file=file, line=line)
    value = words[1] if len(words) > 1 else ""
    if not value.strip(_SPACES):
        raise SyntaxProblem(f"{name} needs an argument", file=file, line=line)
    flags: list[tuple[str, str]] = []
    while name in _WITH_FLAGS and (match := _FLAG.match(value)):
        flags.append((match[1].lower(), match[2] if match[2] is not None else "true"))
        value = value[match.end() :]
    return name, tuple(flags), value.strip(_SPACES)


def _heredocs(lines: list[str], index: int, name: str, value: str, file: str) -> tuple[tuple[Heredoc, ...], int]:
    """The heredocs that an instruction announces, and the index of the line after the last of them."""
    found: list[Heredoc] = []
    for strip_tabs, word, expand in _announced(name, value):
        end = index
        while end < len(lines) and _unindented(lines[end], strip_tabs) != word:
            end += 1
        if end == len(lines):
            raise SyntaxProblem(f"the heredoc {word!r} has no end", file=file, line=index)
        found.append(Heredoc(word, "\n".join(lines[index:end]), expand))
        index = end + 1
    return tuple(found), index


def _announced(name: str, value: str) -> Iterator[tuple[bool, str, bool]]:
    if name == "ONBUILD":
        name, _, value = value.partition(" ")
    if "<<" not in value or name.upper() not in _WITH_HEREDOC or _json_items(value) is not None:
        return
    for word in _words(value):
        match = _HEREDOC.match(word)
        if match and match[2]:
            plain = re.sub(r"[\"']", "", match[2])
            if plain:
                yield bool(match[1]), plain, plain == match[2]


def _words(value: str) -> list[str]:
    """Words apart by spaces outside quotes, with their quotes."""
    return re.findall(r"(?:\\.|\"(?:\\.|[^\"\\])*\"|'[^']*'|[^\s\"'\\]|[\"'\\])+", value)


def _unindented(line: str, strip_tabs: bool) -> str:
    line = line.rstrip("\r")
    return line.lstrip("\t") if strip_tabs else line


def _json_items(value: str) -> list[str] | None:
    if not value.startswith("["):
        return None
    try:
        return msgspec.json.decode(value, type=list[str])
    except (msgspec.DecodeError, RecursionError):
        return None
