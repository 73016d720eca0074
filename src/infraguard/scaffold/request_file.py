"""An infrastructure request in Markdown bullets, to answers: what each line was taken to mean, and what was not taken.

How words are understood is data of the template (`requests.yaml`). What every project has anyway needs no answer; a
line that asks for what the template cannot change is not taken, and says so; and of a line that is understood in part,
the rest is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field

from infraguard.model.errors import TemplateError
from infraguard.readers.patterns import pattern
from infraguard.readers.yaml import read_document
from infraguard.scaffold.questions import complaint
from infraguard.scaffold.template import Template
from infraguard.scaffold.wishes import Understanding, Wish, wishes_in, words_left

#: Longer lines are no bullets that a person wrote.
_MAX_LINE = 2000
#: How many lines of which nothing was taken are named in one sentence, and how much of each.
_NAMED, _SHOWN = 5, 80
_BULLET = pattern(r"\s*(?:[-*+•]|\d+[.)])\s+(?:\[[ xX]\]\s+)?(?P<text>\S.*)")


class Line(Struct, frozen=True):
    """One bullet: where it stands, what it says, and what it was taken to mean.

    `answers` are those that it gives, `parts` what an answer made of several is to have (or not) for it, `holds` gates
    that every project has. `left` are words of it that were not understood. `refused` says why nothing of the line was
    taken, and is empty for a line of which something was.
    """

    number: int
    text: str
    answers: dict[str, str] = field(default_factory=dict)
    parts: dict[tuple[str, str], bool] = field(default_factory=dict)
    holds: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    refused: str = ""


class Request(Struct, frozen=True):
    """A request as it was understood: its lines, and the answers that they give together."""

    lines: tuple[Line, ...]
    answers: dict[str, str] = field(default_factory=dict)


def read_request(file: Path, template: Template) -> Request:
    """The request in a file, for a template. Raises `TemplateError` where nothing in it is a request."""
    try:
        text = file.read_text("utf-8-sig")
    except OSError as error:
        raise TemplateError(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise TemplateError(f"{file} cannot be read: {error}") from error
    understandings = load_understandings(template)
    given: dict[Any, tuple[Any, int]] = {}
    lines = []
    for number, bullet in _bullets(text):
        line = _understood(bullet, number, template, understandings)
        lines.append(_without_contradiction(line, given))
    if not any(not line.refused for line in lines):
        what = f"no bullet in it was understood: {_refusals(lines)}" if lines else "it has no bullets"
        raise TemplateError(f"{file} is no request: {what}", hint="write each wish as a bullet: `- PostgreSQL 15`")
    return Request(tuple(lines), _together(lines, template))


def _refusals(lines: Sequence[Line]) -> str:
    """The first lines that were not taken, each with its reason, and how many more there are."""
    told = "; ".join(f"line {line.number}, {line.text[:_SHOWN]!r}: {line.refused}" for line in lines[:_NAMED])
    return told + (f"; and {len(lines) - _NAMED} more" if len(lines) > _NAMED else "")


def _together(lines: Sequence[Line], template: Template) -> dict[str, str]:
    """All answers of the lines. Parts of an answer that no line speaks of stay as they are by default."""
    answers = {name: value for line in lines for name, value in line.answers.items()}
    named = {part: wanted for line in lines for part, wanted in line.parts.items()}
    for question in {question for question, _ in named}:
        choices = template.questions[question].choices
        parts = _parts(choices[0]) | {part for (name, part), wanted in named.items() if name == question and wanted}
        parts -= {part for (name, part), wanted in named.items() if name == question and not wanted}
        answers[question] = next(choice for choice in choices if _parts(choice) == parts)
    return answers


def _parts(choice: str) -> set[str]:
    """`warehouse-vpn` has two parts, and `none` has none."""
    return set() if choice == "none" else set(choice.split("-"))


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
    wishes = wishes_in(text, understandings)
    if not wishes:
        return Line(number, text, refused="it was not understood")
    answers: dict[str, str] = {}
    for wish in wishes:
        refused = _refusal(text, wish) or _clash(answers, given := _answers(wish, template))
        refused = refused or next(filter(None, (_problem(template, *answer) for answer in given.items())), "")
        if refused:
            return Line(number, text, refused=refused)
        answers |= given
    told = {(part, not wish.denied) for wish in wishes for part in wish.understanding.part.items()}
    parts = dict(told)
    if len(parts) < len(told):
        return Line(number, text, refused="it says of one thing that it is wanted, and that it is not")
    holds = dict.fromkeys(gate for wish in wishes if not wish.denied for gate in wish.understanding.holds)
    return Line(number, text, answers, parts, tuple(holds), words_left(text, wishes))


def _refusal(text: str, wish: Wish) -> str:
    """Why a wish cannot be granted, whatever the template asks; "" where nothing is in its way."""
    words, one = text[wish.start : wish.end].strip(" ,"), wish.understanding
    if wish.denied is None:
        return f"{words!r} can be read as wanted and as not wanted: give each wish a bullet of its own"
    if wish.denied and not one.part:
        return f"{words!r} is in every project that this template makes, and cannot be left out"
    for name, allowed in one.limits.items():
        if name in wish.found and wish.found[name] not in allowed:
            return f"{name} is {' or '.join(allowed)} in this template"
    return ""


def _answers(wish: Wish, template: Template) -> dict[str, str]:
    one = wish.understanding
    answers = {name: value for name, value in wish.found.items() if name in template.questions} | one.sets
    return {name: value.lower() if name in one.lower else value for name, value in answers.items()}


def _clash(before: Mapping[str, str], given: Mapping[str, str]) -> str:
    names = (name for name, value in given.items() if before.get(name, value) != value)
    return next((f"it says {name} is {before[name]!r}, and {given[name]!r}" for name in names), "")


def _problem(template: Template, name: str, value: str) -> str:
    """What is wrong with an answer by itself; how it fits the others is settled with them."""
    question = template.questions[name]
    alone = msgspec.structs.replace(
        question, rules=msgspec.structs.replace(question.rules, differs_from="", agrees_with=None, when={})
    )
    return complaint(alone, value, {})


def _without_contradiction(line: Line, given: dict[Any, tuple[Any, int]]) -> Line:
    """The line, refused where an earlier one gave another answer to the same question."""
    told: dict[Any, Any] = {**line.answers, **line.parts}
    for key, value in told.items():
        if given.get(key, (value, 0))[0] != value:
            name, before, at = key, *given[key]
            what = f"{name} is {before!r}" if isinstance(name, str) else _wanted(name[1], wanted=before)
            return Line(line.number, line.text, refused=f"line {at} says {what}")
    given.update({key: (value, line.number) for key, value in told.items() if key not in given})
    return line


def _wanted(part: str, *, wanted: bool) -> str:
    return f"{'with' if wanted else 'without'} {part}"
