"""Answers: given, asked for or defaulted, and each one checked as it comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from infraguard.model.errors import TemplateError
from infraguard.model.nearest import nearest
from infraguard.scaffold.questions import Question, complaint
from infraguard.scaffold.template import Template

#: Asks a person: the question, the default, and what was wrong with the answer before ("" at first).
Ask = Callable[[Question, str, str], str]


def settle(template: Template, given: Mapping[str, str], ask: Ask | None = None) -> dict[str, Any]:
    """Every variable of the template: given answers first, then those asked for, then defaults.

    A given answer is text and nothing else: `{{` in it stays what it is. Without `ask` nobody is asked. Raises
    `TemplateError` for an answer to no question, and for one that does not fit unless a person can be asked again.
    """
    from cookiecutter.prompt import render_variable
    from cookiecutter.utils import create_env_with_context

    _refuse_unknown(template, given)
    environment = create_env_with_context({"cookiecutter": template.variables})
    settled: dict[str, Any] = {}
    for name, raw in template.variables.items():
        question = template.questions.get(name)
        if question is None:
            # Cookiecutter's own rule: `__name` is rendered, `_name` is taken as it stands.
            settled[name] = render_variable(environment, raw, settled) if name.startswith("__") else raw
            continue
        default = render_variable(environment, question.default, settled)
        if not question.is_asked(settled):
            settled[name] = _skipped(question, default, given.get(name, default), settled)
        elif name in given or not ask:
            settled[name] = _checked(question, given.get(name, default), settled)
        else:
            settled[name] = _asked(question, default, settled, ask)
    return settled


def answers_of(template: Template, settled: Mapping[str, Any]) -> dict[str, str]:
    """The answers among the variables, without what was derived from them."""
    return {name: settled[name] for name in template.questions}


def _refuse_unknown(template: Template, given: Mapping[str, str]) -> None:
    for name in given:
        if name not in template.questions:
            raise TemplateError(
                f"{template.name} has no question {name!r}",
                hint=nearest(name, template.questions) or f"it asks for {', '.join(template.questions)}",
            )


def _skipped(question: Question, default: str, value: str, settled: Mapping[str, Any]) -> str:
    """The answer to a question that other answers leave no room for: its default, and nothing else."""
    if value != default:
        because = ", ".join(f"{name} is {settled[name]!r}" for name in question.rules.when)
        raise TemplateError(
            f"{question.name}: {value!r} has no effect, because {because}", hint=f"leave {question.name} out"
        )
    return default


def _checked(question: Question, value: str, settled: Mapping[str, Any]) -> str:
    problem = complaint(question, value, settled)
    if problem:
        raise TemplateError(problem, hint=f"give another one: --set {question.name}=VALUE")
    return value


def _asked(question: Question, default: str, settled: Mapping[str, Any], ask: Ask) -> str:
    problem = ""
    while True:
        value = ask(question, default, problem)
        problem = complaint(question, value, settled)
        if not problem:
            return value
