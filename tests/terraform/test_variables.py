"""Variables: defaults, files, types, and the units that files of variables make."""

from __future__ import annotations

import pytest

from infraguard.collectors.terraform import collect_terraform
from infraguard.model.evidence import Environment
from infraguard.model.values import Unknown
from infraguard.readers.tree import MemoryTree
from tests.terraform.evaluating import RESOURCE, evidence, value

OBJECT = "type = object({ a = number, b = optional(string), c = optional(number, 7) })\n  "


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("default = 5", 5),
        ('type = number\n  default = "5432"', 5432),
        ("type = string\n  default = 5432", "5432"),
        ('type = bool\n  default = "true"', True),
        ("type = list(string)\n  default = [1, true]", ["1", "true"]),
        ('type = set(number)\n  default = ["2", 1, 2]', [1, 2]),
        ("type = map(string)\n  default = { a = 1 }", {"a": "1"}),
        ('type = tuple([number, string])\n  default = ["1", 2]', [1, "2"]),
        ('type = "string"\n  default = "x"', "x"),
        ("type = any\n  default = [1]", [1]),
        (
            OBJECT + 'default = { a = "1", z = 1 }',
            {"a": 1, "b": None, "c": 7},
        ),
        (
            "type = list(object({ a = optional(object({ b = optional(bool, true) }), {}) }))\n  default = [{}]",
            [{"a": {"b": True}}],
        ),
        ("type = string\n  default = null\n  nullable = true", None),
    ],
)
def test_defaults_are_converted_to_the_type(declared: str, expected: object) -> None:
    assert value("var.v", beside=f'variable "v" {{\n  {declared}\n}}\n') == expected


def test_a_value_of_the_wrong_type_is_unknown() -> None:
    found = value("var.v", beside='variable "v" {\n  type = number\n  default = "many"\n}\n')
    assert isinstance(found, Unknown)
    assert found.reason.startswith("var.v has a value of the wrong type: a number is required")


def test_files_of_variables_in_the_order_of_terraform() -> None:
    found = evidence(
        {
            "main.tf": "".join(
                f'variable "{name}" {{\n  default = 0\n}}\nresource "x" "{name}" {{\n  v = var.{name}\n}}\n'
                for name in "abcd"
            ),
            "terraform.tfvars": "a = 1\nb = 1\nc = 1\nd = 1\n",
            "terraform.tfvars.json": '{"b": 2, "c": 2, "d": 2}',
            "a.auto.tfvars": "c = 3\nd = 3\n",
            "b.auto.tfvars.json": '{"d": 4}',
        }
    )
    assert [resource.attributes["v"] for resource in found.resources] == [1, 2, 3, 4]
    assert [unit.unit for unit in found.collected] == ["."]


def test_a_unit_for_each_file_of_variables_that_terraform_would_not_load() -> None:
    found = evidence(
        {
            "db/main.tf": RESOURCE % "var.days" + 'variable "days" {}\n',
            "db/production.tfvars": "days = 30",
            "db/staging.tfvars": "days = 7\n",
        }
    )
    assert [(each.unit, each.attributes["value"], each.environment) for each in found.resources] == [
        ("db [production.tfvars]", 30, Environment.PRODUCTION),
        ("db [staging.tfvars]", 7, Environment.STAGING),
    ]
    assert [target.name for target in found.targets] == ["db"]


def test_files_of_variables_in_a_folder_below_and_one_that_is_shared() -> None:
    found = evidence(
        {
            "db/main.tf": RESOURCE % "var.days + var.more" + 'variable "days" {}\nvariable "more" {}\n',
            "db/environments/prod.tfvars": "days = 30",
            "db/environments/dev/terraform.tfvars": "days = 7\n",
            "db/environments/global.tfvars": "more = 1\n",
            "db/other/staging.tfvars": "of = 1\nanother = 2\n",
            "db/broken/staging.tfvars": 'days = "2\n',
            "db/modules/m/main.tf": "",
            "db/modules/m/staging.tfvars": "days = 99\n",
        }
    )
    assert [(each.unit, each.attributes["value"], each.environment) for each in found.resources] == [
        ("db [environments/dev/terraform.tfvars]", 8, Environment.DEVELOPMENT),
        ("db [environments/prod.tfvars]", 31, Environment.PRODUCTION),
    ]


def test_files_that_all_name_no_environment_are_chosen_from() -> None:
    main = RESOURCE % "var.days" + 'variable "days" {}\n'
    found = evidence({"main.tf": main, "vars/common.tfvars": "days = 1\n", "vars/acme.tfvars": "days = 2\n"})
    assert sorted(each.attributes["value"] for each in found.resources) == [1, 2]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"live/prod/main.tf": RESOURCE % 1}, Environment.PRODUCTION),
        ({"main.tf": RESOURCE % 1}, Environment.UNKNOWN),
        ({"prod/main.tf": RESOURCE % 1 + 'variable "env" {\n  default = "stg"\n}\n'}, Environment.PRODUCTION),
        ({"main.tf": RESOURCE % 1 + 'variable "env" {\n  default = "stg"\n}\n'}, Environment.UNKNOWN),
        ({"main.tf": RESOURCE % 1 + 'variable "env" {\n  default = "prod"\n}\n'}, Environment.PRODUCTION),
        ({"prod/main.tf": RESOURCE % 1 + 'variable "environment" {}\n'}, Environment.PRODUCTION),
        ({"prod/main.tf": 'resource "x" "y" {\n  tags = { Environment = "dev" }\n}\n'}, Environment.DEVELOPMENT),
    ],
)
def test_environment(files: dict[str, str], expected: Environment) -> None:
    (resource,) = evidence(files).resources
    assert resource.environment is expected


@pytest.mark.parametrize(
    ("content", "expected"), [("", Environment.PRODUCTION), ('environment = "stg"\n', Environment.STAGING)]
)
def test_a_default_yields_to_the_name_of_the_file_of_variables(content: str, expected: Environment) -> None:
    main = RESOURCE % 1 + 'variable "environment" {\n  default = "dev"\n}\n'
    (resource,) = evidence({"main.tf": main, "production.tfvars": content}).resources
    assert resource.environment is expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, Environment.UNKNOWN),
        ({"terraform.tfvars": 'stage = "dev"\n'}, Environment.DEVELOPMENT),
        ({"terraform.tfvars": 'stage = "prod"\n'}, Environment.PRODUCTION),
    ],
)
def test_a_tag_from_a_default_that_names_a_lesser_environment_states_none(
    given: dict[str, str], expected: Environment
) -> None:
    main = 'resource "x" "y" {\n  tags = { Environment = var.stage }\n}\nvariable "stage" {\n  default = "dev"\n}\n'
    (resource,) = evidence({"main.tf": main, **given}).resources
    assert resource.environment is expected


def test_a_tag_from_what_a_module_is_given_states_its_environment() -> None:
    inner = 'resource "x" "y" {\n  tags = { Environment = var.stage }\n}\nvariable "stage" {\n  default = "prod"\n}\n'
    main = 'module "m" {\n  source = "./m"\n  stage = "dev"\n}\n'
    (resource,) = evidence({"main.tf": main, "m/main.tf": inner}).resources
    assert resource.environment is Environment.DEVELOPMENT


def test_null_is_absent_and_replaced_by_the_default_where_null_is_refused() -> None:
    beside = 'module "m" {\n  source = "./m"\n  v = null\n  w = null\n}\n'
    inner = 'variable "v" {\n  default = 1\n  nullable = false\n}\nvariable "w" {\n  default = 1\n}\n'
    outputs = 'output "v" {\n  value = [var.v, var.w]\n}\n'
    assert value("module.m.v", beside=beside, m__main_tf=inner + outputs) == [1, None]
    assert value("null") is None


@pytest.mark.parametrize(
    ("declared", "text", "expected"),
    [
        ("type = number", "30", 30),
        ("type = string", "[1]", "[1]"),
        ("", "[1]", "[1]"),
        ("type = list(number)", '["1", 2]', [1, 2]),
        ("type = any", "{ a = 1 }", {"a": 1}),
        ("type = number\n  default = 7", "30", 30),
    ],
)
def test_variables_given_as_text_when_asked(declared: str, text: str, expected: object) -> None:
    tree = MemoryTree({"main.tf": RESOURCE % "var.v" + f'variable "v" {{\n  {declared}\n}}\n'})
    (resource,) = collect_terraform(tree, variables={"v": text, "other": "1"}).resources
    assert resource.attributes["value"] == expected


def test_files_win_over_text_and_text_that_is_no_expression_is_unknown() -> None:
    main = RESOURCE % "var.v" + 'variable "v" {\n  type = list(string)\n}\n'
    (given,) = collect_terraform(
        MemoryTree({"main.tf": main, "terraform.tfvars": 'v = ["file"]\n'}), variables={"v": '["text"]'}
    ).resources
    assert given.attributes["value"] == ["file"]
    (broken,) = collect_terraform(MemoryTree({"main.tf": main}), variables={"v": "[1"}).resources
    assert "is no expression" in broken.attributes["value"].reason


@pytest.mark.parametrize(
    ("inputs", "value"),
    [
        ("inputs = { other = 1 }", 30),
        ("inputs = { days = 7 }", 7),
        ("inputs = { days = local.days }", None),
        ("inputs = merge(local.common, { other = 1 })", None),
        ("inputs = { (local.name) = 1 }", None),
        ("inputs = {", None),
        ("", 30),
    ],
)
def test_terragrunt_goes_before_a_default_of_a_root(inputs: str, value: int | None) -> None:
    files = {
        "extras/main.tf": 'variable "days" {\n  default = 30\n}\n' + RESOURCE % "var.days",
        "live/production/terragrunt.hcl": f'terraform {{\n  source = "../../extras"\n}}\n{inputs}\n',
    }
    (found,) = [each for each in evidence(files).resources if each.id == "x_thing.main"]
    days = found.attributes["value"]
    assert days == value if value else isinstance(days, Unknown) and "Terragrunt may give var.days" in days.reason


def test_files_of_variables_apart_belong_to_the_one_folder_that_declares_them() -> None:
    main = 'variable "days" {\n}\n\nvariable "size" {\n  default = 1\n}\n\nresource "x" "a" {\n  days = var.days\n}\n'
    found = evidence(
        {
            "deployment/terraform/main.tf": main,
            "deployment/environments/terraform-production.tfvars": "days = 30\nsize = 2\n",
            "deployment/environments/terraform-staging.tfvars": "days = 7\n",
            "deployment/other/staging.tfvars": "unlike = 1\ndays = 3\n",
        }
    )
    assert [(each.unit, each.attributes["days"], each.environment) for each in found.resources] == [
        ("deployment/terraform [../environments/terraform-production.tfvars]", 30, Environment.PRODUCTION),
        ("deployment/terraform [../environments/terraform-staging.tfvars]", 7, Environment.STAGING),
    ]


def test_files_of_variables_apart_that_may_be_of_two_folders_are_of_none() -> None:
    main = 'variable "days" {\n  default = 1\n}\n\nresource "x" "a" {\n  days = var.days\n}\n'
    found = evidence({"one/main.tf": main, "two/main.tf": main, "vars/production.tfvars": "days = 30\n"})
    assert [(each.unit, each.attributes["days"]) for each in found.resources] == [("one", 1), ("two", 1)]
