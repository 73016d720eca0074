"""Answers in a file: a flat mapping, or the record that a generated project keeps of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from infraguard.model.errors import ConfigError, SyntaxProblem
from infraguard.readers.yaml import Document, read_document


def read_answers(file: Path, template: str) -> dict[str, str]:
    """The answers of a YAML or JSON file, for the named template. Raises `ConfigError` with its place.

    A record (`.infraguard/answers.yaml`) names the template that it is for, and has its answers under `answers`.
    """
    try:
        document = read_document(file.read_text("utf-8"), str(file))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read: {error}", file=str(file)) from error
    except SyntaxProblem as error:
        raise ConfigError(error.why, file=error.file, line=error.line, column=error.column, hint=error.hint) from error
    data, prefix = document.data, ""
    if isinstance(data, dict) and isinstance(data.get("answers"), dict):
        if data.get("template", template) != template:
            raise _problem(document, file, "template", f"these are answers for the template {data['template']!r}")
        data, prefix = data["answers"], "answers."
    if not isinstance(data, dict):
        raise _problem(document, file, "", "a mapping of questions to answers is expected")
    for name, value in data.items():
        if not isinstance(value, str):
            raise _problem(document, file, f"{prefix}{name}", f"{name} is not text: put it in quotes")
    return data


def _problem(document: Document, file: Path, path: str, why: str) -> ConfigError:
    place: Any = document.at(path)
    return ConfigError(why, file=str(file), line=place.line if place else 0, column=place.column if place else 0)
