"""An argument whose value Terraform cannot read is not known, and what stands beside it is."""

from __future__ import annotations

import pytest

from infraguard.model.errors import SyntaxProblem, TooMuch
from infraguard.model.values import Unknown
from infraguard.terraform.syntax import parse_file, parse_what_is_sound
from infraguard.terraform.syntax.nodes import Broken
from infraguard.terraform.syntax.parser import MAX_BROKEN
from tests.terraform.evaluating import evidence, resources

_OVER_LINES = 'a = var.spot ?\n    ["SPOT"] : ["ONE"]\n'
_RESOURCE = 'resource "aws_ecs_cluster" "main" {{\n  name = "main"\n  {broken}\n  tags = {{ a = "b" }}\n}}\n'


@pytest.mark.parametrize(
    "broken",
    [
        "configuration = var.spot ?\n    [1] : [2]",
        "configuration = 1 2",
        "configuration = { a = b c }",
        'configuration = [\n  "a"\n  "b"\n]',
        'configuration = upper("}" "{")',
        "configuration = ",
    ],
)
def test_what_stands_beside_a_broken_argument_is_known(broken: str) -> None:
    files = {"main.tf": _RESOURCE.format(broken=broken) + 'resource "aws_vpc" "b" {\n  cidr_block = "10.0.0.0/16"\n}\n'}
    found = resources(files)
    main = found["aws_ecs_cluster.main"].attributes
    assert (main["name"], main["tags"]) == ("main", {"a": "b"})
    assert isinstance(main["configuration"], Unknown)
    assert "(main.tf:" in main["configuration"].reason
    assert found["aws_vpc.b"].attributes["cidr_block"] == "10.0.0.0/16"


def test_what_leads_to_a_broken_argument_is_not_known() -> None:
    text = (
        'locals {\n  days = 30 days\n  name = "a"\n}\nresource "aws_vpc" "a" {\n  x = local.days\n  y = local.name\n}\n'
    )
    found = resources(text)["aws_vpc.a"].attributes
    assert isinstance(found["x"], Unknown)
    assert found["y"] == "a"


def test_a_resource_whose_count_is_broken_may_not_exist() -> None:
    found = resources('resource "aws_vpc" "a" {\n  count = 1 +\n  cidr_block = "10.0.0.0/16"\n}\n')
    assert list(found) == ["aws_vpc.a[?]"]


def test_a_module_whose_source_is_broken_may_make_anything() -> None:
    found = evidence({"main.tf": 'module "a" {\n  source = "./a" "b"\n}\n', "a/main.tf": 'resource "aws_vpc" "a" {}\n'})
    assert any(gap.kinds == ("*",) for gap in found.gaps)


@pytest.mark.parametrize(
    "text",
    [
        'resource "aws_vpc" "a" {\n  x = [1, 2\n  y = 3\n}\n',
        'resource "aws_vpc" "a" {\n  x = 1]\n  y = 3\n}\n',
        'resource "aws_vpc" "a" {\n  x = "a\n  y = 3\n}\n',
        'resource "aws_vpc" "a" {\n  x = 1 +\n',
        'resource "aws_vpc" "a" {\n  x = <<EOT x\n  y = 3\nEOT\n}\n',
        "terraform {\n  required_version = 1 2\n}\n",
        'resource "aws_vpc" "a"\n{\n}\n',
    ],
)
def test_where_an_argument_ends_must_be_certain(text: str) -> None:
    with pytest.raises(SyntaxProblem):
        parse_what_is_sound(text, "main.tf")


def test_too_many_broken_arguments_refuse_the_file() -> None:
    lines = "".join(f"  a{number} = 1 2\n" for number in range(MAX_BROKEN + 1))
    with pytest.raises(SyntaxProblem):
        parse_what_is_sound(f"locals {{\n{lines}}}\n", "main.tf")


def test_what_is_beyond_our_bounds_is_not_called_broken() -> None:
    with pytest.raises(TooMuch):
        parse_what_is_sound("locals {\n  a = " + "[" * 200 + "]" * 200 + "\n}\n", "main.tf")


def test_a_broken_argument_is_said_with_its_place() -> None:
    file = parse_what_is_sound(f"locals {{\n  {_OVER_LINES}}}\n", "main.tf")
    (attribute,) = file.body.blocks[0].body.attributes.values()
    assert isinstance(attribute.value, Broken)
    assert file.problems == ("expected a value, found the end of the line (main.tf:2)",)
    with pytest.raises(SyntaxProblem):
        parse_file(file.text, "main.tf")


def test_a_broken_variable_of_a_file_is_not_known() -> None:
    main = 'variable "a" {}\nvariable "b" {}\nresource "aws_vpc" "a" {\n  x = var.a\n  y = var.b\n}\n'
    found = resources({"main.tf": main, "terraform.tfvars": 'a = 1 2\nb = "c"\n'})["aws_vpc.a"].attributes
    assert isinstance(found["x"], Unknown)
    assert found["y"] == "c"
