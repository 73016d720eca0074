"""Waivers beside what they waive: `# infraguard: waive <gate> until=YYYY-MM-DD owner=NAME reason="..."`.

In Terraform such a comment means the block that it stands in or right above; above or in the call of a module, all
that is in the module. In YAML, Dockerfiles and Python it means its own line, or, alone on a line, the next one.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import module_call
from infraguard.model.nearest import nearest
from infraguard.model.values import Location
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable
from infraguard.suppressions.waiver_file import parse_day
from infraguard.suppressions.waivers import Waiver, WaiverMistake

if TYPE_CHECKING:
    from infraguard.terraform.syntax.nodes import Block, SourceFile

_WORD = b"infraguard:"
_TERRAFORM = (".tf", ".tofu")
#: What a comment begins with, in the languages that have these.
_COMMENT = pattern(r"""(?P<code>(?:[^"'#/]|"(?:[^"\\]|\\.)*"|'[^']*'|/(?![/*]))*)(?:#|//|/\*)(?P<text>.*)""")
_WAIVE = pattern(r"\s*infraguard:\s*waive\b(?P<rest>.*)", re.DOTALL)
_SETTING = pattern(r"\s+(?P<name>[a-z]+)=(?:\"(?P<quoted>[^\"]*)\"|(?P<plain>[^\s\"]+))")
_SETTINGS = ("until", "owner", "reason")
_HOW = 'write `# infraguard: waive <gate> until=YYYY-MM-DD owner=NAME reason="..."`'


def waivers_in_comments(tree: Tree, gates: Collection[str]) -> Iterator[Waiver | WaiverMistake]:
    """The waivers in the files of a tree; what is meant as one and is none is a mistake, and never counts as one."""
    for path in tree.paths:
        if _is_read(path):
            try:
                content = tree.read_bytes(path)
                if _WORD in content:
                    yield from _in_text(tree.read(path), path, gates)
            except Unreadable:  # which whoever reads the file for its content says
                continue


def _is_read(path: str) -> bool:
    name = path.rpartition("/")[2].lower()
    return name.endswith((*_TERRAFORM, ".yml", ".yaml", ".py", ".dockerfile")) or name.startswith(
        ("dockerfile", "containerfile")
    )


def _in_text(text: str, path: str, gates: Collection[str]) -> Iterator[Waiver | WaiverMistake]:
    lines = text.splitlines()
    found = _python_comments(text) if path.endswith(".py") else _comments(lines)
    waiving = [(number, alone, match["rest"]) for number, alone, said in found if (match := _WAIVE.match(said))]
    blocks = _Blocks(text, path) if waiving and path.endswith(_TERRAFORM) else None
    for number, alone, rest in waiving:
        place = Location(file=path, line=number, column=1)
        said = _settings(rest, place, gates)
        if isinstance(said, WaiverMistake):
            yield said
            continue
        target = _next_line(lines, number) if alone else number
        yield blocks.waiver(said, target) if blocks else _at(said, target)


def _comments(lines: list[str]) -> Iterator[tuple[int, bool, str]]:
    """The comments of a text: line, whether it stands alone on it, and what it says."""
    for number, line in enumerate(lines, 1):
        if "infraguard:" in line and (match := _COMMENT.match(line)):
            yield number, not match["code"].strip(), match["text"].removesuffix("*/").rstrip()


def _python_comments(text: str) -> Iterator[tuple[int, bool, str]]:
    import tokenize

    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], not token.line[: token.start[1]].strip(), token.string[1:]
    except (tokenize.TokenError, SyntaxError):  # what follows is no Python, and no comment can be told from text
        return


def _settings(rest: str, place: Location, gates: Collection[str]) -> Waiver | WaiverMistake:
    """What a comment says, its subject left open."""
    gate, _, _ = rest.strip().partition(" ")
    if gate not in gates:
        hint = nearest(gate, gates)
        return WaiverMistake(place, f"there is no gate {gate!r}" + (f": {hint}" if hint else ""))
    settings: dict[str, str] = {}
    text = rest.strip().removeprefix(gate)
    while match := _SETTING.match(text):
        if match["name"] in settings or match["name"] not in _SETTINGS:
            return WaiverMistake(place, f"{match['name']!r} is unknown, or stands twice: {_HOW}", gate)
        settings[match["name"]] = (match["quoted"] or match["plain"] or "").strip()
        text = text[match.end() :]
    missing = [name for name in _SETTINGS if not settings.get(name)]
    if text.strip() or missing:
        what = f"{text.strip()!r} cannot be read" if text.strip() else f"{' and '.join(missing)} missing"
        return WaiverMistake(place, f"{what}: {_HOW}", gate)
    day = parse_day(settings["until"])
    if day is None:
        return WaiverMistake(place, f"{settings['until']!r} is no day: {_HOW}", gate)
    return Waiver(gate=gate, reason=settings["reason"], owner=settings["owner"], expires=day, location=place)


def _next_line(lines: list[str], number: int) -> int:
    """The next line that says something; the comment's own when there is none."""
    for later in range(number, len(lines)):
        text = lines[later].strip()
        if text and not text.startswith(("#", "//", "/*")):
            return later + 1
    return number


def _at(said: Waiver, line: int) -> Waiver:
    return replace(said, lines=(line, line))


class _Blocks:
    """The blocks of a Terraform file and their lines."""

    def __init__(self, text: str, path: str) -> None:
        from infraguard.terraform.syntax import parse_file

        try:
            self._file: SourceFile | None = parse_file(text, path)
        except SyntaxProblem:
            self._file = None

    def waiver(self, said: Waiver, line: int) -> Waiver:
        """The waiver for the block that a line is in; for a line in none, for that line alone."""
        if self._file is None:
            return _at(said, line)
        for block in self._file.body.blocks:
            place = self._file.location(block.at, block.end)
            if place.line <= line <= place.end_line:
                return self._of(said, block, place)
        return _at(said, line)

    def _of(self, said: Waiver, block: Block, place: Location) -> Waiver:
        if block.type != "module" or len(block.labels) != 1:
            return replace(said, lines=(place.line, place.end_line))
        folder = said.location.file.rpartition("/")[0] or "."
        name = block.labels[0]
        return replace(said, address=f"module.{name}", unit=folder, call=module_call(folder, name))
