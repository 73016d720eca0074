"""What a comparison of Prometheus comes to, and whether an alert goes off in time."""

from __future__ import annotations

from typing import Any

import pytest

from infraguard.collectors.repository.prometheus.promql import comparison
from infraguard.evaluation.predicates.prometheus_alerts import SUBJECTS
from infraguard.evaluation.predicates.promql import Compared, reduced
from infraguard.model.evidence import Source
from infraguard.model.findings import Verdict
from tests.evaluation.build import evidence, judge, resource


@pytest.mark.parametrize(
    ("left", "operator", "value", "expected"),
    [
        ("free", "<", 2, Compared("free", "", "<", 2)),
        ("((free))", "<", 2, Compared("free", "", "<", 2)),
        ("100 * free / size", "<", 20, Compared("free", "size", "<", 0.2)),
        ("free / size * 100", "<", 20, Compared("free", "size", "<", 0.2)),
        ("100 - 100 * free / size", ">", 75, Compared("free", "size", "<", 0.25)),
        ("100 * (1 - free / size)", ">=", 75, Compared("free", "size", "<=", 0.25)),
        ("(size - free) / size", ">", 0.75, Compared("free", "size", "<", 0.25)),
        ("(size - free - cached) / size", ">", 0.75, Compared("free + cached", "size", "<", 0.25)),
        ("(size - free) / on (host) group_left () size", ">", 0.75, Compared("free", "size", "<", 0.25)),
        ("max by (host) (1 - free / size)", ">", 0.75, Compared("free", "size", "<", 0.25)),
        ("max by (host) (free)", ">", 1, Compared("max by (host) (free)", "", ">", 1)),
        ("(expiry - time()) / 86400", "<", 30, Compared("expiry - time()", "", "<", 2592000)),
        ("1e-2 * free", "<", 1, Compared("free", "", "<", 100)),
        ('a{path="x/y-z"}', ">", 1, Compared('a{path="x/y-z"}', "", ">", 1)),
        ("-free", ">", -5, Compared("free", "", "<", 5)),
        ("a / b / c", ">", 5, Compared("a / b / c", "", ">", 5)),
        ("0 * a", ">", 5, Compared("0 * a", "", ">", 5)),
        ("(a", ">", 5, Compared("(a", "", ">", 5)),
        ("", ">", 5, Compared("", "", ">", 5)),
    ],
)
def test_constants_go_to_the_side_of_the_threshold(left: str, operator: str, value: float, expected: Compared) -> None:
    found = reduced(left, operator, value)
    assert found[:3] == expected[:3]
    assert found.value == pytest.approx(expected.value)


LIMITS = {"disk_space": 20, "memory": 80, "error_rate": 1, "latency": 1000, "certificate_expiry": 30}


@pytest.mark.parametrize(
    ("name", "expression", "expected"),
    [
        ("memory", "container_memory_working_set_bytes / kube_pod_container_resource_limits > 0.8", Verdict.PASS),
        ("memory", "instance:node_memory_utilisation:ratio > 0.9", Verdict.FAIL),
        ("memory", "node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes == 0.2", Verdict.FAIL),
        (
            "disk_space",
            "kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes < 0.25",
            Verdict.PASS,
        ),
        ("disk_space", "disk_used_percent > 80", Verdict.PASS),
        ("disk_space", "disk_used_percent > 90", Verdict.FAIL),
        ("disk_space", "rate(node_disk_io_time_seconds_total[5m]) > 0.8", Verdict.FAIL),
        ("disk_space", "predict_linear(node_filesystem_avail_bytes[1h], 14400) < 0", Verdict.FAIL),
        ("error_rate", "job:http_errors:ratio_rate5m > 0.01", Verdict.PASS),
        ("error_rate", "job:http_errors:rate5m > 0.01", Verdict.UNKNOWN),
        ("error_rate", "sum(rate(http_requests_total[5m])) > 0", Verdict.FAIL),
        ("error_rate", "job:http_5xx:rate5m > 0.01", Verdict.UNKNOWN),
        ("latency", "histogram_quantile(0.95, payment_processing_seconds_bucket) > 1", Verdict.FAIL),
        ("certificate_expiry", "certificate_days_left < 30", Verdict.PASS),
        ("certificate_expiry", "x509_cert_expires_in_seconds < 3000000", Verdict.PASS),
        ("certificate_expiry", "x509_cert_not_after < 30", Verdict.UNKNOWN),
    ],
)
def test_an_alert_goes_off_in_time(name: str, expression: str, expected: Verdict) -> None:
    rule = f"""
  - sources: [repo]
    some: prometheus_rule
    require: {{predicate: {{name: prometheus_alerts_on_{name}, limit: {LIMITS[name]}}}}}
    message: "no alert"
    absence: "no alert"
"""
    compared = comparison(expression)
    attributes: dict[str, Any] = {"alert": "A", "expr": expression, **({"comparison": compared} if compared else {})}
    found = judge(rule, evidence(resource("prometheus_rule", "rules.yml#g/A", source=Source.REPO, **attributes)))
    assert [finding.verdict for finding in found.findings] == [expected]


@pytest.mark.parametrize(
    ("expression", "in_time"),
    [
        ("rate(payments_failed_total[5m]) > 0.001", True),
        ("rate(payments_failed_total[5m]) > 1", False),
        ("increase(payments_failed_total[5m]) >= 2", False),
        ("payments_failed_total / payments_total > 0", True),
        ("payments_failed_total / payments_total > 0.1", False),
        ("payments_failed_total < 0", False),
    ],
)
def test_the_first_failed_transaction_sets_it_off(expression: str, *, in_time: bool) -> None:
    compared = comparison(expression)
    assert compared is not None
    assert SUBJECTS["failed_transactions"].in_time(reduced(**compared), 0) is in_time
