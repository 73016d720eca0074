"""Answers of any kind stay what they are: no file of the project is broken by one, and none says anything else."""

from __future__ import annotations

import json
import string
import tomllib
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infraguard.model.errors import TemplateError
from infraguard.readers.yaml import read_document
from infraguard.scaffold.answers import settle
from infraguard.scaffold.plan import plan_project
from infraguard.scaffold.record import RECORD
from infraguard.scaffold.template import Template, find_template

TEMPLATE = find_template("consulting-service")
#: What means something in some file: quotes, escapes, interpolation, comments, markup.
_SPEAKING = "\"'\\`$%{}#!<>[]()&|;:-*=@,?~^\n\t"
_NAMES = st.text(
    st.one_of(
        st.sampled_from(_SPEAKING),
        st.characters(codec="utf-8", exclude_categories=["Cs"]),
        st.sampled_from(string.ascii_letters),
    ),
    min_size=1,
    max_size=60,
) | st.lists(
    st.sampled_from(["{{", "}}", "{%", "%}", "{#", "#}", "${", "$(", "'''", '"""', "\\", "-->", "EOF", "x", " "]),
    min_size=1,
    max_size=20,
).map("".join)


def accepted(template: Template, name: str) -> dict[str, str] | None:
    try:
        return settle(template, {"project_name": name, "project_slug": "fuzzy"})
    except TemplateError:
        return None


@cache
def plain() -> dict[str, str]:
    """The project of a harmless name, which differs from others in that name only."""
    return rendered("Zq Xj")


def rendered(name: str) -> dict[str, str]:
    settled = accepted(TEMPLATE, name)
    assert settled is not None
    return {file.path: file.content.decode() for file in plan_project(TEMPLATE, settled).files}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(name=_NAMES)
def test_a_name_changes_its_own_places_and_breaks_no_file(name: str) -> None:
    if accepted(TEMPLATE, name) is None:
        # Refused names: more than a line, spaces at the ends, nothing printable.
        assert not name.isprintable() or name != name.strip() or len(name) > 60
        return
    files = rendered(name)
    assert files.keys() == plain().keys()
    assert read_document(files[RECORD], RECORD).data["answers"]["project_name"] == name
    assert tomllib.loads(files["pyproject.toml"])["project"]["description"].startswith(f"{name}: ")
    for path, text in files.items():
        if path.endswith((".yml", ".yaml")) and not path.startswith("monitoring/"):
            read_document(text, path)
        elif path.endswith(".json"):
            json.loads(text)
        elif path.endswith(".py"):
            compile(text, path, "exec")
        # Free text never comes into what is run or applied.
        if path.endswith((".tf", ".tfvars", ".hcl", ".sh", "Dockerfile")) or path.startswith(".github/workflows/"):
            assert text == plain()[path], path


@pytest.mark.parametrize("question", [name for name in TEMPLATE.questions if name != "project_name"])
@pytest.mark.parametrize("text", ['"', "'", "\\", "$(id)", "${x}", "{{ x }}", "{% x %}", "{#", "a\nb", "a b", "`id`"])
def test_other_answers_take_nothing_that_speaks(question: str, text: str) -> None:
    for value in (text, f"portal{text}", f"{text}portal"):
        with pytest.raises(TemplateError, match=f"^{question}: "):
            settle(TEMPLATE, {question: value})
