"""No failed call is silent, and nothing that was read is lost."""

from __future__ import annotations

from typing import Any

import pytest

from infraguard.collectors.aws.calls import Calls
from infraguard.collectors.aws.catalogue import KINDS
from infraguard.model.evidence import Environment, Gap, GapReason
from infraguard.model.values import Denied, Unknown
from tests.collectors.aws.conftest import Collect
from tests.emulator.server import ACCOUNT, Emulator

DATABASES = frozenset({"aws_db_instance"})


def databases_on_two_pages(aws: Emulator) -> None:
    def page(name: str, **token: str) -> dict[str, Any]:
        return {"DBInstances": [{"DBInstanceIdentifier": name, "DBInstanceArn": f"arn:{name}"}], **token}

    call = {"service": "rds", "operation": "DescribeDBInstances"}
    aws.overlay(
        [
            {**call, "when": {"Marker": None}, "output": page("one", Marker="next")},
            {**call, "when": {"Marker": "next"}, "output": page("two")},
        ]
    )


def test_pages_are_turned(aws: Emulator, collect: Collect) -> None:
    databases_on_two_pages(aws)
    evidence = collect(DATABASES)
    assert [resource.id for resource in evidence.resources] == ["arn:one", "arn:two"]
    assert evidence.gaps == ()


def test_pages_before_a_failed_one_are_kept(aws: Emulator, collect: Collect) -> None:
    databases_on_two_pages(aws)
    aws.faults([{"kind": "500", "service": "rds", "when": {"Marker": "next"}}])
    evidence = collect(DATABASES)
    assert [resource.id for resource in evidence.resources] == ["arn:one"]
    (gap,) = evidence.gaps
    assert gap.reason is GapReason.UNREACHABLE
    assert gap.may_hide("aws_db_instance", ACCOUNT)


def test_a_denied_call_names_the_permission_and_the_kinds(aws: Emulator, collect: Collect) -> None:
    aws.seed_good()
    aws.faults([{"kind": "deny", "service": "rds", "operation": "DescribeDBInstances"}])
    evidence = collect()
    assert evidence.gaps == (
        Gap(
            source=evidence.targets[0].source,
            unit=ACCOUNT,
            scope="rds:DescribeDBInstances eu-west-1",
            reason=GapReason.DENIED,
            detail="AccessDenied: injected deny of rds:DescribeDBInstances",
            remedy="allow rds:DescribeDBInstances to the identity that scans, with credentials that are valid",
            kinds=("aws_db_instance", "aws_rds_cluster_instance"),
        ),
    )


def test_a_failed_listing_hides_what_hangs_on_it(aws: Emulator, collect: Collect) -> None:
    aws.seed_good()
    aws.faults([{"kind": "deny", "operation": "DescribeLoadBalancers"}, {"kind": "deny", "operation": "ListTopics"}])
    gaps = collect().gaps
    assert {gap.kinds for gap in gaps} == {
        ("aws_alb", "aws_alb_listener", "aws_lb", "aws_lb_listener"),
        ("aws_sns_topic", "aws_sns_topic_subscription"),
    }


def test_kinds_that_aws_holds_within_another_are_read_with_it(aws: Emulator, collect: Collect) -> None:
    seeded = aws.seed_bad()
    evidence = collect({"aws_route"})
    assert seeded.route_table in {resource.id for resource in evidence.resources}
    assert evidence.collected[0].kinds == ("aws_route", "aws_route_table")
    assert evidence.gaps == ()
    aws.faults([{"kind": "deny", "operation": "DescribeRouteTables"}])
    (gap,) = collect({"aws_route"}).gaps
    assert gap.may_hide("aws_route", ACCOUNT)


def test_failed_calls_about_many_resources_are_one_gap(aws: Emulator, collect: Collect) -> None:
    for name in ("one", "two", "three"):
        aws.client("sns").create_topic(Name=name)
    aws.faults([{"kind": "throttle", "operation": "ListSubscriptionsByTopic"}])
    evidence = collect({"aws_sns_topic", "aws_sns_topic_subscription"})
    assert len(evidence.resources) == 3
    (gap,) = evidence.gaps
    assert gap.kinds == ("aws_sns_topic_subscription",)
    assert gap.reason is GapReason.THROTTLED
    assert gap.detail.endswith("(and 2 more calls)")


@pytest.mark.parametrize(("fault", "marker"), [("deny", Denied), ("garbage", Unknown), ("throttle", Unknown)])
def test_tags_that_cannot_be_read_are_not_absent(
    aws: Emulator, collect: Collect, fault: str, marker: type[Denied | Unknown]
) -> None:
    aws.seed_good()
    aws.faults([{"kind": fault, "operation": "DescribeTags"}])
    evidence = collect({"aws_lb"}, environments={ACCOUNT: Environment.STAGING})
    (balancer,) = evidence.resources
    assert isinstance(balancer.attributes["tags"], marker)
    assert balancer.environment is Environment.STAGING
    (gap,) = evidence.gaps
    assert gap.scope == "elasticloadbalancing:DescribeTags eu-west-1"
    assert not any(gap.may_hide(kind, ACCOUNT) for kind in KINDS), "it hides an attribute, and no resource"


def test_a_throttled_call_that_recovers_leaves_no_gap(aws: Emulator, collect: Collect) -> None:
    aws.seed_good()
    aws.faults([{"kind": "throttle", "service": "rds", "n": 1}])
    evidence = collect(DATABASES, retries=2)
    assert len(evidence.resources) == 1
    assert evidence.gaps == ()
    assert [entry.fault for entry in aws.log()][-2:] == ["throttle", ""]


@pytest.mark.parametrize("fault", ["timeout", "reset", "optin", "garbage"])
def test_one_region_dead_and_one_alive(aws: Emulator, collect: Collect, fault: str) -> None:
    aws.seed_good("eu-west-1")
    aws.seed_bad("us-east-1")
    aws.faults([{"kind": fault, "region": "us-east-1", "delay": 1.5}])
    evidence = collect(DATABASES, regions=("us-east-1", "eu-west-1"), read_timeout=0.5)
    assert [resource.location.region for resource in evidence.resources] == ["eu-west-1"]
    (gap,) = evidence.gaps
    assert gap.scope == "rds:DescribeDBInstances us-east-1"
    reasons = {"timeout": GapReason.TIMED_OUT, "reset": GapReason.UNREACHABLE, "optin": GapReason.UNSUPPORTED}
    assert gap.reason is reasons.get(fault, GapReason.INVALID)


def test_credentials_that_expire_on_the_way_leave_gaps(aws: Emulator, collect: Collect) -> None:
    aws.seed_good()
    aws.faults([{"kind": "expired", "service": "elbv2", "operation": "DescribeListeners"}])
    evidence = collect({"aws_lb", "aws_lb_listener"})
    assert [resource.kind for resource in evidence.resources] == ["aws_lb"]
    (gap,) = evidence.gaps
    assert gap.reason is GapReason.DENIED
    assert "renew" in gap.remedy


def test_an_answer_cut_off_is_no_empty_account(aws: Emulator, collect: Collect) -> None:
    """Where a JSON body does not parse, botocore returns an answer without any item."""
    aws.seed_good()
    aws.faults([{"kind": "truncate", "service": "cloudwatch"}])
    evidence = collect({"aws_cloudwatch_metric_alarm"})
    assert evidence.resources == ()
    (gap,) = evidence.gaps
    assert gap.reason is GapReason.INVALID
    assert "MetricAlarms" in gap.detail


def test_a_spent_budget_leaves_gaps_and_ends(aws: Emulator, collect: Collect) -> None:
    aws.seed_good()
    aws.faults([{"kind": "slow", "service": "sts", "delay": 1.5}])
    evidence = collect(budget=1.0)
    assert [resource.kind for resource in evidence.resources] == ["aws_account"], "whose it is was asked before"
    assert {gap.reason for gap in evidence.gaps} == {GapReason.TIMED_OUT}
    assert all(any(gap.may_hide(kind, ACCOUNT) for gap in evidence.gaps) for kind in KINDS - {"aws_account"})
    assert [entry.service for entry in aws.log()][-1] == "sts"


def test_a_spent_budget_ends_retries(aws: Emulator, collect: Collect) -> None:
    aws.faults([{"kind": "500", "service": "rds"}])
    evidence = collect(DATABASES, retries=1000, budget=0.5)
    (gap,) = evidence.gaps
    assert gap.reason is GapReason.TIMED_OUT
    assert "budget of 0.5 seconds" in gap.detail


def test_an_item_without_identifier_is_a_gap(aws: Emulator, collect: Collect) -> None:
    output = {"DBInstances": [{"Engine": "postgres"}]}
    aws.overlay([{"service": "rds", "operation": "DescribeDBInstances", "output": output}])
    evidence = collect(DATABASES)
    assert evidence.resources == ()
    (gap,) = evidence.gaps
    assert (gap.reason, gap.kinds) == (GapReason.INVALID, ("aws_db_instance",))


def test_our_own_faults_surface_and_end_the_retries_of_others(
    aws: Emulator, collect: Collect, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Calls.items

    def broken(self: Calls, operation: str, *args: Any, **named: Any) -> Any:
        if operation == "ListTopics":
            raise ZeroDivisionError
        return read(self, operation, *args, **named)

    aws.faults([{"kind": "500", "service": "rds"}])
    monkeypatch.setattr(Calls, "items", broken)
    with pytest.raises(ZeroDivisionError):
        collect({"aws_db_instance", "aws_sns_topic"}, retries=1000)
