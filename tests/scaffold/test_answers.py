"""Answers: checked as they come, literal, and asked again when they do not fit."""

from __future__ import annotations

import pytest

from infraguard.model.errors import TemplateError
from infraguard.scaffold.answers import answers_of, complaint, settle
from infraguard.scaffold.template import Question, Template, find_template


@pytest.fixture(scope="module")
def template() -> Template:
    return find_template("consulting-service")


def test_defaults_follow_from_the_answers_before_them(template: Template) -> None:
    answers = answers_of(template, settle(template, {"project_name": "Time & Money"}))
    assert answers["project_slug"] == "time-money"
    assert answers["package_name"] == "time_money"


def test_an_answer_is_text_and_never_a_template(template: Template) -> None:
    settled = settle(template, {"description": "{{ cookiecutter.project_name }} {% if"})
    assert settled["description"] == "{{ cookiecutter.project_name }} {% if"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("project_name", ""),
        ("project_name", " leading"),
        ("project_name", "two\nlines"),
        ("project_name", "two\u2028lines"),
        ("project_name", "turned \u202e round"),
        ("project_name", "x" * 61),
        ("project_slug", "Portal"),
        ("project_slug", "9-lives"),
        ("project_slug", "a--b"),
        ("project_slug", "ends-"),
        ("project_slug", "../up"),
        ("project_slug", "x" * 21),
        ("package_name", "with-hyphen"),
        ("package_name", "class"),
        ("package_name", "tests"),
        ("description", "tab\there"),
        ("description", ""),
        ("owner_email", "nobody"),
        ("owner_email", 'a"b@example.com'),
        ("owner_email", "${x}@example.com"),
        ("owner_email", "a@example"),
        ("github_owner", "-dash"),
        ("github_owner", "a/b"),
        ("aws_region", "Europe"),
        ("aws_region", "eu-west-1a"),
        ("domain_name", "example"),
        ("domain_name", "https://example.com"),
        ("domain_name", "UPPER.example.com"),
        ("domain_name", f"{'a' * 64}.example.com"),
    ],
)
def test_what_cannot_be_valid_is_refused_by_name(template: Template, name: str, value: str) -> None:
    with pytest.raises(TemplateError, match=f"^{name}: ") as caught:
        settle(template, {name: value})
    assert caught.value.hint == f"give another one: --set {name}=VALUE"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("project_name", "Ünï cödé — 時間 🧾"),
        ("project_slug", "ab"),
        ("project_slug", "a1-b2-c3"),
        ("owner_email", "first.last+tag@sub.example.co.uk"),
        ("aws_region", "us-gov-west-1"),
        ("aws_region", "ap-southeast-4"),
        ("domain_name", "a.io"),
    ],
)
def test_what_is_valid_is_taken(template: Template, name: str, value: str) -> None:
    assert complaint(template.questions[name], value) == ""


def test_a_name_without_letters_needs_a_slug_of_its_own(template: Template) -> None:
    with pytest.raises(TemplateError, match=r"^project_slug: '' is not accepted"):
        settle(template, {"project_name": "🧾"})


def test_an_unknown_answer_is_an_error_with_the_nearest_name(template: Template) -> None:
    with pytest.raises(TemplateError, match="no question 'projct_slug'") as caught:
        settle(template, {"projct_slug": "x"})
    assert "project_slug" in caught.value.hint


def test_private_variables_are_nobodys_to_answer(template: Template) -> None:
    with pytest.raises(TemplateError, match="no question '__description_quoted'"):
        settle(template, {"__description_quoted": "x"})


def test_people_are_asked_in_order_and_again_until_the_answer_fits(template: Template) -> None:
    asked: list[tuple[str, str, str]] = []
    replies = iter(["Portal of Zeta", "Zeta!", "zeta"])

    def ask(question: Question, default: str, problem: str) -> str:
        asked.append((question.name, default, problem))
        return next(replies, default)

    settled = settle(template, {"owner_email": "ops@example.org"}, ask)
    assert settled["project_slug"] == "zeta"
    assert settled["package_name"] == "zeta"
    assert [name for name, _, _ in asked] == [
        "project_name",
        "project_slug",
        "project_slug",
        "package_name",
        "description",
        "github_owner",
        "aws_region",
        "domain_name",
    ]
    assert asked[1] == ("project_slug", "portal-of-zeta", "")
    assert asked[2][2].startswith("project_slug: 'Zeta!' is not accepted")


def test_a_choice_is_one_of_its_choices() -> None:
    question = Question("size", "Size", "small", choices=("small", "large"))
    assert complaint(question, "large") == ""
    assert complaint(question, "huge") == "size: 'huge' is not one of small, large"
