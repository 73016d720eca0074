"""A module that nobody uses, among those that are applied, makes nothing: it is no root."""

from __future__ import annotations

import pytest

from infraguard.readers.tree import MemoryTree
from infraguard.terraform import Sources, find_roots

USED = 'module "db" { source = "../modules/db" }\n'
PROVIDER = 'provider "aws" { region = "eu-west-1" }\n'
REGIONS = "".join(f'provider "aws" {{\n  alias = "{region}"\n}}\n' for region in ("ireland", "london"))
MODULES = {"modules/db/main.tf": "", "modules/ecr/main.tf": 'variable "name" {}\n'}


@pytest.mark.parametrize(
    ("files", "roots"),
    [
        ({"production/main.tf": PROVIDER + USED}, ("production",)),
        ({"production/main.tf": PROVIDER + USED, "modules/ecr/providers.tf": PROVIDER}, ("modules/ecr", "production")),
        ({"production/main.tf": PROVIDER + USED, "modules/ecr/providers.tf": REGIONS}, ("production",)),
        ({"examples/complete/main.tf": PROVIDER + USED.replace("../", "../../")}, ("examples/complete", "modules/ecr")),
        ({"wrapper/main.tf": USED}, ("modules/ecr", "wrapper")),
        ({}, ("modules/db", "modules/ecr")),
    ],
    ids=[
        "nobody uses it",
        "it is applied itself",
        "it speaks to regions of its own",
        "others use it",
        "what uses its like is a module",
        "modules alone",
    ],
)
def test_roots(files: dict[str, str], roots: tuple[str, ...]) -> None:
    assert find_roots(Sources(MemoryTree({**MODULES, **files}))) == roots


@pytest.mark.parametrize(
    ("file", "text", "roots"),
    [
        ("live/main.tf", PROVIDER, ("live",)),
        ("live/main.tf", "", ("examples/a", "live", "tests/b")),
        ("environments/test/main.tf", PROVIDER, ("environments/test",)),
    ],
    ids=["beside what is applied", "beside what is not", "an environment for tests is no test"],
)
def test_examples_and_tests_make_nothing_beside_what_is_applied(file: str, text: str, roots: tuple[str, ...]) -> None:
    shown = {"examples/a/main.tf": PROVIDER, "tests/b/main.tf": PROVIDER}
    assert find_roots(Sources(MemoryTree({**shown, file: text}))) == roots
