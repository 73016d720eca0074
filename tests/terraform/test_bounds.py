"""Input that is meant to hurt: every bound names what it cut, nothing hangs, and nothing outside the tree is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from infraguard.collectors.terraform import collect_terraform
from infraguard.model.evidence import GapReason
from infraguard.model.values import Unknown
from infraguard.readers.tree import MAX_FILE_BYTES, DiskTree, MemoryTree
from infraguard.terraform.modules import run
from tests.terraform.evaluating import RESOURCE, evidence, unknown, value


def test_a_file_beyond_the_bound_is_a_gap_and_one_below_it_is_read_on_one_line() -> None:
    size = MAX_FILE_BYTES - 200
    long = 'locals {\n  a = "' + "x" * size + '"\n}\n'
    assert value("length(local.a)", beside=long) == size
    (gap,) = evidence({"main.tf": long + "#" * 200}).gaps
    assert (gap.scope, gap.reason) == ("main.tf", GapReason.UNSUPPORTED)
    assert "larger than 10 MB" in gap.detail


@pytest.mark.parametrize(
    "expression",
    ["(" * 5_000 + "1" + ")" * 5_000, "[" * 5_000 + "]" * 5_000, "!" * 5_000 + "true", "-" * 5_000 + "1"],
    ids=["parentheses", "lists", "not", "minus"],
)
def test_nesting_without_end_is_a_gap_or_unknown(expression: str) -> None:
    found = evidence({"main.tf": RESOURCE % expression, "other.tf": 'resource "x_thing" "other" {\n}\n'})
    assert "x_thing.other" in [resource.id for resource in found.resources]
    held = [resource.attributes["value"] for resource in found.resources if resource.id == "x_thing.main"]
    assert found.gaps or all(isinstance(each, Unknown) for each in held)


def test_text_that_is_not_utf8_is_a_gap_with_its_line() -> None:
    found = collect_terraform(MemoryTree({"main.tf": b'locals {\n  a = "\xff"\n}\n', "b.tf": RESOURCE % "1"}))
    assert [(gap.scope, gap.reason) for gap in found.gaps] == [("main.tf", GapReason.INVALID)]
    assert "line 2" in found.gaps[0].detail
    assert len(found.resources) == 1


def test_a_source_that_leaves_the_root_is_a_gap(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "main.tf").write_text('resource "x_thing" "secret" {\n}\n', "utf-8")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "main.tf").write_text('module "m" {\n  source = "../outside"\n}\n', "utf-8")
    found = collect_terraform(DiskTree(tmp_path / "tree"))
    assert found.resources == ()
    assert [(gap.scope, gap.reason) for gap in found.gaps] == [("module.m", GapReason.UNRESOLVED)]


@pytest.mark.parametrize(
    "expression",
    [
        'file("/etc/passwd")',
        'file("../../../../etc/passwd")',
        'templatefile("/etc/passwd", {})',
        'filebase64("/etc/passwd")',
        'filesha256("/etc/passwd")',
        'fileexists("/etc/passwd")',
        'fileset("/etc", "*")',
        'fileset("../..", "**")',
        'file("${path.module}/../secret.txt")',
    ],
)
def test_no_function_reads_outside_of_the_tree(expression: str, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "main.tf").write_text(RESOURCE % expression, "utf-8")
    (resource,) = collect_terraform(DiskTree(tmp_path / "tree")).resources
    found = resource.attributes["value"]
    assert isinstance(found, Unknown)
    assert found.remedy


@pytest.mark.parametrize(
    "expression",
    [
        'regex("(a*)*$", join("", [for i in range(1000) : "a"]))',
        'regexall("(x+x+)+y", join("", [for i in range(1000) : "x"]))',
        'replace(join("", [for i in range(1000) : "a"]), "/(a|aa)+$/", "b")',
        'regex("a{1,1000}{1,1000}", "b")',
        'fileset(".", "**/**/**/**/**/**/**/**/x")',
        'join("", [for i in range(1000) : join("", [for j in range(1000) : join("", [for k in range(1000) : "xx"])])])',
        "[for i in range(1000) : [for j in range(1000) : [for k in range(1000) : k]]]",
    ],
    ids=["stars", "plus", "alternatives", "repeats", "glob", "text", "loops"],
)
def test_expressions_that_explode_are_unknown(expression: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "MAX_WORK", 100_000)
    (resource,) = evidence(RESOURCE % expression).resources
    found = resource.attributes["value"]
    assert isinstance(found, Unknown)
    assert found.reason
    assert found.remedy


@pytest.mark.parametrize(
    "condition",
    [
        "(" * 60 + "var.x >= 1" + " ? true : false)" * 60,
        " && ".join(["var.x >= 1"] * 3_000),
        "!" * 90 + "(var.x >= 1)",
        "contains(range(1000), var.x) && " * 100 + "contains(range(1000), var.x)",
    ],
    ids=["conditionals", "chain", "not", "lists"],
)
def test_conditions_without_end_prove_no_more_than_is_true(condition: str) -> None:
    beside = 'variable "x" {\n  type = number\n  validation {\n    condition = %s\n    error_message = "No."\n  }\n}\n'
    found = evidence({"main.tf": RESOURCE % "var.x" + beside % condition})
    values = [resource.attributes["value"] for resource in found.resources]
    assert found.gaps or isinstance(values[0], Unknown)
    assert all(
        each.bounds is None or (each.bounds.most, each.bounds.least) in ((None, 1), (None, None), (999, 0))
        for each in values
    )


def test_modules_that_call_themselves_by_other_names_are_a_gap() -> None:
    found = evidence(
        {
            "main.tf": 'module "a" {\n  source = "./m"\n}\n',
            "m/main.tf": 'module "b" {\n  source = "./../m/."\n}\nresource "x_thing" "main" {\n}\n',
        }
    )
    assert [resource.id for resource in found.resources] == ["module.a.x_thing.main"]
    assert [(gap.scope, gap.reason) for gap in found.gaps] == [("module.a.module.b", GapReason.INVALID)]


def test_a_format_verb_of_an_argument_far_away_is_refused() -> None:
    assert "not enough arguments" in unknown(f'format("%[{"9" * 5_000}]s", "a")').reason


@pytest.mark.parametrize(
    "call",
    [f"range({10**60})", f"range(2, {10**60})", f"range(0, {-(10**60)})", f"range(0, {10**60}, 7)", "range(1025)"],
)
def test_ranges_are_cut_however_far_their_end_is(call: str) -> None:
    assert "more than 1024 values" in unknown(call).reason


def test_a_range_of_a_few_far_numbers_is_known() -> None:
    assert value(f"range(0, {10**60}, {10**59})[9]") == 9 * 10**59
    assert value("length(range(1024))") == 1024


@pytest.mark.parametrize(
    "expression",
    [
        "1e300 * 1e300",
        "1e-300 * 1e-300 * 1e-300 * 1e-300 * 1e-300",
        'tonumber("1e999")',
        'jsondecode("1e99999999999")',
        'jsondecode("1e-99999999999")',
        'yamldecode(".inf")',
        "pow(10, 308)",
    ],
)
def test_numbers_without_bound_are_unknown(expression: str) -> None:
    assert unknown(f"tostring({expression})").remedy


def test_texts_of_numbers_near_zero_take_no_time() -> None:
    assert value('length(join("", [for i in range(300) : (i + 1) / 7e290]))') > 100_000
