"""`terraform plan` is the oracle: every value that it plans is ours, and what it does not know we do not know.

Where we differ from Terraform 1.11, knowingly: we do not know the types of computed attributes (`try(x.y.id.z, 1)` is
unknown, and `true ? 1 : x.y.id` a number), and `unknown || true` is true, as it is since Terraform 1.12.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.terraform.generated import LOCALS, Expressions
from tests.terraform.planning import compare, plan

PLANNED = Path(__file__).with_name("planned")
FILES = {str(path.relative_to(PLANNED)): path.read_text("utf-8") for path in PLANNED.rglob("*") if path.is_file()}
AWS = {"main.tf": (PLANNED.with_name("planned_aws") / "main.tf").read_text("utf-8")}
#: Expressions of one run of Terraform.
EXPRESSIONS = 1_000


def test_every_value_is_as_terraform_plans_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = compare(FILES, plan(tmp_path, FILES))
    with capsys.disabled():
        sys.stdout.write(
            f"\nterraform plan: {found.values} values compared, {found.unknown} of them known after apply\n"
        )
    assert found.differences == []
    assert found.values >= 100


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 21))])
def test_expressions_by_chance(seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each stands in a `try`, so that what Terraform refuses is compared as well."""
    source = Expressions(seed)
    expressions = list(dict.fromkeys(source.next() for _ in range(EXPRESSIONS)))
    resources = (
        f'resource "terraform_data" "r{index}" {{\n  input = try([{expression}], "refused")\n}}\n'
        for index, expression in enumerate(expressions)
    )
    files = {"main.tf": LOCALS + "".join(resources)}
    planned = plan(tmp_path, files)
    found = compare(files, planned)
    refused = sum(each.values.get("input") == "refused" for each in planned.values())
    with capsys.disabled():
        sys.stdout.write(
            f"\nterraform plan: {len(expressions)} expressions, {refused} refused, {found.values} values\n"
        )
    names = {int(each.path.split(".")[1][1:]): each for each in found.differences}
    assert {expressions[index]: each for index, each in names.items()} == {}


@pytest.mark.slow
def test_nested_blocks_and_tags_are_as_the_provider_of_aws_plans_them(tmp_path: Path) -> None:
    """What a nested block does not set is left out: the provider fills it in."""
    found = compare(AWS, plan(tmp_path, AWS, providers=True))
    assert [each for each in found.differences if each.ours is not None] == []
    assert found.values >= 60
