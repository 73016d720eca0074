"""Prometheus rules, recognised by their shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from infraguard.collectors.repository.prometheus.promql import comparison, metrics
from infraguard.model.evidence import Evidence, Resource
from infraguard.model.values import Default, Unknown

Files = Mapping[str, str | bytes]
Collect = Callable[[Files], Evidence]

RULES = """groups:
  - name: database
    rules:
      - alert: DatabaseDown
        expr: pg_up{job="db"} == 0
        for: 1m30s
        labels: {severity: critical}
        annotations: {summary: "{{ $labels.instance }} is down"}
      - record: job:errors
        expr: sum by (job) (rate(errors_total[5m]))
      - alert: DatabaseDown
        expr: |
          absent(pg_up)
"""


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        (RULES, ""),
        (
            "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: x}\nspec:\n"
            + "".join(f"  {line}\n" for line in RULES.splitlines()),
            "spec.",
        ),
        (f"a: 1\n---\n{RULES}", ""),
        (
            "kind: ConfigMap\ndata:\n  prometheus.yml: |\n    rule_files: [a]\n  other: 1\n  a.rules.yml: |\n"
            + "".join(f"    {line}\n" for line in RULES.splitlines()),
            "",
        ),
    ],
    ids=["rule file", "kubernetes", "second document", "text in a ConfigMap"],
)
def test_rules_of_a_file(collect: Collect, text: str, prefix: str) -> None:
    evidence = collect({"monitoring/any.yaml": text})
    rules = [resource for resource in evidence.resources if resource.kind == "prometheus_rule"]
    assert [rule.id.partition("#")[2] for rule in rules] == [
        "database/DatabaseDown",
        "database/job:errors",
        "database/DatabaseDown (2)",
    ]
    first, record, absent = rules
    assert first.attributes == {
        "group": "database",
        "alert": "DatabaseDown",
        "expr": 'pg_up{job="db"} == 0',
        "metrics": ["pg_up"],
        "comparison": {"left": 'pg_up{job="db"}', "operator": "==", "value": 0.0},
        "for_seconds": 90.0,
        "labels": {"severity": "critical"},
        "annotations": {"summary": "{{ $labels.instance }} is down"},
    }
    assert text.splitlines()[first.places["expr"].line - 1].strip().startswith("expr:")
    assert record.attributes["record"] == "job:errors"
    assert "for_seconds" not in record.attributes
    assert absent.attributes["for_seconds"] == Default(0.0, "Prometheus")
    assert "comparison" not in absent.attributes


@pytest.mark.parametrize(
    "text",
    [
        "version: 2\ngroups: {dev: {expr: 1}}\n",
        "groups:\n  - name: g\n    rules:\n      - title: grafana\n        expr: x\n",
        "groups: [1, {rules: [2, {alert: a}]}]\nexpr: x\n",
        "alert: a\nexpr: b\n",
        "# groups, alert, expr\nbroken: [\n",
    ],
)
def test_other_yaml_gives_nothing_and_no_gap(collect: Collect, text: str) -> None:
    evidence = collect({"a.yml": text})
    assert "prometheus_rule" not in {resource.kind for resource in evidence.resources}
    assert evidence.gaps == ()


def test_a_template_of_rules_is_a_gap_that_says_to_render_it(collect: Collect) -> None:
    text = "{{- if .Values.alerts }}\ngroups:\n- name: a\n  rules:\n  - alert: A\n    expr: b\n{{- end }}\n"
    (gap,) = collect({"chart/templates/rules.yaml": text}).gaps
    assert gap.kinds == ("prometheus_rule",)
    assert "render" in gap.remedy


def test_a_duration_that_is_none_is_unknown(collect: Collect) -> None:
    text = "groups: [{name: g, rules: [{alert: a, expr: b, for: soon}]}]\n"
    (rule,) = [one for one in collect({"a.yml": text}).resources if one.kind == "prometheus_rule"]
    assert isinstance(rule.attributes["for_seconds"], Unknown)


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("up == 0", ["up"]),
        ('sum(rate(http_total{code=~"5..", a!="b{c}"}[5m])) by (job) / sum(http_total) > 0.01', ["http_total"]),
        ("a and on(instance) b unless ignoring (x, y) group_left(z) c", ["a", "b", "c"]),
        ("histogram_quantile(0.95, sum by (le) (rate(lat_bucket[5m] offset 1h))) > 1", ["lat_bucket"]),
        ('{__name__="named", job="x"} > 1', ["named"]),
        ("job:rate5m:sum > bool 1e3 # comment metric", ["job:rate5m:sum"]),
        ("vector(1)", []),
    ],
)
def test_metrics_of_an_expression(expression: str, names: list[str]) -> None:
    assert metrics(expression) == names


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("up == 0", {"left": "up", "operator": "==", "value": 0.0}),
        ("0.2 > free / size", {"left": "free / size", "operator": "<", "value": 0.2}),
        ("up{a=~'>='} <= bool -1.5e1", {"left": "up{a=~'>='}", "operator": "<=", "value": -15.0}),
        ("rate(x[5m]) > 80 # percent > 1", {"left": "rate(x[5m])", "operator": ">", "value": 80.0}),
        ("left < 30 * 24 * 3600", {"left": "left", "operator": "<", "value": 2592000.0}),
        ("left < (30 * 86400)", {"left": "left", "operator": "<", "value": 2592000.0}),
        ("left < 30 * days", None),
        ("absent(up)", None),
        ("up == 0 and on() x", None),
        ("a > b", None),
        ("1 < a < 2", None),
        ("(up == 0)", None),
    ],
)
def test_simple_comparisons(expression: str, expected: dict[str, Any] | None) -> None:
    assert comparison(expression) == expected


def test_a_resource_of_a_rule_has_an_id_of_its_own(collect: Collect) -> None:
    found: list[Resource] = [
        r for r in collect({"a.yml": RULES, "b.yml": RULES}).resources if r.kind == "prometheus_rule"
    ]
    assert len({resource.id for resource in found}) == 6
