"""Every value knows its line and column, whatever the file looks like."""

from __future__ import annotations

import pytest

from infraguard.terraform.syntax import parse_file
from infraguard.terraform.syntax.nodes import Binary, Call, For, Literal, Object, Splat, Template, Traversal, Tuple

TEXT = """\
# comment
resource "aws_db_instance" "main" {
  identifier = "app"
  tags = {
    Name = "é-${var.name}"
  }
  timeouts {
    create = "60m" # trailing
  }
}
"""


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("\n", "\r\n"), "\ufeff" + TEXT], ids=["plain", "crlf", "bom"])
def test_places(text: str) -> None:
    file = parse_file(text, "main.tf")
    (block,) = file.body.blocks
    assert (block.type, block.labels) == ("resource", ("aws_db_instance", "main"))
    place = file.location(block.at, block.end)
    assert (place.file, place.line, place.column, place.end_line) == ("main.tf", 2, 1, 10)
    identifier = block.body.attributes["identifier"]
    assert file.location(identifier.at).column == 3
    value = file.location(identifier.value.at)
    assert (value.line, value.column) == (3, 16)
    tags = block.body.attributes["tags"].value
    assert isinstance(tags, Object)
    ((key, name),) = tags.items
    assert (file.location(key.at).line, file.location(key.at).column) == (5, 5)
    assert (file.location(name.at).line, file.location(name.at).column) == (5, 12)
    (timeouts,) = block.body.blocks
    create = timeouts.body.attributes["create"]
    assert (file.location(create.value.at).line, file.location(create.value.at).column) == (8, 14)


def test_the_nodes_of_the_language() -> None:
    body = parse_file(
        """
literal = -1.5
traversal = aws_subnet.private[0].tags["Name"].x
legacy = a.b.0.c
splat = module.net.subnets[*].id
call = merge(a, b...)
list = [1, "two", true, null]
loop = { for k, v in var.m : k => v... if v != "" }
sum = 1 + 2 * 3
text = "a${b}c"
alone = "${b}"
escaped = "$${b} %%{c} \\n"
""",
        "main.tf",
    ).body.attributes
    traversal = body["traversal"].value
    assert isinstance(traversal, Traversal)
    assert (traversal.root, traversal.steps) == ("aws_subnet", ("private", 0, "tags", "Name", "x"))
    legacy = body["legacy"].value
    assert isinstance(legacy, Traversal)
    assert legacy.steps == ("b", 0, "c")
    splat = body["splat"].value
    assert isinstance(splat, Splat)
    assert splat.steps == ("id",)
    call = body["call"].value
    assert isinstance(call, Call)
    assert (call.name, len(call.arguments), call.expands) == ("merge", 2, True)
    values = body["list"].value
    assert isinstance(values, Tuple)
    assert [item.value for item in values.items if isinstance(item, Literal)] == [1, "two", True, None]
    loop = body["loop"].value
    assert isinstance(loop, For)
    assert (loop.first, loop.second, loop.groups, loop.condition is not None) == ("k", "v", True, True)
    total = body["sum"].value
    assert isinstance(total, Binary)
    assert total.operator == "+"
    assert isinstance(total.right, Binary)
    assert isinstance(body["text"].value, Template)
    assert isinstance(body["alone"].value, Traversal)
    escaped = body["escaped"].value
    assert isinstance(escaped, Literal)
    assert escaped.value == "${b} %{c} \n"
