"""Small templates, made for one test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def write_template(folder: Path, variables: dict[str, Any], files: dict[str, str], questions: str = "") -> Path:
    (folder / "cookiecutter.json").parent.mkdir(parents=True, exist_ok=True)
    (folder / "cookiecutter.json").write_text(json.dumps(variables), "utf-8")
    if questions:
        (folder / "questions.yaml").write_text(questions, "utf-8")
    for path, text in files.items():
        file = folder / "{{cookiecutter.slug}}" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder
