"""The region of what a plan makes: its own, or that of its provider, as far as a plan tells."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from infraguard.collectors.plan.document import Document
from infraguard.collectors.plan.regions import Regions

VARIABLES = {"here": {"value": "eu-west-1"}, "there": {"value": "us-gov-west-1"}, "country": {"value": "eu"}}


def regions(**providers: Any) -> Regions:
    configured = {
        key.replace("__", ":").replace("_", "."): {"expressions": {"region": said}} for key, said in providers.items()
    }
    raw = {"format_version": "1.2", "variables": VARIABLES, "configuration": {"provider_config": configured}}
    return Regions(msgspec.convert(raw, Document))


def of_variable(*names: str) -> dict[str, Any]:
    return {"references": list(names)}


def test_a_constant_is_known() -> None:
    assert regions(aws={"constant_value": "eu-west-1"}).of("aws_vpc", {}, "aws") == "eu-west-1"


def test_so_is_the_only_variable_of_the_only_provider_that_uses_it() -> None:
    found = regions(aws=of_variable("var.here"), aws_dr=of_variable("var.there"))
    assert found.of("aws_vpc", {}, "aws") == "eu-west-1"
    assert found.of("aws_vpc", {}, "aws.dr") == "us-gov-west-1"


@pytest.mark.parametrize(
    "said",
    [
        of_variable("var.country"),  # "${var.country}-west-1"
        of_variable("var.here", "var.there"),
        of_variable("var.nobody"),
        of_variable("local.here"),
        of_variable("data.aws_region.here.name", "data.aws_region.here"),
        {},
    ],
)
def test_what_a_plan_does_not_tell_is_not_known(said: dict[str, Any]) -> None:
    assert regions(aws=said).of("aws_vpc", {}, "aws") == ""


def test_one_variable_of_two_providers_may_be_a_pair_of_regions() -> None:
    found = regions(aws=of_variable("var.here"), aws_dr=of_variable("var.here"))
    assert {found.of("aws_vpc", {}, key) for key in ("aws", "aws.dr")} == {""}


def test_a_provider_within_a_module_refers_to_variables_of_that() -> None:
    assert regions(module_db__aws=of_variable("var.here")).of("aws_vpc", {}, "module.db:aws") == ""


def test_what_a_resource_says_itself_goes_before_its_provider() -> None:
    found = regions(aws={"constant_value": "eu-west-1"})
    assert found.of("aws_vpc", {"region": "eu-north-1"}, "aws") == "eu-north-1"
    assert found.of("aws_vpc", {"region": None}, "aws") == ""
    assert found.of("aws_vpc", {"arn": "arn:aws:ec2:ap-south-2:1:vpc/v"}, "aws") == "ap-south-2"
    assert found.of("aws_vpc", {"arn": "v"}, "aws") == "eu-west-1"


@pytest.mark.parametrize("kind", ["aws_iam_role", "aws_route53_zone", "google_sql_database", "terraform_data"])
def test_what_is_in_no_region_has_none(kind: str) -> None:
    assert regions(aws={"constant_value": "eu-west-1"}).of(kind, {}, "aws") == ""
