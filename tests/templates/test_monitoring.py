"""Alerts and dashboards of the generated portal: accepted by the real tools, and about metrics that it really has."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from infraguard.readers.yaml import read_document
from tests.templates.conftest import ODD_ANSWERS, Say, in_project
from tests.tools import missing, run, run_ok

PROMETHEUS = "INFRAGUARD_REQUIRE_PROMETHEUS"

#: What each requirement asks for, as it must stand in the rule.
THRESHOLDS = {
    "ErrorRateHigh": "> 1",
    "LatencyP95High": "> 1",
    "DatabaseUnavailable": "== 0",
    "DiskSpaceLow": "< 20",
    "MemoryHigh": "> 80",
    "FailedFinancialTransactions": "> 0",
    "CertificateExpiresSoon": "< 30",
}

#: Metrics of other exporters, and of Prometheus itself.
FOREIGN = ("node_", "probe_", "process_", "up")


@pytest.fixture(scope="session")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of promtool and amtool: of this machine, or unpacked from Debian's packages and installed nowhere."""
    found = shutil.which("promtool")
    if found and shutil.which("amtool"):
        return Path(found).parent
    folder = tmp_path_factory.mktemp("prometheus")
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        missing("promtool and amtool", "install prometheus and prometheus-alertmanager", PROMETHEUS)
    if run("apt-get", "download", "prometheus", "prometheus-alertmanager", cwd=folder).returncode:
        missing("promtool and amtool", "install prometheus and prometheus-alertmanager", PROMETHEUS)
    for package in folder.glob("*.deb"):
        run_ok("dpkg-deb", "-x", str(package), str(folder / "root"))
    return folder / "root/usr/bin"


def _rules(project: Path) -> dict[str, dict[str, Any]]:
    document = read_document((project / "monitoring/prometheus/alerts.yml").read_text("utf-8"), "alerts.yml").data
    return {rule["alert"]: rule for group in document["groups"] for rule in group["rules"]}


@pytest.mark.parametrize("which", ["project", "odd_project"])
def test_the_real_tools_accept_rules_and_configuration(
    which: str, request: pytest.FixtureRequest, prometheus: Path, say: Say
) -> None:
    folder: Path = request.getfixturevalue(which) / "monitoring"
    run_ok(
        str(prometheus / "promtool"),
        "check",
        "config",
        str(folder / "prometheus/prometheus.yml"),
    )
    run_ok(
        str(prometheus / "amtool"),
        "check-config",
        str(folder / "alertmanager/alertmanager.yml"),
    )
    done = run_ok(
        str(prometheus / "promtool"),
        "test",
        "rules",
        "alerts_test.yml",
        cwd=folder / "prometheus",
    )
    assert "SUCCESS" in done.stdout
    rules = len(_rules(request.getfixturevalue(which)))
    say("amtool check-config, promtool check config", f"accepted, {rules} alerts")
    say("promtool test rules", f"SUCCESS, {rules} alerts, each fires and stays quiet")


def test_a_weaker_threshold_fails_the_rules_own_tests(project: Path, prometheus: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(project / "monitoring/prometheus", tmp_path / "prometheus"))
    alerts = folder / "alerts.yml"
    for name, threshold in THRESHOLDS.items():
        text = (project / "monitoring/prometheus/alerts.yml").read_text("utf-8")
        before, after = text.split(f"alert: {name}\n")
        changed = after.replace(threshold, "> 1000000000" if ">" in threshold else "== -1", 1)
        changed = changed.replace(" or absent(database_up)", "", 1)
        assert changed != after, name
        alerts.write_text(f"{before}alert: {name}\n{changed}", "utf-8")
        done = run(str(prometheus / "promtool"), "test", "rules", "alerts_test.yml", cwd=folder)
        assert done.returncode == 1, name
        assert name in done.stdout + done.stderr


def test_each_requirement_has_its_rule_with_its_figure_and_each_rule_both_tests(
    project: Path,
) -> None:
    rules = _rules(project)
    for name, threshold in THRESHOLDS.items():
        assert re.search(rf"{threshold}( |$)", " ".join(rules[name]["expr"].split())), name
    tests = read_document(
        (project / "monitoring/prometheus/alerts_test.yml").read_text("utf-8"),
        "alerts_test.yml",
    ).data
    fired = {
        one["alert_rule_test"][0]["alertname"] for one in tests["tests"] if one["alert_rule_test"][0]["exp_alerts"]
    }
    quiet = {one["alert_rule_test"][0]["alertname"] for one in tests["tests"]} & {
        one["alert_rule_test"][0]["alertname"] for one in tests["tests"] if not one["alert_rule_test"][0]["exp_alerts"]
    }
    assert fired == quiet == set(rules)


def test_an_alert_reaches_the_owner(odd_project: Path, prometheus: Path) -> None:
    file = str(odd_project / "monitoring/alertmanager/alertmanager.yml")
    done = run_ok(
        str(prometheus / "amtool"),
        "config",
        "routes",
        "test",
        f"--config.file={file}",
        "severity=critical",
    )
    assert done.stdout.strip() == "on-call"
    assert ODD_ANSWERS["owner_email"] in Path(file).read_text("utf-8")


def test_rules_and_dashboards_are_about_metrics_that_the_portal_has(
    project: Path, service_python: Path, prometheus: Path, tmp_path: Path
) -> None:
    script = "import consulting_portal.metrics, prometheus_client as p; print(p.generate_latest().decode())"
    env = in_project(project, service_python)
    exposed = run_ok(str(service_python), "-c", script, cwd=tmp_path, env=env).stdout
    known = set(re.findall(r"^# TYPE (\w+) ", exposed, re.MULTILINE))
    known |= {f"{name}_{part}" for name in known for part in ("bucket", "count", "sum")}
    expressions = [rule["expr"] for rule in _rules(project).values()]
    for file in (project / "monitoring/grafana/dashboards").glob("*.json"):
        panels = json.loads(file.read_bytes())["panels"]
        expressions += [target["expr"] for panel in panels for target in panel["targets"]]
    for expression in expressions:
        plain = re.sub(r"\{[^}]*\}|\[[^]]*\]|by \([^)]*\)", " ", expression)
        names = {one for one in re.findall(r"\b[a-z][A-Za-z0-9_]*", plain) if "_" in one or one == "up"}
        names -= {"histogram_quantile"}
        assert names, expression
        assert {name for name in names if not name.startswith(FOREIGN)} <= known, expression
    _accepted(expressions, prometheus, tmp_path)


def _accepted(expressions: list[str], prometheus: Path, tmp_path: Path) -> None:
    rules = [{"record": f"r{number}", "expr": one} for number, one in enumerate(expressions)]
    (tmp_path / "all.yml").write_text(json.dumps({"groups": [{"name": "all", "rules": rules}]}), "utf-8")
    run_ok(str(prometheus / "promtool"), "check", "rules", str(tmp_path / "all.yml"))


def test_the_metrics_of_cloudwatch_are_those_that_alarms_are_on(
    project: Path, service_python: Path, tmp_path: Path
) -> None:
    """Whatever Terraform watches in the portal's namespace, the portal emits."""
    script = "from consulting_portal import cloudwatch as c; print(c.NAMESPACE, *c.UNITS)"
    env = in_project(project, service_python)
    namespace, *names = run_ok(str(service_python), "-c", script, cwd=tmp_path, env=env).stdout.split()
    assert namespace == "ConsultingPortal"
    terraform = "\n".join(file.read_text("utf-8") for file in (project / "terraform").rglob("*.tf"))
    custom = re.compile(
        r"(FailedFinancialTransactions|InvoiceGenerationSuccessRate|PaymentLatency|ReconciliationDiscrepancies"
        r"|AuditLogRows|RequestQueueLength|CacheHitRate)"
    )
    assert set(custom.findall(terraform)) <= set(names)
    assert len(names) == 7
