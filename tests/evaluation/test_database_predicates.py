"""Predicates over databases, keys and certificates, where the cases beside the policies do not go."""

from __future__ import annotations

from typing import Any

import pytest

from infraguard.model.evidence import Resource, Source
from infraguard.model.findings import Finding, Verdict
from infraguard.model.values import Bounds, Unknown
from tests.evaluation.build import evidence, gap, judge, resource

UNREAD = Unknown("var.x has no value", ("var.x",))


def of(predicate: str, *resources: Resource, kind: str, **more: Any) -> Finding:
    rule = f"""
  - sources: [tf, aws]
    each: {kind}
    require: {{predicate: {predicate}}}
    message: no
"""
    return judge(rule, evidence(*resources, **more)).findings[0]


@pytest.mark.parametrize(
    ("version", "verdict"),
    [
        ("14", Verdict.PASS),
        (14.1, Verdict.PASS),
        ("9.6", Verdict.FAIL),
        ("15.4", Verdict.PASS),
        ("latest", Verdict.FAIL),
        (UNREAD, Verdict.UNKNOWN),
        (Unknown("either", bounds=Bounds(among=("14", "15"))), Verdict.PASS),
        (Unknown("either", bounds=Bounds(among=("13", "15"))), Verdict.UNKNOWN),
    ],
)
def test_versions_are_compared_by_their_numbers(version: object, verdict: Verdict) -> None:
    database = resource("aws_db_instance", "db", engine_version=version)
    found = of("{name: version_at_least, attribute: engine_version, least: 14}", database, kind="aws_db_instance")
    assert found.verdict is verdict


@pytest.mark.parametrize(
    ("zones", "verdict"),
    [
        (("a", "b"), Verdict.PASS),
        (("a", "a"), Verdict.FAIL),
        ((None, None), Verdict.PASS),
        (("a", None), Verdict.PASS),
        (("a", UNREAD), Verdict.UNKNOWN),
    ],
)
def test_members_in_one_zone_span_none(zones: tuple[object, object], verdict: Verdict) -> None:
    places: list[dict[str, Any]] = [{"availability_zone": zone} if zone else {} for zone in zones]
    members = [
        resource("aws_rds_cluster_instance", f"m{number}", cluster_identifier="c", **place)
        for number, place in enumerate(places)
    ]
    cluster = resource("aws_rds_cluster", "c", cluster_identifier="c")
    assert of("in_several_zones", cluster, *members, kind="aws_rds_cluster").verdict is verdict


def test_members_that_may_be_missing_leave_it_unknown() -> None:
    cluster = resource("aws_rds_cluster", "c", cluster_identifier="c")
    found = of(
        "{name: several_members, least: 2}",
        cluster,
        kind="aws_rds_cluster",
        gaps=(gap("aws_rds_cluster_instance"),),
    )
    assert found.verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("source", "key", "verdict"),
    [
        (Source.TF, "alias/aws/rds", Verdict.FAIL),
        (Source.TF, "alias/own", Verdict.PASS),
        (Source.TF, "", Verdict.FAIL),
        (Source.TF, UNREAD, Verdict.UNKNOWN),
        (Source.AWS, "arn:of:another", Verdict.FAIL),
    ],
)
def test_a_key_of_ones_own(source: Source, key: object, verdict: Verdict) -> None:
    database = resource("aws_db_instance", "db", source=source, kms_key_id=key)
    assert of("{name: own_key, attribute: kms_key_id}", database, kind="aws_db_instance").verdict is verdict


@pytest.mark.parametrize(
    ("attributes", "verdict"),
    [
        ({"engine": "postgres", "engine_version": "15.2"}, Verdict.PASS),
        ({"engine": "postgres", "engine_version": "14.9"}, Verdict.FAIL),
        ({"engine": "mysql", "engine_version": "8.4.3"}, Verdict.PASS),
        ({"engine": "mysql", "engine_version": "8.0.40"}, Verdict.FAIL),
        ({"engine": "mariadb", "engine_version": "11.8"}, Verdict.PASS),
        ({"engine": "mariadb", "engine_version": "10.11"}, Verdict.FAIL),
        ({"engine": "sqlserver-se", "engine_version": "15.00"}, Verdict.FAIL),
        ({"engine": "oracle-ee", "engine_version": "19"}, Verdict.UNKNOWN),
        ({"engine": "postgres", "engine_version": UNREAD}, Verdict.UNKNOWN),
        ({"engine": "postgres", "parameter_group_name": "default.postgres16"}, Verdict.PASS),
        ({"engine": "postgres", "parameter_group_name": "elsewhere"}, Verdict.UNKNOWN),
    ],
)
def test_whether_tls_is_demanded_by_default(attributes: dict[str, Any], verdict: Verdict) -> None:
    database = resource("aws_db_instance", "db", **attributes)
    assert of("tls_required", database, kind="aws_db_instance").verdict is verdict
