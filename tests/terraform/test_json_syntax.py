"""Terraform's JSON form: strings whose escapes stand in what is evaluated, and blocks that only the schema tells."""

from __future__ import annotations

import json
from typing import Any

from infraguard.model.values import Unknown
from tests.terraform.evaluating import evidence, resources

ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration"


def of(blocks: Any) -> dict[str, str]:
    return {"main.tf.json": json.dumps({"resource": blocks})}


def test_strings_are_evaluated_after_their_escapes() -> None:
    text = (
        '{"variable": {"v": {"default": "${kept}", "type": "string"},\n'
        '"l": {"type": "list(number)", "default": ["1"]}},\n'
        '"resource": {"x": {"y": {\n"a": "${upper(\\"q\\")}-${join(\\",\\", [\\"a\\", \\"b\\\\\\"c\\"])}",\n'
        '"b": "${true \\u0026\\u0026 1 \\u003c 2}", "c": "${var.v}", "d": "\\ud83d\\ude00\\n${1 + 1}",\n'
        '"e": "${var.l}", "f": "%{if true}\\"yes\\"%{endif}", "g": "${ {k = \\"v\\"} }"}}}}'
    )
    found = resources({"main.tf.json": text})["x.y"]
    assert found.attributes == {
        "a": 'Q-a,b"c',
        "b": True,
        "c": "${kept}",
        "d": "\U0001f600\n2",
        "e": [1],
        "f": '"yes"',
        "g": {"k": "v"},
    }
    assert {name: found.places[name].line for name in ("a", "b", "g", "g.k")} == {"a": 4, "b": 5, "g": 6, "g.k": 6}


def test_values_of_variables_are_not_evaluated() -> None:
    found = resources(
        {
            "main.tf": 'variable "v" {\n}\nresource "x" "y" {\n  a = var.v\n}\n',
            "terraform.tfvars.json": '{"v": ["${x}", "\\"$${y}\\"", "%{z}"]}',
        }
    )
    assert found["x.y"].attributes["a"] == ["${x}", '"$${y}"', "%{z}"]


def test_an_error_inside_an_escaped_string_has_its_place() -> None:
    (gap,) = evidence({"main.tf.json": '{"locals": {\n"a": "\\"${1 + }"}}'}).gaps
    assert gap.detail == 'expected a value, found "}"'
    assert gap.location is not None
    assert (gap.location.line, gap.location.column) == (2, 15)


def test_nested_blocks_are_those_of_the_schema() -> None:
    rule = {"apply_server_side_encryption_by_default": {"sse_algorithm": "aws:kms"}, "bucket_key_enabled": "true"}
    found = resources(of({ENCRYPTION: {"a": {"bucket": 5, "rule": rule}}}))[f"{ENCRYPTION}.a"]
    typed = {"apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms"}], "bucket_key_enabled": True}
    assert found.attributes == {"bucket": "5", "rule": [typed]}
    assert found.places["rule.0.bucket_key_enabled"].line == 1


def test_dynamic_blocks_inside_of_nested_blocks() -> None:
    """What of them Terraform itself plans is compared in `planned_aws/blocks.tf.json`."""
    applied = {"for_each": ["aws:kms"], "iterator": "each_one", "content": {"sse_algorithm": "${each_one.value}"}}
    rules = [{"dynamic": {"apply_server_side_encryption_by_default": applied}}, {"dynamic": {}}]
    found = resources(of({ENCRYPTION: {"a": {"bucket": "b", "rule": rules}}}))[f"{ENCRYPTION}.a"]
    written = {"apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms"}]}
    assert found.attributes["rule"] == [written, {}]


def test_a_dynamic_block_without_a_schema_is_unknown() -> None:
    rule = {"dynamic": {"part": {"for_each": [1], "content": {"k": 1}}}}
    found = resources(of({"x_thing": {"a": {"rule": [{"deep": rule}], "plain": {"k": {"dynamic": True}}}}}))[
        "x_thing.a"
    ]
    assert isinstance(found.attributes["rule"], Unknown)
    assert "may hold a dynamic block" in found.attributes["rule"].reason
    assert found.attributes["plain"] == {"k": {"dynamic": True}}


def test_dynamic_blocks_and_those_in_their_content() -> None:
    inner = {"inner": {"for_each": [1], "content": {"k": "${inner.value}"}}}
    content = {"from_port": "${p.value}", "dynamic": inner}
    ingress = {"ingress": {"for_each": [80], "iterator": "p", "content": content}}
    found = resources(of({"aws_security_group": {"a": {"dynamic": ingress}}}))
    assert found["aws_security_group.a"].attributes == {"ingress": [{"from_port": 80, "inner": [{"k": 1}]}]}
