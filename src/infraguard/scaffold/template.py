"""Templates: cookiecutter folders, with what their answers must look like beside them.

`cookiecutter.json` has the questions, their defaults and prompts, as cookiecutter reads them. `questions.yaml` says
what an answer must look like, which cookiecutter has no place for.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from infraguard.bundled import bundled_folder
from infraguard.model.errors import TemplateError
from infraguard.model.nearest import nearest
from infraguard.readers.yaml import read_document
from infraguard.scaffold.questions import Question, Rules

Shape = TypeVar("Shape")


class Template(Struct, frozen=True):
    """A cookiecutter template in a folder."""

    name: str
    folder: Path
    questions: dict[str, Question]
    #: Everything of `cookiecutter.json` in its order, also the private variables that nobody is asked.
    variables: dict[str, Any]
    #: Globs of the gates that a project of it holds; what fails one of them is not written.
    gates: tuple[str, ...] = ()
    #: Parts that can be added to a repository by themselves, and the paths of their files.
    components: dict[str, tuple[str, ...]] = {}


def template_names() -> list[str]:
    """The templates that are shipped."""
    return sorted(file.parent.name for file in bundled_folder("templates").glob("*/cookiecutter.json"))


def find_template(name: str) -> Template:
    """A shipped template. Raises `TemplateError` for an unknown name."""
    names = template_names()
    if name not in names:
        raise TemplateError(
            f"there is no template {name!r}", hint=nearest(name, names) or f"there is {', '.join(names)}"
        )
    return load_template(bundled_folder("templates") / name)


def load_template(folder: Path) -> Template:
    """Read a template's questions. Raises `TemplateError` when its files do not fit together."""
    variables = _read_variables(folder / "cookiecutter.json")
    prompts = variables.pop("__prompts__", {})
    rules = _read(folder / "questions.yaml", dict[str, Rules], {})
    asked = [name for name in variables if not name.startswith("_")]
    _refuse_unknown(folder.name, [*rules, *prompts], asked)
    for name, one in rules.items():
        # What a rule compares with must be answered by then.
        _refuse_unknown(f"{folder.name}: before {name}", one.names(), asked[: asked.index(name)])
    return Template(
        name=folder.name,
        folder=folder,
        questions={
            name: _question(name, variables[name], prompts.get(name, name), rules.get(name, Rules())) for name in asked
        },
        variables=variables,
        gates=_read(folder / "gates.yaml", tuple[str, ...], ()),
        components=_read(folder / "components.yaml", dict[str, tuple[str, ...]], {}),
    )


def _read(file: Path, shape: type[Shape], nothing: Shape) -> Shape:
    """A file of data beside the questions. Raises `TemplateError` where it is not of the shape that it must be."""
    if not file.exists():
        return nothing
    try:
        return msgspec.convert(read_document(file.read_text("utf-8"), file.name).data, shape)
    except msgspec.ValidationError as error:
        raise TemplateError(f"{file}: {error}") from error


def _refuse_unknown(where: str, names: list[str], asked: list[str]) -> None:
    for name in names:
        if name not in asked:
            raise TemplateError(f"{where}: there is no question {name!r}", hint=nearest(name, asked))


def _question(name: str, default: Any, prompt: str, rules: Rules) -> Question:
    choices: tuple[str, ...] = ()
    if isinstance(default, list) and default and all(isinstance(choice, str) for choice in default):
        choices, default = tuple(default), default[0]
    if not isinstance(default, str):
        raise TemplateError(f"{name}: a question has a text or a list of texts in cookiecutter.json, not {default!r}")
    return Question(name, prompt, default, choices, rules)


def _read_variables(file: Path) -> dict[str, Any]:
    try:
        return msgspec.convert(json.loads(file.read_bytes()), dict[str, Any])
    except (OSError, ValueError) as error:
        raise TemplateError(f"{file} cannot be read: {error}") from error
