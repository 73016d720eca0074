"""Templates that do not fit together are refused, with the file and the name."""

from __future__ import annotations

from pathlib import Path

import pytest

from infraguard.model.errors import TemplateError
from infraguard.scaffold.answers import settle
from infraguard.scaffold.plan import plan_project
from infraguard.scaffold.template import find_template, load_template
from tests.scaffold.conftest import write_template


def test_an_unknown_template_names_the_nearest() -> None:
    with pytest.raises(TemplateError, match="there is no template 'consulting-servce'") as caught:
        find_template("consulting-servce")
    assert "consulting-service" in caught.value.hint


def test_a_path_is_no_template_name() -> None:
    with pytest.raises(TemplateError, match="there is no template"):
        find_template("../templates/consulting-service")


def test_choices_are_read(tmp_path: Path) -> None:
    template = load_template(write_template(tmp_path / "t", {"slug": "x", "size": ["s", "l"]}, {}))
    assert template.questions["size"].choices == ("s", "l")
    assert template.questions["size"].default == "s"


@pytest.mark.parametrize(
    ("questions", "message"),
    [
        ("slgu: {pattern: x}", "t: there is no question 'slgu'"),
        ("slug: {patern: x}", "unknown field `patern`"),
        ("slug: 3", "Expected `object`"),
        ("slug: {differs_from: slgu}", "t: before slug: there is no question 'slgu'"),
        ("slug: {when: {later: [x]}}", "t: before slug: there is no question 'later'"),
    ],
)
def test_rules_must_fit_the_questions(questions: str, message: str, tmp_path: Path) -> None:
    folder = write_template(tmp_path / "t", {"slug": "x", "later": "x"}, {}, questions)
    with pytest.raises(TemplateError, match=message):
        load_template(folder)


def test_questions_of_other_types_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="size: a question has a text or a list of texts"):
        load_template(write_template(tmp_path / "t", {"slug": "x", "size": {"a": 1}}, {}))


def test_broken_questions_name_their_file(tmp_path: Path) -> None:
    (tmp_path / "cookiecutter.json").write_text("{", "utf-8")
    with pytest.raises(TemplateError, match=r"cookiecutter\.json cannot be read"):
        load_template(tmp_path)


@pytest.mark.parametrize("text", ["{{ cookiecutter.nmae }}", "{% if %}", "{{ nothing }}"])
def test_a_template_that_does_not_render_is_an_error(text: str, tmp_path: Path) -> None:
    template = load_template(write_template(tmp_path / "t", {"slug": "x"}, {"a.txt": text}))
    with pytest.raises(TemplateError, match="the template t does not render"):
        plan_project(template, settle(template, {}))


def test_a_plan_keeps_bytes_and_the_executable_bit(tmp_path: Path) -> None:
    folder = write_template(tmp_path / "t", {"slug": "x"}, {"run.sh": "#!/bin/sh\necho {{ cookiecutter.slug }}\n"})
    (folder / "{{cookiecutter.slug}}/run.sh").chmod(0o755)
    (folder / "{{cookiecutter.slug}}/windows.txt").write_bytes(b"a\r\nb")
    template = load_template(folder)
    plan = plan_project(template, settle(template, {}))
    assert plan.folder == "x"
    assert [(file.path, file.content, file.executable) for file in plan.files] == [
        ("run.sh", b"#!/bin/sh\necho x\n", True),
        ("windows.txt", b"a\r\nb", False),
    ]


def test_what_an_installation_compiled_is_no_part_of_a_template(tmp_path: Path) -> None:
    folder = write_template(tmp_path / "t", {"slug": "x"}, {"a.py": "", "__pycache__/a.cpython-311.pyc": "{{"})
    template = load_template(folder)
    plan = plan_project(template, settle(template, {}))
    assert [file.path for file in plan.files] == ["a.py"]
