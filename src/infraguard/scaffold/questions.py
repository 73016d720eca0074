"""Questions of a template, and what is wrong with an answer to one."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from infraguard.model.nearest import nearest

_ONE_LINE: Final = "one line of text"


class Agreement(Struct, frozen=True, forbid_unknown_fields=True):
    """Two answers must begin alike: in the part that a regular expression matches."""

    question: str
    pattern: str = msgspec.field(name="in")


class Rules(Struct, frozen=True, forbid_unknown_fields=True):
    """What an answer must look like, as `questions.yaml` says it."""

    #: Regular expression that the whole answer must match.
    pattern: str = ".*"
    #: The same in words, for people.
    expects: str = _ONE_LINE
    #: The only answers that there are, too many to show as choices: an error names the nearest.
    known: tuple[str, ...] = ()
    #: Answers that match and are not allowed all the same.
    reserved: tuple[str, ...] = ()
    #: The name of a Python module, so no keyword and no module of Python's library.
    module: bool = False
    #: Bounds of a whole number.
    at_least: int | None = None
    at_most: int | None = None
    #: An earlier question that has another answer.
    differs_from: str = ""
    agrees_with: Agreement | None = None
    #: Asked only when each of these earlier questions has one of these answers; otherwise the default stands.
    when: dict[str, tuple[str, ...]] = {}

    def names(self) -> list[str]:
        """The other questions that the rules speak of."""
        named = [self.differs_from] if self.differs_from else []
        return [*named, *([self.agrees_with.question] if self.agrees_with else []), *self.when]


class Question(Struct, frozen=True):
    """One thing that a template asks for; every answer is text."""

    name: str
    #: What people are asked.
    prompt: str
    #: A Jinja template over the answers before it. With choices, the first of them.
    default: str
    #: The only answers allowed; none means free text.
    choices: tuple[str, ...] = ()
    rules: Rules = Rules()

    def is_asked(self, settled: Mapping[str, Any]) -> bool:
        """Whether the answers before it leave it open."""
        return all(settled[name] in answers for name, answers in self.rules.when.items())


def complaint(question: Question, value: str, settled: Mapping[str, Any]) -> str:
    """What is wrong with an answer, given those before it, in words; "" when nothing is."""
    why = _misfit(question, value) or _out_of_bounds(question.rules, value) or _conflict(question.rules, value, settled)
    return f"{question.name}: {value!r} {why}" if why else ""


def _misfit(question: Question, value: str) -> str:
    rules = question.rules
    if not value.isprintable():
        return "is not one line of printable characters"
    if question.choices and value not in question.choices:
        near = nearest(value, question.choices)
        return f"is not one of {', '.join(question.choices)}" + (f": {near}" if near else "")
    if not re.fullmatch(rules.pattern, value):
        return f"is not accepted; what is expected is {rules.expects}"
    if rules.known and value not in rules.known:
        near = nearest(value, rules.known)
        return f"is not {rules.expects}" + (f": {near}" if near else "")
    if value in rules.reserved or (rules.module and _is_pythons(value)):
        return "is taken: Python or the project uses that name itself"
    return ""


def _is_pythons(name: str) -> bool:
    return keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in sys.stdlib_module_names


def _out_of_bounds(rules: Rules, value: str) -> str:
    if rules.at_least is not None and int(value) < rules.at_least:
        return f"is too little: {rules.at_least} is the least"
    if rules.at_most is not None and int(value) > rules.at_most:
        return f"is too much: {rules.at_most} is the most"
    return ""


def _conflict(rules: Rules, value: str, settled: Mapping[str, Any]) -> str:
    if rules.differs_from and settled[rules.differs_from] == value:
        return f"is the answer to {rules.differs_from} already, and the two must differ"
    agreement = rules.agrees_with
    if agreement and _start(agreement.pattern, value) != _start(agreement.pattern, settled[agreement.question]):
        return f"does not go with the answer to {agreement.question}, {settled[agreement.question]!r}"
    return ""


def _start(pattern: str, value: str) -> str:
    found = re.match(pattern, value)
    return found[0] if found else ""
