"""Values get the types that the provider's schema has, in evidence and where other expressions refer to them."""

from __future__ import annotations

from typing import Any

import pytest

from infraguard.model.values import Unknown, Value
from infraguard.terraform.evaluation.operators import as_set
from infraguard.terraform.evaluation.types import Type
from infraguard.terraform.evaluation.values import SetValue
from infraguard.terraform.modules.fitting import fitted
from infraguard.terraform.provider_schema.shapes import NO_NESTING, NO_SHAPE, nesting, shape_of
from tests.terraform.evaluating import RESOURCE, resources, value

STRING, NUMBER, BOOL = Type("string"), Type("number"), Type("bool")
DATABASE = 'resource "aws_db_instance" "a" {\n%s\n}\n'


@pytest.mark.parametrize(
    ("given", "wanted", "expected"),
    [
        ("true", BOOL, True),
        ("1", BOOL, True),
        ("false", BOOL, False),
        ("0", BOOL, False),
        ("20", NUMBER, 20),
        ("2.50", NUMBER, 2.5),
        ("1e2", NUMBER, 100),
        ("+5", NUMBER, 5),
        (8080, STRING, "8080"),
        (0.5, STRING, "0.5"),
        (True, STRING, "true"),
        ("a", STRING, "a"),
        (None, BOOL, None),
        ([1, "a", True, None], Type("list", STRING), ["1", "a", "true", None]),
        (["b", "a", "b"], Type("set", STRING), SetValue(["a", "b"])),
        ([1, "1"], Type("set", STRING), SetValue(["1"])),
        (["10", "9"], Type("set", NUMBER), SetValue([9, 10])),
        (as_set(["b", "a"]), Type("list", STRING), ["a", "b"]),
        ({"a": 3, "b": True, "c": None}, Type("map", STRING), {"a": "3", "b": "true"}),
        ({"a": "x", "b": 1}, Type("any"), {"a": "x", "b": 1}),
        ("20", None, "20"),
    ],
)
def test_what_can_be_converted(given: Value, wanted: Type | None, expected: Value) -> None:
    found = fitted(given, wanted, "x.y.z")
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("given", "wanted", "why"),
    [
        ("maybe", BOOL, "a bool is required"),
        ("True", BOOL, "a bool is required"),
        (1, BOOL, "a bool is required, not a number"),
        ("", NUMBER, "a number is required"),
        ("0x10", NUMBER, "a number is required"),
        (True, NUMBER, "a number is required, not a bool"),
        (["a"], STRING, "a string is required, not a list"),
        ({}, STRING, "a string is required, not a object"),
        ("a", Type("list", STRING), "a list is required, not a string"),
        ({"a": "b"}, Type("set", STRING), "a set is required, not a object"),
        (["a"], Type("map", STRING), "a map is required, not a list"),
        ({"a": ["b"]}, Type("map", STRING), "a string is required, not a list"),
        (["a", "b"], Type("list", NUMBER), "a number is required"),
    ],
)
def test_what_cannot_be_converted_is_unknown_and_says_why(given: Value, wanted: Type, why: str) -> None:
    found = fitted(given, wanted, "x.y.z")
    assert isinstance(found, Unknown)
    assert found.reason.startswith(f"x.y.z has a value of the wrong type: {why}")
    assert not found.is_set


def test_an_unknown_item_keeps_its_place_in_a_list_and_is_last_in_a_set() -> None:
    unknown = Unknown("why")
    assert fitted([unknown, 1], Type("list", STRING), "x") == [unknown, "1"]
    assert fitted([unknown, "a", "a"], Type("set", STRING), "x") == SetValue(["a", unknown])


def test_evidence_has_the_types_of_the_schema_at_its_own_places() -> None:
    text = '  multi_az = "true"\n  allocated_storage = "20"\n  engine_version = 16\n  tags = {\n    Count = 3\n  }\n'
    found = resources(DATABASE % text)["aws_db_instance.a"]
    typed = {name: found.attributes[name] for name in ("multi_az", "allocated_storage", "engine_version", "tags")}
    assert typed == {"multi_az": True, "allocated_storage": 20, "engine_version": "16", "tags": {"Count": "3"}}
    assert typed["multi_az"] is True
    places = {name: str(found.places[name]) for name in ("multi_az", "allocated_storage", "engine_version")}
    assert places == {"multi_az": "main.tf:2", "allocated_storage": "main.tf:3", "engine_version": "main.tf:4"}
    assert str(found.places["tags.Count"]) == "main.tf:6"


@pytest.mark.parametrize(
    ("attributes", "condition", "count"),
    [
        ('multi_az = "true"', "aws_db_instance.a.multi_az == true", 1),
        ('multi_az = "true"', 'aws_db_instance.a.multi_az == "true"', 0),
        ('port = "5432"', "aws_db_instance.a.port == 5432", 1),
        ("engine_version = 16", 'aws_db_instance.a.engine_version == "16"', 1),
        ('domain_dns_ips = ["a", 1]', 'aws_db_instance.a.domain_dns_ips[1] == "1"', 1),
        ('vpc_security_group_ids = ["a", "a"]', "length(aws_db_instance.a.vpc_security_group_ids) == 1", 1),
        ("timeouts {\n    create = 5\n  }", 'aws_db_instance.a.timeouts.create == "5"', 1),
        ('password_wo = "x"', "aws_db_instance.a.password_wo == null", 1),
    ],
)
def test_a_count_sees_the_type_of_the_schema(attributes: str, condition: str, count: int) -> None:
    files = DATABASE % f"  {attributes}" + f'resource "x" "y" {{\n  count = {condition} ? 1 : 0\n}}\n'
    assert len([address for address in resources(files) if address.startswith("x.y")]) == count


def test_what_the_provider_refuses_makes_a_count_unknown() -> None:
    files = DATABASE % '  multi_az = "maybe"' + 'resource "x" "y" {\n  count = aws_db_instance.a.multi_az ? 1 : 0\n}\n'
    found = resources(files)
    refused = found["aws_db_instance.a"].attributes["multi_az"]
    assert isinstance(refused, Unknown)
    assert 'a bool is required, and "maybe" is none' in refused.reason
    perhaps = found["x.y[?]"].perhaps
    assert perhaps is not None
    assert "aws_db_instance.a.multi_az has a value of the wrong type" in perhaps.reason


def test_what_is_left_out_may_be_null_unless_the_provider_fills_it_in() -> None:
    beside = DATABASE % "  restore_to_point_in_time {\n    use_latest_restorable_time = true\n  }"
    left_out = {"domain": False, "kms_key_id": True, "restore_to_point_in_time[0].restore_time": False}
    for name, is_set in left_out.items():
        found = value(f"aws_db_instance.a.{name}", beside=beside)
        assert isinstance(found, Unknown), name
        assert found.is_set is is_set, name


def test_equal_blocks_of_a_set_are_one() -> None:
    rule = "  ingress {\n    from_port = %s\n    self = %s\n  }\n"
    text = rule % ('"80"', "true") + rule % ("80", '"true"') + rule % ("443", "null")
    files = f'resource "aws_security_group" "a" {{\n{text}}}\n'
    found = resources(files)["aws_security_group.a"]
    assert found.attributes["ingress"] == [{"from_port": 80, "self": True}, {"from_port": 443}]
    places = {path: str(place) for path, place in found.places.items() if path.startswith("ingress")}
    assert places == {
        "ingress": "main.tf:2",
        "ingress.0": "main.tf:2",
        "ingress.0.from_port": "main.tf:3",
        "ingress.0.self": "main.tf:4",
        "ingress.1": "main.tf:10",
        "ingress.1.from_port": "main.tf:11",
    }
    assert value("length(aws_security_group.a.ingress)", beside=files) == 2


def test_tags_of_the_provider_are_texts() -> None:
    files = 'provider "aws" {\n  default_tags {\n    tags = { Cost = 5 }\n  }\n}\n' + DATABASE % ""
    assert resources(files)["aws_db_instance.a"].attributes["tags_all"] == {"Cost": "5"}


def test_types_that_no_schema_is_known_of_stay_as_they_are() -> None:
    found = resources(RESOURCE % '["1", 1, true]')["x_thing.main"]
    assert found.attributes["value"] == ["1", 1, True]
    assert shape_of("x_thing") is NO_SHAPE
    assert nesting(NO_SHAPE, "block") is NO_NESTING


def test_the_one_block_that_no_schema_is_known_of_is_found_by_a_name_and_by_an_index() -> None:
    beside = 'resource "x_other" "a" {\n  auth {\n    role { external = "id" }\n  }\n}\n'
    assert value("x_other.a.auth.role.external", beside=beside) == "id"
    assert value("x_other.a.auth[0].role[0].external", beside=beside) == "id"
    twice = 'resource "x_other" "a" {\n  auth {\n    role = "a"\n  }\n  auth {\n    role = "b"\n  }\n}\n'
    assert isinstance(value("x_other.a.auth.role", beside=twice), Unknown)


def test_every_shape_can_be_read() -> None:
    from infraguard.terraform.provider_schema import schema

    known = schema()
    seen: set[Any] = set()
    waiting = [*(shape_of(kind) for kind in known.types), *(shape_of(kind, data=True) for kind in known.data)]
    while waiting:
        shape = waiting.pop()
        inner = [nesting(shape, name).shape for name in shape.blocks]
        waiting.extend(each for each in inner if id(each) not in seen)
        seen.update(map(id, inner))
        assert shape.nullable | shape.write_only <= shape.arguments.keys()
    assert len(seen) > 3_000


ARN = "arn:aws:iam::1:role/a/b"


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (
            f'arn_parse("{ARN}")',
            {"partition": "aws", "service": "iam", "region": "", "account_id": "1", "resource": "role/a/b"},
        ),
        ('arn_parse("arn:aws:s3:::b:c").resource', "b:c"),
        ('try(provider::aws::arn_parse("x"), "refused")', "refused"),
        ('try(provider::aws::arn_parse("arn:a:b:c:d"), "refused")', "refused"),
        ('arn_build("aws", "iam", "", 1, "role/a")', "arn:aws:iam::1:role/a"),
        (f'trim_iam_role_path("{ARN}")', "arn:aws:iam::1:role/b"),
        ('try(provider::aws::trim_iam_role_path("arn:aws:iam::1:user/a"), "refused")', "refused"),
        ('try(provider::aws::trim_iam_role_path("arn:aws:s3::1:role/a"), "refused")', "refused"),
        ('try(provider::aws::trim_iam_role_path("arn:aws:iam:r:1:role/a"), "refused")', "refused"),
    ],
)
def test_functions_of_the_provider(call: str, expected: Value) -> None:
    assert value(call if call.startswith("try") else f"provider::aws::{call}") == expected
