"""Where planned values come from, on a plan that Terraform made of `roots/linked`."""

from __future__ import annotations

import pytest

from infraguard.collectors.plan import collect_plan
from infraguard.collectors.plan.addresses import address_of, parts_of
from infraguard.model.evidence import Resource
from infraguard.model.values import Unknown, Value
from tests.collectors.plan.planning import by_id, fixture

PLAIN, OTHER = "aws_sns_topic.plain.arn", "aws_sns_topic.other.arn"
FIRST, SECOND = 'module.topics["a"].aws_sns_topic.this.arn', 'module.topics["b"].aws_sns_topic.this.arn'


@pytest.fixture(scope="module")
def linked() -> dict[str, Resource]:
    return by_id(collect_plan(fixture("linked")))


def causes(value: Value) -> list[str]:
    """What the items of a value depend on."""
    items = value if isinstance(value, list) else [value]
    assert all(isinstance(item, Unknown) for item in items)
    return [cause for item in items for cause in item.depends_on]


@pytest.mark.parametrize(
    ("address", "attribute", "expected"),
    [
        ("aws_route_table_association.by_index[1]", "subnet_id", ["aws_subnet.counted[1].id"]),
        ("aws_route_table_association.by_index[1]", "route_table_id", ["aws_route_table.counted[0].id"]),
        ('aws_route_table_association.by_each["1"]', "subnet_id", ["aws_subnet.counted[1].id"]),
        ("aws_db_subnet_group.splat", "subnet_ids", ["aws_subnet.counted[0].id", "aws_subnet.counted[1].id"]),
        ("module.one_alarm.aws_cloudwatch_metric_alarm.this", "alarm_actions", [FIRST]),
        ("module.two_alarm.aws_cloudwatch_metric_alarm.this", "alarm_actions", [PLAIN, SECOND]),
        ("module.switched_alarm.aws_cloudwatch_metric_alarm.this", "alarm_actions", [PLAIN]),
    ],
)
def test_an_origin_that_is_certain_is_followed(
    linked: dict[str, Resource], address: str, attribute: str, expected: list[str]
) -> None:
    resource = linked[address]
    assert causes(resource.attributes[attribute]) == expected
    assert resource.references[attribute] == tuple(sorted(cause.rpartition(".")[0] for cause in expected))


@pytest.mark.parametrize(
    ("address", "attribute"),
    [
        ("aws_route_table_association.other_keys[0]", "subnet_id"),
        ("aws_route_table_association.other_keys[0]", "route_table_id"),
        ("module.choice_alarm.aws_cloudwatch_metric_alarm.this", "alarm_actions"),
        ('module.alarms["through"].aws_cloudwatch_metric_alarm.this', "alarm_actions"),
    ],
)
def test_where_one_of_several_is_chosen_all_of_them_are_possible_and_none_is_certain(
    linked: dict[str, Resource], address: str, attribute: str
) -> None:
    resource = linked[address]
    assert causes(resource.attributes[attribute]) == [f"{address}.{attribute}"]
    assert len(resource.references[attribute]) > 1


def test_plain_values_that_may_be_in_a_list_leave_it_open(linked: dict[str, Resource]) -> None:
    address = "module.more_alarm.aws_cloudwatch_metric_alarm.this"
    assert causes(linked[address].attributes["alarm_actions"]) == [PLAIN, f"{address}.alarm_actions"]


def test_a_local_is_not_told_and_so_nothing_is_said_of_what_is_behind_it(linked: dict[str, Resource]) -> None:
    resource = linked["module.local_alarm.aws_cloudwatch_metric_alarm.this"]
    assert causes(resource.attributes["alarm_actions"]) == [f"{resource.id}.alarm_actions"]
    assert "alarm_actions" not in resource.references


def test_what_a_dynamic_block_sets_is_unknown_and_never_absent(linked: dict[str, Resource]) -> None:
    (rule,) = linked["aws_security_group.dynamic"].attributes["ingress"]
    assert rule["from_port"] == 5432
    assert isinstance(rule["ipv6_cidr_blocks"], Unknown)
    assert not rule["ipv6_cidr_blocks"].is_set


def test_what_nobody_set_and_the_provider_will_fill_in_is_absent(linked: dict[str, Resource]) -> None:
    assert not {"id", "arn", "egress"} & linked["aws_security_group.dynamic"].attributes.keys()


@pytest.mark.parametrize(
    "address",
    [
        "aws_vpc.main",
        "module.a[0].module.b.aws_vpc.main[1].id",
        'aws_sns_topic.x["a.b[0]"].arn',
        'module.m["\\"quoted\\""].data.aws_vpc.v',
        'aws_sns_topic.x["ünï"]',
    ],
)
def test_addresses_are_taken_apart_and_put_together(address: str) -> None:
    assert address_of(parts_of(address)) == address
