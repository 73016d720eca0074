"""Modules, instances, nested blocks and overrides."""

from __future__ import annotations

import pytest

from infraguard.collectors.terraform import collect_terraform
from infraguard.model.evidence import GapReason
from infraguard.model.values import Unknown
from infraguard.readers.tree import MemoryTree
from tests.terraform.evaluating import RESOURCE, evidence, resources, value


def test_modules_in_modules_pass_values_in_and_out() -> None:
    found = resources(
        {
            "live/main.tf": 'module "a" {\n  source = "../a"\n  for_each = { x = 1, y = 2 }\n  n = each.value\n}\n'
            'resource "x" "sum" {\n  v = module.a["x"].n + module.a["y"].n\n  all = values(module.a)[*].n\n}\n',
            "a/main.tf": 'variable "n" {}\nmodule "b" {\n  source = "./b"\n  count = 2\n'
            "  n = var.n * 10 + count.index\n}\n"
            'output "n" {\n  value = module.b[1].n\n}\n',
            "a/b/main.tf": 'variable "n" {}\nresource "x" "y" {\n  v = var.n\n}\noutput "n" {\n  value = x.y.v\n}\n',
        }
    )
    assert found["x.sum"].attributes == {"v": 32, "all": [11, 21]}
    assert {name: each.attributes["v"] for name, each in found.items() if name.startswith("module")} == {
        'module.a["x"].module.b[0].x.y': 10,
        'module.a["x"].module.b[1].x.y': 11,
        'module.a["y"].module.b[0].x.y': 20,
        'module.a["y"].module.b[1].x.y': 21,
    }
    assert found['module.a["x"].module.b[0].x.y'].unit == "live"


def test_modules_behind_a_link_to_a_folder_are_read_where_they_lie() -> None:
    files = {
        "envs/prod/main.tf": 'module "stack" {\n  source = "./modules/stack"\n  n = 3\n}\n',
        "modules/stack/main.tf": 'variable "n" {}\nmodule "service" {\n  source = "../service"\n  n = var.n\n}\n',
        "modules/service/main.tf": 'variable "n" {}\nresource "x" "y" {\n  v = var.n\n}\n',
    }
    found = collect_terraform(MemoryTree(files, links={"envs/prod/modules": "modules"}))
    assert [(each.id, each.unit, each.attributes["v"]) for each in found.resources] == [
        ("module.stack.module.service.x.y", "envs/prod", 3)
    ]
    assert found.gaps == ()


@pytest.mark.parametrize(
    ("argument", "addresses"),
    [
        ("count = 2", ["x.y[0]", "x.y[1]"]),
        ("count = 0", []),
        ('count = "1"', ["x.y[0]"]),
        ("count = true ? 1 : 0", ["x.y[0]"]),
        ('for_each = toset(["b", "a"])', ['x.y["a"]', 'x.y["b"]']),
        ("for_each = { k = 1 }", ['x.y["k"]']),
        ('for_each = { for n in ["p", "q"] : n => n if n != "q" }', ['x.y["p"]']),
    ],
)
def test_instances(argument: str, addresses: list[str]) -> None:
    assert list(resources(f'resource "x" "y" {{\n  {argument}\n}}\n')) == addresses


@pytest.mark.parametrize(
    ("argument", "cause"),
    [
        ("count = var.n", "var.n"),
        ("for_each = toset([var.n])", "var.n"),
        ("for_each = { (var.n) = 1 }", "var.n"),
        ("count = length(data.d.e.ids)", "data.d.e.ids"),
        ("count = -1", None),
        ("for_each = 5", None),
        ("for_each = null", None),
    ],
)
def test_an_undecided_number_of_instances_is_one_that_perhaps_is(argument: str, cause: str | None) -> None:
    found = resources(f'variable "n" {{}}\ndata "d" "e" {{}}\nresource "x" "y" {{\n  {argument}\n  v = 1\n}}\n')
    resource = found["x.y[?]"]
    assert resource.attributes == {"v": 1}
    assert resource.perhaps is not None
    assert resource.perhaps.reason
    assert resource.perhaps.depends_on == ((cause,) if cause else ())


def test_what_is_in_a_module_that_perhaps_is_perhaps_is() -> None:
    found = resources(
        {
            "main.tf": 'variable "n" {}\nmodule "m" {\n  source = "./m"\n  count = var.n\n}\n'
            + RESOURCE % "module.m[0].v",
            "m/main.tf": 'resource "x" "y" {}\noutput "v" {\n  value = 1\n}\n',
        }
    )
    assert found["module.m[?].x.y"].perhaps is not None
    assert isinstance(found["x_thing.main"].attributes["value"], Unknown)


def test_nested_and_dynamic_blocks_are_lists_of_objects() -> None:
    found = resources(
        """
resource "aws_security_group" "main" {
  ingress {
    from_port   = 22
    cidr_blocks = ["10.0.0.0/8"]
    note        = null
  }
  dynamic "ingress" {
    for_each = { http = 80, https = 443 }
    iterator = port
    content {
      from_port   = port.value
      description = port.key
      dynamic "inner" {
        for_each = [1, 2]
        content {
          n = inner.value * port.value
        }
      }
    }
  }
  dynamic "egress" {
    for_each = []
    content {}
  }
  lifecycle {
    ignore_changes = [tags]
  }
  depends_on = [aws_vpc.main]
  provider   = aws.west
}
"""
    )
    assert found["aws_security_group.main"].attributes == {
        "ingress": [
            {"from_port": 22, "cidr_blocks": ["10.0.0.0/8"]},
            {"from_port": 80, "description": "http", "inner": [{"n": 80}, {"n": 160}]},
            {"from_port": 443, "description": "https", "inner": [{"n": 443}, {"n": 886}]},
        ],
        "provider": "aws.west",
    }


def test_an_unknown_dynamic_block_stands_in_place_of_the_list_or_beside_the_known_ones() -> None:
    dynamic = '  dynamic "b" {\n    for_each = var.n\n    content {}\n  }\n'
    found = resources(
        f'variable "n" {{}}\nresource "x" "alone" {{\n{dynamic}}}\n'
        f'resource "x" "both" {{\n  b {{\n    v = 1\n  }}\n{dynamic}}}\n'
    )
    alone = found["x.alone"].attributes["b"]
    assert isinstance(alone, Unknown)
    assert alone.depends_on == ("var.n",)
    known, unknown = found["x.both"].attributes["b"]
    assert known == {"v": 1}
    assert isinstance(unknown, Unknown)


def test_attributes_of_other_resources() -> None:
    beside = 'resource "aws_db_instance" "d" {\n  identifier = "app"\n  block {\n    a = 1\n  }\n}\n'
    assert value("aws_db_instance.d.identifier", beside=beside) == "app"
    assert value("aws_db_instance.d.block[0].a", beside=beside) == 1
    assert value("aws_db_instance.d.backup_retention_period", beside=beside) == 0
    computed = value("aws_db_instance.d.block[0].b", beside=beside)
    assert isinstance(computed, Unknown)
    assert computed.is_set


def test_override_files_are_merged_into_one_resource() -> None:
    found = resources(
        {
            "main.tf": 'resource "x" "y" {\n  a = 1\n  b = 1\n  n {\n    v = 1\n  }\n}\nlocals {\n  l = 1\n}\n',
            "z_override.tf": 'resource "x" "y" {\n  b = local.l\n  n {\n    v = 2\n  }\n}\n',
            "override.tf": "locals {\n  l = 5\n}\n",
        }
    )
    assert found["x.y"].attributes == {"a": 1, "b": 5, "n": [{"v": 2}]}
    assert str(found["x.y"].places["a"]) == "main.tf:2"
    assert str(found["x.y"].places["b"]) == "z_override.tf:2"
    assert str(found["x.y"].places["n.0.v"]) == "z_override.tf:4"


def test_dynamic_blocks_are_overridden_by_the_type_that_they_write() -> None:
    dynamic = '  dynamic "n" {\n    for_each = [%s]\n    content {\n      v = n.value\n    }\n  }\n'
    plain = "  n {\n    v = %s\n  }\n"
    for under, over in ((plain % 1, dynamic % 2), (dynamic % 1, plain % 2), (dynamic % 1, dynamic % 2)):
        files = {name: f'resource "x" "y" {{\n{text}}}\n' for name, text in (("main.tf", under), ("override.tf", over))}
        found = resources(files)["x.y"]
        assert found.attributes == {"n": [{"v": 2}]}
        assert found.places["n"].file == "override.tf"


def test_a_lifecycle_is_merged_by_its_arguments() -> None:
    kept = 'resource "x" "y" {\n  a = 1\n  lifecycle {\n    ignore_changes = [a]\n  }\n}\n'
    over = 'resource "x" "y" {\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n'
    assert isinstance(resources({"main.tf": kept, "override.tf": over})["x.y"].attributes["a"], Unknown)


def test_json_syntax() -> None:
    found = resources(
        {
            "main.tf.json": '{"resource": {"x": {"y": {"a": "${var.v}", "b": "n-${var.v}", "c": {"d": [1, null]},\n'
            '"e": "a\\/b"}}}, "variable": {"v": {"default": 5, "type": "number"}}, "//": "a comment"}',
        }
    )
    assert found["x.y"].attributes == {"a": 5, "b": "n-5", "c": {"d": [1, None]}, "e": "a/b"}
    assert str(found["x.y"].places["e"]) == "main.tf.json:2"


def test_files_inside_the_tree_are_read() -> None:
    found = resources(
        {
            "live/main.tf": 'module "m" {\n  source = "../m"\n}\n' + RESOURCE % 'file("../shared/name.txt")',
            "m/main.tf": 'resource "x" "y" {\n  v = templatefile("${path.module}/t.tftpl", { n = 2 })\n}\n',
            "m/t.tftpl": "%{ for i in range(n) ~}\nline ${i}\n%{ endfor ~}\n",
            "shared/name.txt": "app",
        }
    )
    assert found["module.m.x.y"].attributes["v"] == "line 0\nline 1\n"
    assert found["x_thing.main"].attributes["value"] == "app"


@pytest.mark.parametrize(
    ("source", "reason", "detail"),
    [
        ("example/module/aws", GapReason.UNRESOLVED, "is not in the scanned tree"),
        ("git::https://example.com/x.git", GapReason.UNRESOLVED, "is not in the scanned tree"),
        ("./nowhere", GapReason.UNRESOLVED, "leads to no folder with Terraform files"),
        ("../outside", GapReason.UNRESOLVED, "leads to no folder with Terraform files"),
        ("./", GapReason.INVALID, "leads back to a module that calls it"),
    ],
)
def test_a_module_that_is_not_here_is_one_gap(source: str, reason: GapReason, detail: str) -> None:
    found = evidence(f'module "m" {{\n  source = "{source}"\n  count = 3\n}}\n' + RESOURCE % "module.m[0].id")
    (gap,) = found.gaps
    assert (gap.scope, gap.reason, gap.kinds, gap.unit) == ("module.m", reason, ("*",), ".")
    assert detail in gap.detail
    assert gap.remedy
    assert str(gap.location) == "main.tf:1"
    (resource,) = found.resources
    unknown = resource.attributes["value"]
    assert isinstance(unknown, Unknown)
    assert unknown.depends_on == ("module.m",)


def test_modules_that_call_each_other_end() -> None:
    found = evidence(
        {
            "a/main.tf": 'module "b" {\n  source = "../b"\n}\nresource "x" "a" {}\n',
            "b/main.tf": 'module "a" {\n  source = "../a"\n}\nmodule "a2" {\n  source = "../a"\n}\n'
            'resource "x" "b" {}\n',
        }
    )
    assert [resource.id for resource in found.resources] == ["x.a", "module.b.x.b"]
    assert {gap.scope for gap in found.gaps} == {"module.b.module.a", "module.b.module.a2"}


def test_more_instances_than_the_bound_are_a_gap() -> None:
    found = evidence('resource "x" "y" {\n  count = 100000\n}\n' + RESOURCE % "length(x.y)")
    (gap,) = found.gaps
    assert (gap.reason, gap.scope) == (GapReason.UNSUPPORTED, "x.y")
    assert 0 < len(found.resources) < 100_000
    assert isinstance(found.resources[-1].attributes["value"], Unknown)


def test_of_two_resources_of_one_name_each_is_looked_at() -> None:
    found = evidence('resource "x" "y" {\n  a = 1\n}\nresource "x" "y" {\n  a = 2\n}\n')
    assert {each.id: each.attributes["a"] for each in found.resources} == {"x.y": 1, "x.y#2": 2}
    assert [gap.kinds for gap in found.gaps] == [()]


@pytest.mark.parametrize(
    ("first", "second", "value"),
    [("default = 1", "default = 1", 1), ("default = 1", "default = 2", None), ("default = 1", "", None)],
)
def test_a_variable_of_two_declarations_keeps_a_default_that_both_have(first: str, second: str, value: object) -> None:
    found = evidence(
        f'variable "v" {{\n  {first}\n}}\nvariable "v" {{\n  {second}\n}}\nresource "x" "y" {{\n  a = var.v\n}}\n'
    )
    (resource,) = found.resources
    assert (None if isinstance(resource.attributes["a"], Unknown) else resource.attributes["a"]) == value
    assert [gap.kinds for gap in found.gaps] == [()]


@pytest.mark.parametrize(
    ("text", "scope", "detail"),
    [
        ('resource "x" "y" {}\nresource "x" "y" {}\n', "resource.x.y", "x.y is declared twice"),
        ('resource "x" {}\n', "resource.x", "a resource block has 2 labels, and here there are 1"),
        ('module "m" "n" {}\n', "module.m.n", "a module block has 1 labels"),
    ],
)
def test_what_terraform_would_not_accept_is_a_gap(text: str, scope: str, detail: str) -> None:
    (gap,) = evidence(text).gaps
    assert (gap.scope, gap.reason) == (scope, GapReason.INVALID)
    assert detail in gap.detail
