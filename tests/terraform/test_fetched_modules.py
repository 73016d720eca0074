"""Modules that `terraform init` has fetched: found by its manifest, used only when they are what is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infraguard.collectors.terraform import collect_terraform
from infraguard.model.evidence import Evidence, GapReason
from infraguard.readers.tree import DiskTree, MemoryTree
from infraguard.terraform.modules.versions import satisfies

VPC = "terraform-aws-modules/vpc/aws"
INNER = (
    'module "sub" {\n  source = "./modules/sub"\n}\n'
    'resource "aws_vpc" "this" {\n  name = file("${path.module}/n.txt")\n}\n'
)


def manifest(*entries: tuple[str, str, str, str]) -> str:
    names = ("Key", "Source", "Version", "Dir")
    return json.dumps({"Modules": [dict(zip(names, entry, strict=True)) for entry in (("", "", "", "."), *entries)]})


def files(source: str = VPC, fetched: str = f"registry.terraform.io/{VPC}", version: str = "5.1.0") -> dict[str, str]:
    return {
        "live/main.tf": f'module "vpc" {{\n  source  = "{source}"\n  version = "~> 5.0"\n}}\n',
        "live/.terraform/modules/modules.json": manifest(
            ("vpc", fetched, version, ".terraform/modules/vpc"),
            ("vpc.sub", "./modules/sub", "", ".terraform/modules/vpc/modules/sub"),
        ),
        "live/.terraform/modules/vpc/main.tf": INNER,
        "live/.terraform/modules/vpc/n.txt": "from the module",
        "live/.terraform/modules/vpc/modules/sub/main.tf": 'resource "aws_subnet" "this" {\n}\n',
        "live/.terraform/modules/vpc/examples/all/main.tf": 'resource "aws_vpc" "example" {\n}\n',
        "live/.terraform/modules/other/main.tf": 'resource "aws_vpc" "other" {\n}\n',
    }


def addresses(found: Evidence) -> list[str]:
    return [resource.id for resource in found.resources]


def written(folder: Path, content: dict[str, str]) -> DiskTree:
    for path, text in content.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return DiskTree(folder)


@pytest.mark.parametrize("on_disk", [True, False])
def test_a_fetched_module_is_read_as_if_it_were_here(on_disk: bool, tmp_path: Path) -> None:
    found = collect_terraform(written(tmp_path, files()) if on_disk else MemoryTree(files()))
    assert found.gaps == ()
    assert addresses(found) == ["module.vpc.aws_vpc.this", "module.vpc.module.sub.aws_subnet.this"]
    assert found.resources[0].attributes == {"name": "from the module"}
    assert found.resources[0].location.file == "live/.terraform/modules/vpc/main.tf"
    assert [target.name for target in found.targets] == ["live"]


@pytest.mark.parametrize(
    ("source", "fetched"),
    [
        (VPC, f"registry.terraform.io/{VPC}"),
        (VPC, f"registry.opentofu.org/{VPC}"),
        (f"{VPC}//modules/x", f"registry.terraform.io/{VPC}//modules/x"),
        ("app.example.com/a/b/c", "app.example.com/a/b/c"),
        ("git::https://h.example/m.git?ref=v5.1.0", "git::https://h.example/m.git?ref=v5.1.0"),
        ("github.com/o/m//sub?ref=v1", "git::https://github.com/o/m.git//sub?ref=v1"),
        ("git@github.com:o/m.git", "git::ssh://git@github.com/o/m.git"),
    ],
)
def test_sources_in_the_form_of_the_manifest(source: str, fetched: str) -> None:
    assert collect_terraform(MemoryTree(files(source, fetched))).gaps == ()


@pytest.mark.parametrize(
    ("changed", "detail"),
    [
        ({"source": "terraform-aws-modules/other/aws"}, "was fetched"),
        ({"version": "4.9.0"}, "and 4.9.0 was fetched"),
        ({"source": "github.com/o/other", "fetched": "git::https://github.com/o/m.git"}, "was fetched"),
    ],
)
def test_what_was_fetched_for_another_call_is_a_gap(changed: dict[str, str], detail: str) -> None:
    found = collect_terraform(MemoryTree(files(**changed)))
    assert addresses(found) == []
    (gap,) = found.gaps
    assert (gap.scope, gap.reason, gap.remedy) == ("module.vpc", GapReason.UNRESOLVED, "run `terraform init`")
    assert detail in gap.detail


def test_nothing_outside_of_the_tree_is_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "main.tf").write_text('resource "aws_vpc" "secret" {\n}\n', "utf-8")
    for where in ("../../outside", str(outside), "../outside"):
        content = files() | {"live/.terraform/modules/modules.json": manifest(("vpc", VPC, "5.1.0", where))}
        found = collect_terraform(written(tmp_path / "tree", content))
        assert not any("secret" in address for address in addresses(found))
        assert [gap.scope for gap in found.gaps] == ["module.vpc"]


def test_links_that_lead_out_are_gaps_or_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.tf").write_text('resource "aws_vpc" "secret" {\n}\n', "utf-8")
    tree = tmp_path / "tree"
    written(tree, files())
    (tree / "live/.terraform/modules/vpc/secret.tf").symlink_to(tmp_path / "secret.tf")
    found = collect_terraform(DiskTree(tree))
    assert [(gap.scope, gap.reason) for gap in found.gaps] == [
        ("live/.terraform/modules/vpc/secret.tf", GapReason.UNRESOLVED)
    ]
    (tree / "live/.terraform").rename(tmp_path / "data")
    (tree / "live/.terraform").symlink_to(tmp_path / "data")
    assert [gap.scope for gap in collect_terraform(DiskTree(tree)).gaps] == ["module.vpc"]


@pytest.mark.parametrize("text", ["{", "[]", '{"Modules": [1]}', "\0"])
def test_a_manifest_that_is_none_is_named(text: str) -> None:
    found = collect_terraform(MemoryTree(files() | {"live/.terraform/modules/modules.json": text}))
    assert {gap.scope for gap in found.gaps} == {"live/.terraform/modules/modules.json", "module.vpc"}


@pytest.mark.parametrize(
    ("version", "constraints", "expected"),
    [
        ("5.1.0", "", True),
        ("5.1.0", "5.1.0", True),
        ("5.1.0", "= 5.1", True),
        ("5.1.0", ">= 5, < 6", True),
        ("5.1.0", ">= 5.2", False),
        ("5.1.0", "~> 5.0", True),
        ("6.0.0", "~> 5.0", False),
        ("5.1.9", "~> 5.1.2", True),
        ("5.2.0", "~> 5.1.2", False),
        ("5.1.0", "!= 5.1.0", False),
        ("5.1.0-beta", ">= 5", False),
        ("5.1.0-beta", "5.1.0-beta", True),
        ("", "~> 5.0", False),
        ("5.1.0", "many", False),
    ],
)
def test_constraints_of_versions(version: str, constraints: str, expected: bool) -> None:
    assert satisfies(version, constraints) is expected
