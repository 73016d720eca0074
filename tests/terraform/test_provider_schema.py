"""Our table of provider defaults against the provider itself: every kind and attribute in it exists."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infraguard.terraform.provider_defaults import defaulted_attributes, entries
from tests.tools import TERRAFORM, run_ok, terraform_environment, tool

PROVIDER = 'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n}\n'


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The attributes and blocks of each resource kind of the AWS provider that is here."""
    folder: Path = tmp_path_factory.mktemp("schema")
    (folder / "main.tf").write_text(PROVIDER, "utf-8")
    program = tool("terraform", "install Terraform 1.10 or newer", TERRAFORM)
    env = terraform_environment(folder)
    run_ok(program, "init", "-input=false", cwd=folder, env=env)
    told = json.loads(run_ok(program, "providers", "schema", "-json", cwd=folder, env=env).stdout)
    (provider,) = told["provider_schemas"].values()
    return {
        kind: {*resource["block"].get("attributes", {}), *resource["block"].get("block_types", {})}
        for kind, resource in provider["resource_schemas"].items()
    }


def test_every_entry_is_of_an_attribute_that_exists(schema: dict[str, set[str]]) -> None:
    told = [(entry.kind, entry.attribute) for entry in entries()]
    assert told
    assert [f"{kind}.{name}" for kind, name in told if name not in schema.get(kind, ())] == []
    assert all(defaulted_attributes(kind) for kind, _ in told)
