"""Answers: checked as they come, literal, and asked again when they do not fit."""

from __future__ import annotations

import re
from pathlib import Path

import boto3
import pytest

from infraguard.model.errors import TemplateError
from infraguard.scaffold.answers import answers_of, settle
from infraguard.scaffold.questions import Question, complaint
from infraguard.scaffold.template import Template, find_template, load_template
from tests.scaffold.conftest import write_template

#: Regions of three partitions, all those with a default of their own among them.
REGIONS = (
    "ap-northeast-1", "ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-2", "ap-southeast-4",
    "ca-central-1", "ca-west-1", "cn-north-1", "cn-northwest-1", "eu-central-1", "eu-north-1", "eu-west-1",
    "us-east-1", "us-east-2", "us-gov-east-1", "us-gov-west-1", "us-west-1", "us-west-2",
)  # fmt: skip


@pytest.fixture(scope="module")
def template() -> Template:
    return find_template("consulting-service")


def test_defaults_follow_from_the_answers_before_them(template: Template) -> None:
    answers = answers_of(template, settle(template, {"project_name": "Time & Money"}))
    assert answers["project_slug"] == "time-money"
    assert answers["package_name"] == "time_money"


def test_an_answer_is_text_and_never_a_template(template: Template) -> None:
    settled = settle(template, {"project_name": "{{ cookiecutter.x }} {% if", "project_slug": "ab"})
    assert settled["project_name"] == "{{ cookiecutter.x }} {% if"
    assert settled["__description"].startswith("{{ cookiecutter.x }} {% if: ")


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
        ("package_name", "match"),
        ("package_name", "secrets"),
        ("package_name", "sqlalchemy"),
        ("package_name", "tests"),
        ("project_name", "tab\there"),
        ("owner_email", "nobody"),
        ("owner_email", 'a"b@example.com'),
        ("owner_email", "${x}@example.com"),
        ("owner_email", "a@example"),
        ("github_owner", "-dash"),
        ("github_owner", "a/b"),
        ("aws_region", "Europe"),
        ("aws_region", "eu-west-1a"),
        ("dr_region", "eu-west-1"),
        ("dr_region", "us-gov-west-1"),
        ("dr_region", "cn-north-1"),
        ("database_storage_gb", "19"),
        ("database_storage_gb", "6554"),
        ("database_storage_gb", "9" * 5000),
        ("database_storage_gb", "٣٠٠"),
        ("database_storage_gb", "100 GB"),
        ("instance_class", "t3.mdium"),
        ("load_balancer", ""),
        ("extras", "Warehouse"),
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
        ("dr_region", "us-east-1"),
        ("database_storage_gb", "20"),
        ("database_storage_gb", "6553"),
        ("package_name", "class_"),
    ],
)
def test_what_is_valid_is_taken(template: Template, name: str, value: str) -> None:
    assert complaint(template.questions[name], value, {"aws_region": "eu-west-1"}) == ""


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
        "github_owner",
        "aws_region",
        "dr_region",
        "domain_name",
        "database_storage_gb",
        "instance_class",
        "load_balancer",
        "extras",
    ]
    assert asked[1] == ("project_slug", "portal-of-zeta", "")
    assert asked[2][2].startswith("project_slug: 'Zeta!' is not accepted")


def test_a_choice_is_one_of_its_choices() -> None:
    question = Question("size", "Size", "small", choices=("small", "large"))
    assert complaint(question, "large", {}) == ""
    assert complaint(question, "huge", {}) == "size: 'huge' is not one of small, large"
    assert complaint(question, "lagre", {}) == "size: 'lagre' is not one of small, large: did you mean 'large'?"


@pytest.mark.parametrize("region", REGIONS)
def test_the_second_region_is_another_one_of_the_same_partition_by_default(template: Template, region: str) -> None:
    settled = settle(template, {"aws_region": region})
    assert settled["dr_region"] in REGIONS
    assert settled["dr_region"] != region


def test_a_default_that_an_answer_rules_out_is_refused_by_name(template: Template) -> None:
    with pytest.raises(TemplateError, match="dr_region: 'eu-central-1' does not go with the answer to aws_region"):
        settle(template, {"aws_region": "cn-north-1", "dr_region": "eu-central-1"})


class TestConditionalQuestions:
    """A question that earlier answers leave no room for is not asked, and its default stands."""

    @pytest.fixture
    def conditional(self, tmp_path: Path) -> Template:
        questions = "count: {when: {cache: ['yes']}, pattern: '[0-9]+'}"
        return load_template(
            write_template(tmp_path / "t", {"slug": "x", "cache": ["no", "yes"], "count": "2"}, {}, questions)
        )

    def test_it_is_skipped(self, conditional: Template) -> None:
        asked: list[str] = []

        def ask(question: Question, default: str, _: str) -> str:
            asked.append(question.name)
            return default

        assert settle(conditional, {}, ask) == {"slug": "x", "cache": "no", "count": "2"}
        assert asked == ["slug", "cache"]

    def test_it_is_asked(self, conditional: Template) -> None:
        asked: list[str] = []

        def ask(question: Question, default: str, _: str) -> str:
            asked.append(question.name)
            return "3" if question.name == "count" else default

        assert settle(conditional, {"cache": "yes"}, ask)["count"] == "3"
        assert asked == ["slug", "count"]

    def test_an_answer_without_effect_is_refused(self, conditional: Template) -> None:
        with pytest.raises(TemplateError, match="count: '3' has no effect, because cache is 'no'") as caught:
            settle(conditional, {"count": "3"})
        assert caught.value.hint == "leave count out"

    def test_a_recorded_default_is_taken(self, conditional: Template) -> None:
        assert settle(conditional, {"count": "2"})["count"] == "2"


def test_the_regions_that_there_are_can_be_answered_and_no_others(template: Template) -> None:
    """By the list of Amazon's own client."""
    session = boto3.Session("x", "x")
    partitions = ("aws", "aws-cn", "aws-us-gov")
    regions = {region for partition in partitions for region in session.get_available_regions("ec2", partition)}
    for question in ("aws_region", "dr_region"):
        assert set(template.questions[question].rules.known) == regions


def test_a_region_that_there_is_not_is_refused_with_the_nearest(template: Template) -> None:
    with pytest.raises(TemplateError) as caught:
        settle(template, {"aws_region": "eu-wst-1"})
    assert str(caught.value) == (
        "aws_region: 'eu-wst-1' is not the code of a region of AWS, its GovCloud or AWS China, such as eu-west-1: "
        "did you mean 'eu-west-1'?"
    )


def test_a_partition_that_the_terraform_does_not_know_is_refused(template: Template) -> None:
    written = (template.folder / "{{cookiecutter.project_slug}}/terraform/environments/production/main.tf").read_text(
        "utf-8"
    )
    assert set(re.findall(r'"(aws-[a-z-]+)"', written)) == {"aws-us-gov", "aws-cn"}
    for region in ("eusc-de-east-1", "us-iso-east-1", "eu-isoe-west-1"):
        assert "is not the code of a region" in complaint(template.questions["aws_region"], region, {})


@pytest.mark.parametrize(
    "typo", ["eu-wset-1", "mars-1", "eu-west", "eu-west-1a", "eu-west-1 ", "EU-WEST-1", "us-govt-east-1", "eu-west-9"]
)
def test_a_region_that_there_cannot_be_is_refused(typo: str, template: Template) -> None:
    assert "the code of a region" in complaint(template.questions["aws_region"], typo, {})
