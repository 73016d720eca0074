"""Files for OpenTofu: read as Terraform's are, and in place of those of the same name."""

from __future__ import annotations

import pytest

from infraguard.model.evidence import GapReason
from tests.terraform.evaluating import evidence, resources

ONE = 'resource "x" "y" {\n  v = 1\n}\n'
TWO = 'resource "x" "y" {\n  v = 2\n}\n'


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"main.tofu": TWO}, "main.tofu:2"),
        ({"main.tf": ONE, "main.tofu": TWO}, "main.tofu:2"),
        ({"main.tf": "not { terraform at all", "main.tofu": TWO}, "main.tofu:2"),
        ({"main.tf.json": "{}", "main.tofu": TWO}, "main.tofu:2"),
        (
            {
                "main.tf.json": '{"resource": {"x": {"y": {"v": 1}}}}',
                "main.tofu.json": '{"resource":\n{"x":{"y":{"v":2}}}}',
            },
            "main.tofu.json:2",
        ),
        ({"main.tf": ONE, "main_override.tofu": TWO}, "main_override.tofu:2"),
        ({"main.tf": ONE, "override.tofu.json": '{"resource": {"x": {"y":\n{"v": 2}}}}'}, "override.tofu.json:2"),
    ],
)
def test_a_file_for_opentofu_takes_the_place_of_its_namesake(files: dict[str, str], place: str) -> None:
    found = resources(files)["x.y"]
    assert found.attributes == {"v": 2}
    assert str(found.places["v"]) == place


def test_only_the_namesake_in_the_same_folder_is_replaced() -> None:
    found = resources(
        {
            "main.tofu": 'module "m" {\n  source = "./m"\n}\n' + TWO,
            "m/main.tf": 'resource "x" "z" {}\n',
            "other.tf": 'resource "x" "o" {}\n',
        }
    )
    assert set(found) == {"x.y", "module.m.x.z", "x.o"}


def test_a_file_for_opentofu_that_does_not_parse_is_a_gap_and_its_namesake_no_way_out() -> None:
    found = evidence({"main.tf": ONE, "main.tofu": 'resource "x" {{'})
    (gap,) = found.gaps
    assert (gap.scope, gap.reason) == ("main.tofu", GapReason.INVALID)
    assert found.resources == ()
