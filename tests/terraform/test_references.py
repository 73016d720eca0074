"""References lead to resources through locals, variables, loops and modules, whether or not the value is known."""

from __future__ import annotations

import pytest

from tests.terraform.evaluating import resources

DATABASES = """
resource "aws_db_instance" "a" { identifier = "a" }
resource "aws_db_instance" "b" {}
resource "aws_subnet" "many" { count = 2 }
resource "aws_subnet" "named" { for_each = toset(["x", "y"]) }
resource "aws_subnet" "perhaps" { count = var.unset }
resource "aws_thing" "passes_on" { id_of_a = aws_db_instance.a.id }
data "aws_vpc" "main" {}
variable "unset" {}
variable "yes" { default = true }
locals {
  databases = { first = aws_db_instance.a, second = aws_db_instance.b }
  ids       = [aws_db_instance.a.id, aws_db_instance.b.id]
  deep      = { inner = { db = aws_db_instance.b.arn, name = "plain" } }
}
module "net" {
  source = "./net"
  db     = aws_db_instance.a.id
  config = { db = aws_db_instance.b.id, other = aws_db_instance.a.id }
}
"""
NET = """
variable "db" {}
variable "config" {}
resource "aws_vpc" "this" { v = var.db }
resource "aws_vpc" "uses" { v = var.config.db }
output "vpc_id" { value = aws_vpc.this.id }
output "db" { value = var.db }
"""
A, B = "aws_db_instance.a", "aws_db_instance.b"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1", ()),
        ('"text"', ()),
        (f"{A}.identifier", (A,)),
        (f"{B}.identifier", (B,)),
        (f'"${{{A}.id}}-${{{B}.id}}"', (A, B)),
        (f"[{A}.id, {B}.id]", (A, B)),
        ("data.aws_vpc.main.id", ("data.aws_vpc.main",)),
        ("local.ids", (A, B)),
        ("local.ids[0]", (A,)),
        ("local.databases.second.identifier", (B,)),
        ('local.databases["first"].id', (A,)),
        ("values(local.databases)[*].id", (A, B)),
        ("local.deep.inner.db", (B,)),
        ("local.deep.inner.name", ()),
        ("local.deep", (B,)),
        ("aws_subnet.many[1].id", ("aws_subnet.many[1]",)),
        ("aws_subnet.many[*].id", ("aws_subnet.many[0]", "aws_subnet.many[1]")),
        ("aws_subnet.many[var.unset].id", ("aws_subnet.many[0]", "aws_subnet.many[1]")),
        ("element(aws_subnet.many[*].id, 1)", ("aws_subnet.many[1]",)),
        ('aws_subnet.named["x"].id', ('aws_subnet.named["x"]',)),
        ("[for s in aws_subnet.named : s.id]", ('aws_subnet.named["x"]', 'aws_subnet.named["y"]')),
        ("aws_subnet.perhaps[0].id", ("aws_subnet.perhaps[?]",)),
        (f"var.yes ? {A}.id : {B}.id", (A,)),
        (f"var.unset ? {A}.id : {B}.id", (A, B)),
        (f"try({A}.id, {B}.id)", (A, B)),
        ("merge({ x = local.ids[0] }, { y = local.ids[1] }).x", (A,)),
        ('lookup(local.databases, "first").id', (A,)),
        ("{ for k, d in local.databases : k => d.id }.second", (B,)),
        ("[for d in local.databases : d.id]", (A, B)),
        ("concat([local.ids[0]], [])", (A,)),
        ("jsonencode({ x = local.databases.first.id })", (A,)),
        ("module.net.vpc_id", ("module.net.aws_vpc.this",)),
        ("module.net.db", (A,)),
        ("aws_thing.passes_on.id_of_a", (A, "aws_thing.passes_on")),
        ("undeclared_thing.here.id", ()),
        ("var.unset", ()),
    ],
)
def test_references(expression: str, expected: tuple[str, ...]) -> None:
    main = f'{DATABASES}resource "x" "y" {{\n  v = {expression}\n}}\n'
    found = resources({"main.tf": main, "net/main.tf": NET})
    assert found["x.y"].references.get("v", ()) == expected
    assert found["module.net.aws_vpc.this"].references == {"v": (A,)}
    assert found["module.net.aws_vpc.uses"].references == {"v": (B,)}


def test_references_of_instances_blocks_and_keys() -> None:
    found = resources(
        {
            "main.tf": DATABASES
            + """
resource "aws_cloudwatch_metric_alarm" "down" {
  for_each   = local.databases
  dimensions = { DBInstanceIdentifier = each.value.identifier, Name = each.key }
}
resource "aws_security_group" "main" {
  dynamic "ingress" {
    for_each = local.databases
    content {
      source = ingress.value.id
    }
  }
  egress {
    target = aws_subnet.many[0].id
  }
}
""",
            "net/main.tf": NET,
        }
    )
    for key, database in (("first", A), ("second", B)):
        alarm = found[f'aws_cloudwatch_metric_alarm.down["{key}"]']
        assert alarm.references == {"dimensions": (database,), "dimensions.DBInstanceIdentifier": (database,)}
    assert found["aws_security_group.main"].references == {
        "ingress.0.source": (A,),
        "ingress.1.source": (B,),
        "egress.0.target": ("aws_subnet.many[0]",),
    }


def test_cycles_of_references_end() -> None:
    found = resources(
        "locals {\n  a = [local.b, x.z.id]\n  b = [local.a]\n}\n"
        'resource "x" "y" {\n  v = local.b\n}\nresource "x" "z" {}\n'
    )
    assert found["x.y"].references == {"v": ("x.z",)}


def test_places() -> None:
    found = resources(
        'resource "x" "y" {\n  a = var.v\n  m = {\n    k = 1\n  }\n  b {\n    c = [\n      1,\n    ]\n  }\n}\n'
        'variable "v" {\n  default = 1\n}\n'
    )
    resource = found["x.y"]
    assert (resource.location.line, resource.location.end_line) == (1, 11)
    assert {path: (place.line, place.column, place.end_line) for path, place in resource.places.items()} == {
        "a": (2, 7, 2),
        "m": (3, 7, 5),
        "m.k": (4, 9, 4),
        "b": (6, 3, 6),
        "b.0": (6, 3, 6),
        "b.0.c": (7, 9, 9),
    }


def test_an_index_below_zero_leads_to_any_item() -> None:
    found = resources('resource "x" "a" {\n}\nresource "x" "b" {\n  v = element([x.a.id], -5)\n}\n')
    assert found["x.b"].references["v"] == ("x.a",)
