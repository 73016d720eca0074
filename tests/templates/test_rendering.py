"""Every shipped template is a real cookiecutter template: plain cookiecutter makes the identical tree."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from infraguard.bundled import bundled_folder
from infraguard.readers.yaml import read_document
from infraguard.scaffold.record import BASE, RECORD
from infraguard.scaffold.template import find_template
from infraguard.workflows.new import NewRequest, new
from tests.templates.conftest import ODD_ANSWERS
from tests.tools import run_ok, tool

TEMPLATE = bundled_folder("templates") / "consulting-service"


def cookiecutter(output_dir: Path, answers: dict[str, str], home: Path) -> Path:
    """Plain cookiecutter, as a program of its own. It takes a free answer for a template, which `raw` prevents."""
    output_dir.mkdir()
    free = [name for name, question in find_template(TEMPLATE.name).questions.items() if not question.choices]
    quotes = dict.fromkeys(free, ("{% raw %}", "{% endraw %}"))
    given = [f"{name}={value.join(quotes.get(name, ('', '')))}" for name, value in answers.items()]
    given = [text.replace("{% z %}", "{% endraw %}{{ '{%' }} z %}{% raw %}") for text in given]
    command = [tool("cookiecutter"), str(TEMPLATE), "--no-input", "--default-config", "--output-dir", str(output_dir)]
    run_ok(*command, *given, env={"HOME": str(home)})
    (project,) = output_dir.iterdir()
    return project


def tree(project: Path) -> dict[str, tuple[bytes, bool]]:
    """What was made; the bytecode of scripts that other tests have run there is not."""
    return {
        file.relative_to(project).as_posix(): (file.read_bytes(), os.access(file, os.X_OK))
        for file in project.rglob("*")
        if file.is_file() and file.parent.name != "__pycache__"
    }


@pytest.mark.parametrize(
    "answers", [{}, ODD_ANSWERS, {"project_name": "Müller & Söhne Zeit"}], ids=["default", "odd", "umlauts"]
)
def test_plain_cookiecutter_makes_the_identical_tree(answers: dict[str, str], tmp_path: Path) -> None:
    ours = new(NewRequest(output_dir=tmp_path / "ours", overrides=answers, no_input=True)).folder
    theirs = cookiecutter(tmp_path / "theirs", answers, tmp_path)
    assert ours.name == theirs.name
    made, plain = tree(ours), tree(theirs)
    assert BASE not in plain
    record, plain_record = made.pop(RECORD)[0], plain.pop(RECORD)[0]
    assert record.startswith(plain_record)
    assert made.pop(BASE)
    assert made == plain


def test_no_marker_is_left_and_no_expression_of_github_is_lost(project: Path) -> None:
    for path, (content, _) in tree(project).items():
        if path == BASE:
            continue
        text = content.decode()
        assert "cookiecutter" not in text, path
        assert not re.search(r"(?<!\$)\{\{|\{%|\{#", text), path
    source = TEMPLATE / "{{cookiecutter.project_slug}}/.github/workflows/test.yml"
    assert (project / ".github/workflows/test.yml").read_bytes() == source.read_bytes()


def test_the_record_of_answers_makes_the_same_project_again(odd_project: Path, tmp_path: Path) -> None:
    record = odd_project / ".infraguard/answers.yaml"
    assert read_document(record.read_text("utf-8"), "answers.yaml").data["answers"] == ODD_ANSWERS
    again = new(NewRequest(output_dir=tmp_path, answers_file=record, no_input=True)).folder
    assert tree(again) == tree(odd_project)


def test_every_question_has_a_prompt_and_a_rule() -> None:
    variables = json.loads((TEMPLATE / "cookiecutter.json").read_bytes())
    questions = [name for name in variables if not name.startswith("_")]
    rules = read_document((TEMPLATE / "questions.yaml").read_text("utf-8"), "questions.yaml").data
    assert list(variables["__prompts__"]) == questions
    assert list(rules) == questions


def test_the_template_runs_no_code_of_its_own() -> None:
    assert not (TEMPLATE / "hooks").exists()
    assert "_extensions" not in json.loads((TEMPLATE / "cookiecutter.json").read_bytes())
