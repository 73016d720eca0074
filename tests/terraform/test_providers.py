"""Tags that a provider puts on everything, and which provider a resource uses."""

from __future__ import annotations

import pytest

from infraguard.evaluation.relations import refers
from infraguard.model.evidence import Environment
from infraguard.model.values import Unknown, Value
from tests.terraform.evaluating import RESOURCE, resources

PROVIDERS = """
variable "team" {}
provider "aws" {
  default_tags {
    tags = { Environment = "production", Owner = "data" }
  }
}
provider "aws" {
  alias = "dev"
  default_tags {
    tags = { Environment = "dev", Owner = "data" }
  }
}
provider "aws" {
  alias = "plain"
}
provider "aws" {
  alias = "unset"
  default_tags {
    tags = { Environment = "staging", Team = var.team }
  }
}
provider "aws" {
  alias = "hidden"
  default_tags {
    tags = var.team
  }
}
"""
TAGGED = 'resource "aws_db_instance" "main" {\n  %s\n  tags = { Name = "x", Owner = "me" }\n}\n'


@pytest.mark.parametrize(
    ("provider", "environment", "tags"),
    [
        ("", Environment.PRODUCTION, {"Environment": "production", "Owner": "me", "Name": "x"}),
        ("provider = aws.dev", Environment.DEVELOPMENT, {"Environment": "dev", "Owner": "me", "Name": "x"}),
        ('provider = "aws.dev"', Environment.DEVELOPMENT, {"Environment": "dev", "Owner": "me", "Name": "x"}),
        ("provider = aws.plain", Environment.UNKNOWN, None),
        ("provider = aws.nowhere", Environment.UNKNOWN, None),
    ],
)
def test_default_tags(provider: str, environment: Environment, tags: dict[str, str] | None) -> None:
    found = resources(PROVIDERS + TAGGED % provider)["aws_db_instance.main"]
    assert found.environment is environment
    assert found.attributes.get("tags_all") == tags
    assert found.attributes["tags"] == {"Name": "x", "Owner": "me"}


def test_default_tags_that_are_not_known() -> None:
    part = resources(PROVIDERS + TAGGED % "provider = aws.unset")["aws_db_instance.main"]
    assert part.environment is Environment.STAGING
    assert isinstance(part.attributes["tags_all"]["Team"], Unknown)
    whole = resources(PROVIDERS + TAGGED % "provider = aws.hidden")["aws_db_instance.main"]
    assert whole.environment is Environment.UNKNOWN
    assert whole.attributes["tags_all"].depends_on == ("var.team",)


def referred(expression: str, text: str) -> Value:
    return resources(text + RESOURCE % expression)["x_thing.main"].attributes.get("value")


@pytest.mark.parametrize(
    ("provider", "tags"),
    [
        ("", {"Environment": "production", "Owner": "me", "Name": "x"}),
        ("provider = aws.dev", {"Environment": "dev", "Owner": "me", "Name": "x"}),
        ("provider = aws.plain", {"Owner": "me", "Name": "x"}),
    ],
)
def test_a_reference_sees_all_tags(provider: str, tags: dict[str, str]) -> None:
    assert referred("aws_db_instance.main.tags_all", PROVIDERS + TAGGED % provider) == tags
    assert referred("aws_db_instance.main.tags_all.Owner", PROVIDERS + TAGGED % provider) == "me"


@pytest.mark.parametrize(
    "text",
    [
        TAGGED % "",  # whoever calls this module may have a provider with tags
        PROVIDERS + TAGGED % "provider = aws.nowhere",
        PROVIDERS + TAGGED % "provider = aws.unset",
        PROVIDERS + TAGGED % "provider = aws.hidden",
        PROVIDERS + 'resource "aws_db_instance" "main" {\n  provider = aws.plain\n}\n',
        PROVIDERS + 'resource "aws_db_instance" "main" {\n  tags = { Name = "" }\n}\n',
        PROVIDERS + 'resource "aws_db_instance" "main" {\n  tags = { Name = aws_kms_key.main.arn }\n}\n',
        'provider "aws" {\n  ignore_tags {\n    keys = ["Name"]\n  }\n}\n' + TAGGED % "",
    ],
)
def test_all_tags_that_only_a_plan_knows(text: str) -> None:
    assert isinstance(referred("aws_db_instance.main.tags_all", text), Unknown)


def test_the_tags_of_a_resource_win_over_the_provider() -> None:
    tagged = 'resource "aws_db_instance" "main" {\n  tags = { Environment = "staging" }\n}\n'
    assert resources(PROVIDERS + tagged)["aws_db_instance.main"].environment is Environment.STAGING


def test_a_resource_without_tags_is_of_the_environment_of_its_provider() -> None:
    found = resources(PROVIDERS + 'resource "aws_db_instance" "main" {\n}\n')["aws_db_instance.main"]
    assert found.environment is Environment.PRODUCTION
    assert found.attributes["tags_all"]["Environment"] == "production"


def test_what_takes_no_tags_gets_none_of_its_provider() -> None:
    text = 'resource "aws_sns_topic_subscription" "main" {\n}\n'
    assert "tags_all" not in resources(PROVIDERS + text)["aws_sns_topic_subscription.main"].attributes


@pytest.mark.parametrize(
    ("call", "inner", "environment"),
    [
        ("", "", Environment.PRODUCTION),
        ("providers = { aws = aws.dev }", "", Environment.DEVELOPMENT),
        ("providers = { aws.other = aws.dev }", "provider = aws.other", Environment.DEVELOPMENT),
        ("providers = { aws.other = aws.dev }", "", Environment.PRODUCTION),
        ("", "provider = aws.dev", Environment.UNKNOWN),
    ],
)
def test_modules_see_what_their_caller_passes_and_inherit_only_what_has_no_alias(
    call: str, inner: str, environment: Environment
) -> None:
    found = resources(
        {
            "main.tf": PROVIDERS + f'module "db" {{\n  source = "./db"\n  {call}\n}}\n',
            "db/main.tf": f'resource "aws_db_instance" "main" {{\n  {inner}\n}}\n',
        }
    )
    (resource,) = found.values()
    assert resource.environment is environment


def test_providers_are_passed_through_every_module_on_the_way() -> None:
    found = resources(
        {
            "main.tf": PROVIDERS + 'module "a" {\n  source = "./a"\n  providers = { aws = aws.dev }\n}\n',
            "a/main.tf": 'module "b" {\n  source = "../b"\n  providers = { aws.inner = aws }\n}\n',
            "b/main.tf": 'resource "aws_db_instance" "main" {\n  provider = aws.inner\n}\n',
        }
    )
    assert found["module.a.module.b.aws_db_instance.main"].environment is Environment.DEVELOPMENT


def test_other_blocks_are_read_without_harm() -> None:
    text = """
terraform {
  required_version = ">= 1.5"
}
moved {
  from = aws_db_instance.old
  to   = aws_db_instance.main
}
import {
  for_each = toset(["a"])
  to       = aws_db_instance.main
  id       = each.value
}
removed {
  from = aws_db_instance.gone
  lifecycle {
    destroy = false
  }
}
check "health" {
  data "http" "main" {
    url = "https://example.com"
  }
  assert {
    condition     = data.http.main.status_code == 200
    error_message = "Down."
  }
}
resource "aws_db_instance" "main" {
  name = "x"
}
"""
    (found,) = resources(text).values()
    assert (found.id, found.attributes["name"]) == ("aws_db_instance.main", "x")


REGIONS = """
provider "aws" {
  region = "eu-west-1"
}
provider "aws" {
  alias  = "america"
  region = var.america
}
variable "america" {
  default = "us-east-1"
}
resource "aws_db_instance" "main" {
  identifier = "portal"
}
resource "aws_cloudwatch_metric_alarm" "here" {
  dimensions = { DBInstanceIdentifier = aws_db_instance.main.identifier }
}
resource "aws_cloudwatch_metric_alarm" "there" {
  provider   = aws.america
  dimensions = { DBInstanceIdentifier = aws_db_instance.main.identifier }
}
resource "aws_s3_bucket" "files" {
  provider = aws.america
  bucket   = "files"
}
resource "aws_sqs_queue" "own" {
  region = "ap-southeast-2"
}
module "queues" {
  source    = "./queues"
  providers = { aws = aws.america }
}
"""
QUEUES = {"queues/main.tf": 'resource "aws_sqs_queue" "jobs" {\n}\n'}


def test_a_resource_is_in_the_region_of_its_provider() -> None:
    found = resources({"main.tf": REGIONS, **QUEUES})
    assert {name: each.location.region for name, each in found.items()} == {
        "aws_db_instance.main": "eu-west-1",
        "aws_cloudwatch_metric_alarm.here": "eu-west-1",
        "aws_cloudwatch_metric_alarm.there": "us-east-1",
        "aws_s3_bucket.files": "",
        "aws_sqs_queue.own": "ap-southeast-2",
        "module.queues.aws_sqs_queue.jobs": "us-east-1",
    }


def test_a_region_that_is_not_known_is_none() -> None:
    found = resources({"main.tf": REGIONS.replace('  default = "us-east-1"\n', ""), **QUEUES})
    assert found["aws_cloudwatch_metric_alarm.there"].location.region == ""


def test_an_alarm_of_another_region_is_on_no_database_of_this_one() -> None:
    found = resources({"main.tf": REGIONS, **QUEUES})
    database, path = found["aws_db_instance.main"], "dimensions.DBInstanceIdentifier"
    assert refers(found["aws_cloudwatch_metric_alarm.here"], path, database) is True
    assert refers(found["aws_cloudwatch_metric_alarm.there"], path, database) is False


REGION = 'data "aws_region" "here" {\n}\ndata "aws_partition" "here" {\n}\n'


@pytest.mark.parametrize(
    ("provider", "known"),
    [
        ('provider "aws" {\n  region = "eu-west-1"\n}\n', True),
        ('variable "r" {\n  default = "eu-west-1"\n}\nprovider "aws" {\n  region = var.r\n}\n', True),
        ('variable "r" {}\nprovider "aws" {\n  region = var.r\n}\n', False),
        ('provider "aws" {\n}\n', False),
        ("", False),
        ('provider "aws" {\n  region = "us-iso-east-1"\n}\n', False),
    ],
)
def test_what_the_region_of_a_provider_tells(provider: str, known: bool) -> None:
    expression = '"arn:${data.aws_partition.here.partition}:logs:${data.aws_region.here.name}:*"'
    found = referred(expression, provider + REGION)
    assert found == "arn:aws:logs:eu-west-1:*" if known else isinstance(found, Unknown)


def test_a_data_source_that_is_asked_of_another_region_does_not_tell_of_the_provider() -> None:
    text = 'provider "aws" {\n  region = "eu-west-1"\n}\ndata "aws_region" "other" {\n  %s\n}\n'
    assert referred("data.aws_region.other.name", text % 'name = "us-east-1"') == "us-east-1"
    assert isinstance(referred("data.aws_region.other.name", text % 'endpoint = "ec2.amazonaws.com"'), Unknown)
    assert isinstance(referred("data.aws_region.other.description", text % ""), Unknown)
