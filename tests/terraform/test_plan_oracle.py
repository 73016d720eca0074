"""`terraform plan` is the oracle: every value that it plans is ours, and what it does not know we do not know.

Where we differ from Terraform 1.11, knowingly: we do not know the types of computed attributes (`try(x.y.id.z, 1)` is
unknown, and `true ? 1 : x.y.id` a number), and `unknown || true` is true, as it is since Terraform 1.12.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from infraguard.terraform.evaluation.types import Type
from infraguard.terraform.provider_schema import schema
from infraguard.terraform.provider_schema.shapes import nesting, shape_of
from tests.terraform.generated import DATABASE, LOCALS, TYPED, VARIABLES, Expressions, Typed, constraint
from tests.terraform.planning import compare, plan

PLANNED = Path(__file__).with_name("planned")
AWS = {path.name: path.read_text("utf-8") for path in PLANNED.with_name("planned_aws").glob("*.tf*")}
#: Expressions of one run of Terraform.
EXPRESSIONS = 1_000


@pytest.mark.parametrize(
    "name",
    [
        *("planned", "planned_corners", "planned_json", "planned_language", "planned_modules", "planned_sensitive"),
        "planned_unknown",
    ],
)
def test_every_value_is_as_terraform_plans_it(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = PLANNED.with_name(name)
    files = {str(path.relative_to(root)): path.read_text("utf-8") for path in root.rglob("*") if path.is_file()}
    found = compare(files, plan(tmp_path, files))
    with capsys.disabled():
        sys.stdout.write(
            f"\nterraform plan: {found.values} values compared, {found.unknown} of them known after apply\n"
        )
    assert found.differences == []
    assert found.values >= 30


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
@pytest.mark.parametrize("seed", range(1, 6))
def test_expressions_over_converted_attributes(seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every second one decides a count, so that a wrong type loses or invents a resource."""
    source = Expressions(seed, TYPED)
    expressions = list(dict.fromkeys(source.next() for _ in range(EXPRESSIONS // 2)))
    conditions = list(dict.fromkeys(source.condition() for _ in range(EXPRESSIONS // 2)))
    resources = [
        f'resource "terraform_data" "r{index}" {{\n  input = try([{expression}], "refused")\n}}\n'
        for index, expression in enumerate(expressions)
    ]
    counted = [
        f'resource "terraform_data" "c{index}" {{\n  count = try({condition}, false) ? 1 : 0\n}}\n'
        for index, condition in enumerate(conditions)
    ]
    files = {"main.tf": LOCALS + VARIABLES + DATABASE + "".join([*resources, *counted])}
    planned = plan(tmp_path, files, providers=True)
    found = compare(files, planned)
    there = sum(".c" in address for address in planned)
    with capsys.disabled():
        sys.stdout.write(
            f"\nterraform plan: {len(expressions)} expressions over attributes, {found.values} values, "
            f"and {there} of {len(conditions)} counted resources\n"
        )
    named = dict(zip((f"r{index}" for index in range(len(expressions))), expressions, strict=True))
    different = [each for each in found.differences if each.path.startswith("terraform_data.")]
    assert [(each, named.get(each.path.split(".")[1])) for each in different] == []
    assert 0 < there < len(conditions)


def _types() -> list[Type]:
    """Every type that an argument of a resource has, each once."""
    found: dict[str, Type] = {}
    waiting = [shape_of(kind) for kind in schema().types]
    seen: set[int] = set()
    while waiting:
        shape = waiting.pop()
        found.update({constraint(each): each for each in shape.arguments.values()})
        inner = [nesting(shape, name).shape for name in shape.blocks]
        waiting.extend(each for each in inner if id(each) not in seen)
        seen.update(map(id, inner))
    return list(found.values())


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 6))])
def test_values_of_every_type_of_the_provider(seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each is given to a variable of the type, which converts it as an argument of the type does."""
    source, types = Typed(seed), _types()
    variables = (
        f'variable "v{index}" {{\n  type = {constraint(wanted)}\n  default = {source.next(wanted)}\n}}\n'
        f'resource "terraform_data" "r{index}" {{\n  input = [var.v{index}]\n}}\n'
        for index, wanted in enumerate([each for each in types for _ in range(3)])
    )
    files = {"main.tf": "".join(variables)}
    found = compare(files, plan(tmp_path, files))
    with capsys.disabled():
        sys.stdout.write(f"\nterraform plan: {len(types)} types, {found.values} values converted\n")
    assert found.differences == []
    assert len(types) >= 100


@pytest.mark.slow
def test_types_and_nested_blocks_are_as_the_provider_of_aws_plans_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bool is no text, and 20 is not "20". What a nested block does not set is left out: the provider fills it in."""
    found = compare(AWS, plan(tmp_path, AWS, providers=True))
    with capsys.disabled():
        sys.stdout.write(f"\nterraform plan with the provider of AWS: {found.values} values compared\n")
    assert [each for each in found.differences if each.ours is not None] == []
    assert found.values >= 400
