"""An infrastructure request in Markdown bullets, to answers: what each line was taken to mean, and what was not taken.

How lines are understood is data of the template (`requests.yaml`). A line that says what every project has anyway
needs no answer; one that asks for what the template cannot change is not taken, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct, field

from infraguard.model.errors import TemplateError
from infraguard.readers.yaml import read_document
from infraguard.scaffold.questions import complaint
from infraguard.scaffold.template import Template

#: Longer lines are no bullets that a person wrote.
_MAX_LINE = 2000
_BULLET = re.compile(r"\s*(?:[-*+•]|\d+[.)])\s+(?:\[[ xX]\]\s+)?(?P<text>\S.*)")


class Understanding(Struct, frozen=True, forbid_unknown_fields=True):
    """How some lines are understood. See the head of the template's `requests.yaml`."""

    pattern: str
    sets: dict[str, str] = field(default_factory=dict)
    lower: tuple[str, ...] = ()
    limits: dict[str, tuple[str, ...]] = field(default_factory=dict)
    holds: tuple[str, ...] = ()


class Line(Struct, frozen=True):
    """One bullet: where it stands, what it says, and what it was taken to mean.

    `answers` are those that it gives; `holds` are gates that every project has for it; `refused` says why it was not
    taken, and is empty for a line that was.
    """

    number: int
    text: str
    answers: dict[str, str] = field(default_factory=dict)
    holds: tuple[str, ...] = ()
    refused: str = ""


class Request(Struct, frozen=True):
    """A request as it was understood."""

    lines: tuple[Line, ...]

    @property
    def answers(self) -> dict[str, str]:
        """All answers that the lines give."""
        return {name: value for line in self.lines for name, value in line.answers.items()}


def read_request(file: Path, template: Template) -> Request:
    """The request in a file, for a template. Raises `TemplateError` where nothing in it is a request."""
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"{file} cannot be read: {error}") from error
    understandings = load_understandings(template)
    given: dict[str, tuple[str, int]] = {}
    lines = []
    for number, bullet in _bullets(text):
        line = _understood(bullet, number, template, understandings)
        lines.append(_without_contradiction(line, given))
    if not any(not line.refused for line in lines):
        what = "no bullet in it was understood" if lines else "it has no bullets"
        raise TemplateError(f"{file} is no request: {what}", hint="write each wish as a bullet: `- PostgreSQL 15`")
    return Request(tuple(lines))


def load_understandings(template: Template) -> tuple[Understanding, ...]:
    """How the template understands lines; nothing where it says nothing."""
    file = template.folder / "requests.yaml"
    if not file.exists():
        raise TemplateError(f"{template.name} takes no requests", hint="answer its questions with --set or --answers")
    try:
        return msgspec.convert(read_document(file.read_text("utf-8"), file.name).data, tuple[Understanding, ...])
    except msgspec.ValidationError as error:
        raise TemplateError(f"{file}: {error}") from error


def _bullets(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        match = _BULLET.match(line[:_MAX_LINE])
        if match:
            yield number, match["text"].strip()


def _understood(text: str, number: int, template: Template, understandings: Sequence[Understanding]) -> Line:
    for one in understandings:
        match = re.match(one.pattern, text, re.IGNORECASE)
        if match is None:
            continue
        found = {name: value for name, value in match.groupdict().items() if value}
        for name, allowed in one.limits.items():
            if name in found and found[name] not in allowed:
                return Line(number, text, refused=f"{name} is {' or '.join(allowed)} in this template")
        answers = {name: value for name, value in found.items() if name in template.questions} | one.sets
        answers = {name: value.lower() if name in one.lower else value for name, value in answers.items()}
        problem = next(filter(None, (_problem(template, name, value) for name, value in answers.items())), "")
        return Line(number, text, refused=problem) if problem else Line(number, text, answers, one.holds)
    return Line(number, text, refused="it was not understood")


def _problem(template: Template, name: str, value: str) -> str:
    """What is wrong with an answer by itself; how it fits the others is settled with them."""
    question = template.questions[name]
    alone = msgspec.structs.replace(
        question, rules=msgspec.structs.replace(question.rules, differs_from="", agrees_with=None, when={})
    )
    return complaint(alone, value, {})


def _without_contradiction(line: Line, given: dict[str, tuple[str, int]]) -> Line:
    """The line, refused where an earlier one gave another answer to the same question."""
    for name, value in line.answers.items():
        before = given.setdefault(name, (value, line.number))
        if before[0] != value:
            return Line(line.number, line.text, refused=f"line {before[1]} says {name} is {before[0]!r}")
    return line
