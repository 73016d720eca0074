"""`issensitive` where Terraform's own answer is not at hand: the provider's schema, and what nobody can be certain of.

What Terraform answers is in `console.json`, and for variables, locals and modules in `planned_sensitive`.
"""

from __future__ import annotations

import pytest

from infraguard.model.values import Unknown, Value
from tests.terraform.evaluating import RESOURCE, evidence, unknown, value

DATABASE = """
variable "secret" {
  type      = string
  sensitive = true
}
resource "aws_db_instance" "main" {
  username = "admin"
  password = "p"
  tags     = { Secret = var.secret, Name = "n" }
}
resource "aws_db_instance" "managed" {
  count    = 2
  username = var.secret
}
resource "aws_mq_broker" "main" {
  user {
    username = "u"
    password = "p"
  }
  logs {
    general = true
  }
}
data "aws_secretsmanager_secret_version" "main" {
  secret_id = "s"
}
"""


def answer(expression: str, beside: str) -> Value:
    """The value of an expression in a root of which not everything needs to be there."""
    found = evidence({"main.tf": RESOURCE % expression + beside})
    return {each.id: each for each in found.resources}["x_thing.main"].attributes["value"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("var.secret", True),
        ('"${var.secret}!"', True),
        ("{ a = var.secret }", False),
        ("{ a = var.secret }.a", True),
        ("aws_db_instance.main.password", True),
        ("aws_db_instance.main.username", False),
        ("aws_db_instance.main.tags", False),
        ("aws_db_instance.main.tags.Secret", True),
        ('aws_db_instance.main.tags["Name"]', False),
        ("aws_db_instance.main", False),
        ("aws_db_instance.managed[1].password", True),
        ("aws_db_instance.managed[*].username", False),
        ("(aws_db_instance.managed[*].username)[0]", True),
        ("[for each in aws_db_instance.managed : each.username][0]", True),
        ('format("%s:%s", aws_db_instance.main.username, aws_db_instance.main.password)', True),
        ("aws_mq_broker.main.user", True),
        ("aws_mq_broker.main.logs", False),
        ("aws_mq_broker.main.logs[0].general", False),
        ("data.aws_secretsmanager_secret_version.main.secret_string", True),
        ("jsondecode(data.aws_secretsmanager_secret_version.main.secret_string)", True),
    ],
)
def test_the_schema_of_the_provider_says_what_is_sensitive(expression: str, expected: bool) -> None:
    assert answer(f"issensitive({expression})", DATABASE) is expected


@pytest.mark.parametrize(
    "expression",
    [
        "aws_db_instance.main.endpoint",
        "aws_db_instance.main.no_such_argument",
        "x_other.main.value",
        'data.aws_ami.main["id"]',
        "module.away.token",
        "var.unset",
        "[for each in var.unset : each]",
        "nonsense(1)",
        'templatestring("a", {})',
        "{ a = 1 }[sensitive(var.key)]",
        "try(aws_db_instance.main.endpoint, var.key)",
    ],
)
def test_what_is_not_certain_is_unknown(expression: str) -> None:
    beside = """
variable "unset" {}
variable "key" {
  default = "a"
}
resource "aws_db_instance" "main" {}
resource "x_other" "main" {
  value = "v"
}
data "aws_ami" "main" {}
module "away" {
  source = "example/away/aws"
}
"""
    found = answer(f"issensitive({expression})", beside)
    assert isinstance(found, Unknown)
    assert found.reason
    assert found.remedy


def test_a_sensitive_variable_without_a_value_is_sensitive_all_the_same() -> None:
    beside = 'variable "secret" {\n  sensitive = true\n}\n'
    assert value("issensitive(var.secret)", beside=beside) is True
    assert value('issensitive(upper(var.secret)) ? "kept" : "shown"', beside=beside) == "kept"


def test_an_output_that_is_declared_sensitive_is_certain_only_where_its_value_is() -> None:
    """Terraform 1.11 does not mark it for the module that calls, other versions do."""
    module = """
output "declared" {
  value     = "d"
  sensitive = true
}
output "marked" {
  value     = sensitive("d")
  sensitive = true
}
"""
    call = 'module "m" {\n  source = "./m"\n}\n'
    assert value("issensitive(module.m.marked)", beside=call, m__main_tf=module) is True
    assert "not certain" in unknown("issensitive(module.m.declared)", beside=call, m__main_tf=module).reason


def test_locals_that_lead_to_each_other_end() -> None:
    beside = "locals {\n  a = local.b\n  b = local.a\n}\n"
    assert isinstance(value("issensitive(local.a)", beside=beside), Unknown)
