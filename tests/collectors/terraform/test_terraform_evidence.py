"""What the collector says of a tree: roots, units, gaps, and nothing in silence."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infraguard.collectors.terraform import collect_terraform
from infraguard.model.errors import UsageError
from infraguard.model.evidence import EVERY_UNIT, Collected, Evidence, GapReason, Source, Target
from infraguard.readers.tree import DiskTree, MemoryTree, Problem, Unreadable, decode

RESOURCE = 'resource "x" "y" {\n  v = 1\n}\n'


def test_no_terraform_is_empty_evidence() -> None:
    assert collect_terraform(MemoryTree({"README.md": "# x\n"})) == Evidence()


def test_roots_targets_and_units() -> None:
    found = collect_terraform(
        MemoryTree(
            {
                "live/main.tf": 'module "m" {\n  source = "../modules/m"\n}\n',
                "modules/m/main.tf": RESOURCE,
                "modules/unused/main.tf": RESOURCE,
                "main.tf": RESOURCE,
            }
        ),
        read_at="2026-01-02T03:04:05Z",
    )
    roots = [".", "live", "modules/unused"]
    assert found.targets == tuple(Target(source=Source.TF, name=root) for root in roots)
    assert found.collected == tuple(
        Collected(source=Source.TF, unit=root, kinds=("*",), read_at="2026-01-02T03:04:05Z") for root in roots
    )
    assert [(each.unit, each.id) for each in found.resources] == [
        (".", "x.y"),
        ("live", "module.m.x.y"),
        ("modules/unused", "x.y"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "reason", "line", "column"),
    [
        ("broken.tf", 'resource "x" "z" {\n  a = [1\n}\n', GapReason.INVALID, 3, 1),
        ("binary.tf", b"\0\1\2", GapReason.INVALID, 0, 0),
        ("latin.tf", "a = 'é'".encode("latin-1"), GapReason.INVALID, 0, 0),
        ("broken.tf.json", '{"resource": [}', GapReason.INVALID, 1, 15),
        ("terraform.tfvars", "days = [\n", GapReason.INVALID, 2, 1),
    ],
)
def test_a_file_that_does_not_parse_is_a_gap_and_the_rest_is_read(
    name: str, content: str | bytes, reason: GapReason, line: int, column: int
) -> None:
    found = collect_terraform(MemoryTree({"main.tf": RESOURCE, name: content}))
    (gap,) = found.gaps
    assert (gap.scope, gap.reason, gap.unit, gap.kinds) == (name, reason, ".", ("*",))
    assert gap.location is not None
    assert (gap.location.file, gap.location.line, gap.location.column) == (name, line, column)
    assert gap.remedy
    assert [each.id for each in found.resources] == ["x.y"]


def test_a_broken_file_of_a_module_is_a_gap_of_every_unit_that_uses_it() -> None:
    found = collect_terraform(
        MemoryTree(
            {
                "a/main.tf": 'module "m" {\n  source = "../m"\n}\n',
                "b/main.tf": 'module "m" {\n  source = "../m"\n}\n',
                "c/main.tf": RESOURCE,
                "m/broken.tf": "x = {\n",
                "m/main.tf": RESOURCE,
            }
        )
    )
    assert [(gap.unit, gap.scope) for gap in found.gaps] == [("a", "m/broken.tf"), ("b", "m/broken.tf")]
    assert len(found.resources) == 3


def test_a_root_whose_only_file_is_broken_is_still_a_unit() -> None:
    found = collect_terraform(MemoryTree({"db/main.tf": "x = {\n"}))
    assert [each.unit for each in found.collected] == ["db"]
    assert [gap.unit for gap in found.gaps] == ["db"]


class Refusing(MemoryTree):
    """A tree whose file `secret.tf` may not be read."""

    def read_bytes(self, path: str) -> bytes:
        if path == "secret.tf":
            raise Unreadable(Problem(path, GapReason.DENIED, "permission denied", "let the user who scans read it"))
        return super().read_bytes(path)

    def read(self, path: str) -> str:
        return decode(path, self.read_bytes(path))


def test_a_file_that_may_not_be_read_is_denied() -> None:
    found = collect_terraform(Refusing({"main.tf": RESOURCE, "secret.tf": RESOURCE}))
    assert [(gap.scope, gap.reason) for gap in found.gaps] == [("secret.tf", GapReason.DENIED)]
    assert len(found.resources) == 1


def test_links_that_leave_the_tree_are_gaps(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "outside.tf").write_text(RESOURCE)
    (tmp_path / "root" / "main.tf").write_text(RESOURCE)
    (tmp_path / "root" / "linked.tf").symlink_to(tmp_path / "outside.tf")
    found = collect_terraform(DiskTree(tmp_path / "root"))
    assert [(gap.scope, gap.reason, gap.unit) for gap in found.gaps] == [
        ("linked.tf", GapReason.UNRESOLVED, EVERY_UNIT)
    ]


def test_links_to_nothing_concern_terraform_where_they_may_have_been_of_it(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(RESOURCE)
    for name in ("notes.md", "more.tf", "modules"):
        (tmp_path / name).symlink_to("nowhere")
    found = collect_terraform(DiskTree(tmp_path))
    assert {gap.scope for gap in found.gaps} == {"more.tf", "modules"}


def test_variable_files_given_by_the_user() -> None:
    tree = MemoryTree(
        {
            "main.tf": 'variable "v" {}\nresource "x" "y" {\n  v = var.v\n}\n',
            "vars/big.tfvars": "v = 2\n",
            "small.tfvars": "v = 1\n",
        }
    )
    found = collect_terraform(tree, var_files=["vars/big.tfvars"])
    assert [(each.unit, each.attributes["v"]) for each in found.resources] == [(". [big.tfvars]", 2)]
    with pytest.raises(UsageError, match=r"vars/none\.tfvars: no such file"):
        collect_terraform(tree, var_files=["vars/none.tfvars"])


def test_evidence_survives_saving() -> None:
    found = collect_terraform(
        MemoryTree(
            {"main.tf": 'resource "x" "y" {\n  a = toset(["b"])\n  c = var.d\n  e = x.z\n}\nresource "x" "z" {}\n'}
        )
    )
    saved = msgspec.json.decode(msgspec.json.encode(found))
    assert saved["resources"][0]["attributes"]["a"] == ["b"]


PIECES = st.sampled_from(
    [
        *('resource "x" "y" {\n', 'resource "x" "z" {\n', "}\n", "count = ", "for_each = ", "a = ", "b {\n", "\n"),
        *('dynamic "b" {\n', "content {\n", "locals {\n", 'module "m" {\n', 'source = "./"\n', 'variable "v" {\n'),
        *(
            "var.v",
            "local.a",
            "x.y",
            ".a",
            "[0]",
            "[*]",
            ".id",
            "each.value",
            "1",
            '"s"',
            "null",
            "true",
            "[",
            "]",
            "{",
        ),
        *("for k, v in ", " : ", "k => v", "?", "==", "+", "(", ")", ",", '"${', '}"', "merge(", "flatten(", "toset("),
        *("element(", "lookup(", "try(", "range(", "format(", "regex(", "..."),
    ]
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(PIECES, max_size=40).map("".join), st.lists(PIECES, max_size=15).map("".join))
def test_nothing_that_is_written_brings_the_collector_down(text: str, expression: str) -> None:
    tree = MemoryTree(
        {
            "main.tf": text,
            "other.tf": f'resource "x" "w" {{\n  v = {expression}\n}}\nlocals {{\n  a = {expression}\n}}\n',
        }
    )
    found = collect_terraform(tree)
    assert found.collected
    msgspec.json.encode(found)
