from __future__ import annotations

import json
from typing import Any

import jsonschema  # type: ignore[import-untyped] # it has no types of its own
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from infraguard.model.evidence import Source
from infraguard.model.findings import (
    FrameworkResult,
    Report,
    RequirementResult,
    Severity,
    ToolFinding,
    ToolResult,
    Verdict,
)
from infraguard.model.values import Location
from infraguard.reports import json_v1
from infraguard.reports.json_v1 import render_json
from tests.reports.conftest import Validate
from tests.reports.sample import CLEAN, NOTHING, REPORT, deployed, finding
from tests.reports.strategies import REPORTS

#: What is there only where it has something to say.
_LEFT_OUT = ("same_as",)
_DEFINITIONS = {
    "tool": json_v1.ToolV1,
    "target": json_v1.TargetV1,
    "resource": json_v1.ResourceV1,
    "fileLocation": json_v1.FileLocationV1,
    "liveLocation": json_v1.LiveLocationV1,
    "finding": json_v1.FindingV1,
    "gate": json_v1.GateV1,
    "gap": json_v1.GapV1,
    "framework": json_v1.FrameworkV1,
    "requirement": json_v1.RequirementV1,
    "toolResult": json_v1.ToolResultV1,
    "toolFinding": json_v1.ToolFindingV1,
}


def as_text(report: Report) -> str:
    return "".join(render_json(report))


@pytest.mark.parametrize("report", [REPORT, CLEAN, NOTHING])
def test_reports_are_of_the_schema(report: Report, valid_report: Validate) -> None:
    valid_report(as_text(report))


@pytest.mark.parametrize("together", [1, 2, 1000])
def test_findings_are_the_same_however_many_are_written_together(
    together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = msgspec.json.format(as_text(REPORT).encode(), indent=2).decode() + "\n"
    monkeypatch.setattr(json_v1, "_TOGETHER", together)
    assert as_text(REPORT) == whole
    assert len(json.loads(whole)["findings"]) == len(REPORT.findings) > 2


@given(REPORTS)
@settings(deadline=None)
def test_any_report_is_of_the_schema(valid_report: Validate, report: Report) -> None:
    valid_report(as_text(report))


@given(st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=20)
def test_the_order_of_reading_does_not_show(random: Any) -> None:
    def shuffled(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(random.sample(items, len(items)))

    other = msgspec.structs.replace(
        REPORT,
        **{name: shuffled(getattr(REPORT, name)) for name in ("targets", "findings", "gates", "gaps")},
    )
    assert as_text(other) == as_text(REPORT)


@pytest.mark.parametrize(
    "path", [(), ("tool",), ("findings", 0), ("findings", 0, "resource"), ("gates", 0), ("gaps", 0)]
)
def test_the_schema_takes_no_key_that_it_does_not_name(path: tuple[Any, ...], valid_report: Validate) -> None:
    document = json.loads(as_text(REPORT))
    inner = document
    for step in path:
        inner = inner[step]
    inner["surprise"] = 1
    with pytest.raises(jsonschema.ValidationError):
        valid_report(json.dumps(document))


def test_the_schema_takes_no_unknown_without_its_reason(valid_report: Validate) -> None:
    document = json.loads(as_text(REPORT))
    unknown = next(finding for finding in document["findings"] if finding["verdict"] == "unknown")
    unknown["reason"] = None
    with pytest.raises(jsonschema.ValidationError):
        valid_report(json.dumps(document))


@pytest.mark.parametrize("name", _DEFINITIONS)
def test_the_schema_and_the_wire_model_name_the_same_keys(name: str, report_schema: dict[str, Any]) -> None:
    definition = report_schema["$defs"][name]
    assert tuple(definition["properties"]) == _DEFINITIONS[name].__struct_fields__
    assert definition["required"] == [key for key in definition["properties"] if key not in _LEFT_OUT]


def test_the_keys_of_the_document_are_in_the_order_of_the_schema(
    report_schema: dict[str, Any], valid_report: Validate
) -> None:
    framework = FrameworkResult(
        name="soc2",
        title="SOC 2",
        version="2017",
        requirements=(
            RequirementResult(
                id="CC6.1",
                title="Access",
                verdict=Verdict.MANUAL,
                covers="part",
                left="People.",
                gates={"database/no-public-access": Verdict.PASS},
            ),
        ),
    )
    place = Location(file="a.py", line=2)
    found = ToolFinding(rule="B1", severity=Severity.LOW, message="m", location=place, fingerprint="0" * 32)
    tools = (ToolResult(tool="bandit", version="1", findings=(found,)),)
    document = json.loads(as_text(replace(REPORT, framework=framework, tools=tools)))
    assert list(document) == list(report_schema["properties"])
    valid_report(json.dumps(document))
    assert document["framework"]["requirements"][0]["gates"] == {"database/no-public-access": "pass"}


def test_nothing_is_said_of_a_framework_and_tools_that_nobody_asked_for(report_schema: dict[str, Any]) -> None:
    assert set(report_schema["properties"]) - set(json.loads(as_text(REPORT))) == {"framework", "tools"}


def test_live_things_have_an_arn_in_place_of_a_file() -> None:
    findings = json.loads(as_text(REPORT))["findings"]
    live = next(finding for finding in findings if finding["source"] == "aws" and finding["verdict"] == "fail")
    assert live["location"] == {
        "arn": "arn:aws:rds:eu-west-1:123456789012:db:billing",
        "account": "123456789012",
        "region": "eu-west-1",
    }


def test_an_unknown_says_how_to_have_it_decided() -> None:
    findings = json.loads(as_text(REPORT))["findings"]
    unknown = next(finding for finding in findings if finding["policy"] == "database/point-in-time-recovery")
    assert unknown["reason"] == "var.retention_days has no value"
    assert "--var-file" in unknown["remediation"]
    assert unknown["observed"]["backup_retention_period"] == {
        "$unknown": {
            "reason": "var.retention_days has no value",
            "depends_on": ["var.retention_days"],
            "is_set": False,
        }
    }


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        (None, None),
        (Location(), None),
        (Location(file="a.tf"), {"file": "a.tf", "line": None, "end_line": None}),
        (Location(file="a.tf", line=3), {"file": "a.tf", "line": 3, "end_line": 3}),
        (Location(account="1"), {"arn": None, "account": "1", "region": None}),
    ],
)
def test_a_place_says_what_is_known_of_it(location: Location | None, expected: Any) -> None:
    report = msgspec.structs.replace(NOTHING, findings=(finding("a/b", Source.TF, Verdict.PASS, location=location),))
    assert json.loads(as_text(report))["findings"][0]["location"] == expected


def test_a_fail_that_is_said_once_with_an_earlier_one_names_it(valid_report: Validate) -> None:
    findings = (deployed("cd-api"), deployed("cd-web", index=2), deployed("other", line=9))
    text = "".join(render_json(replace(REPORT, findings=findings)))
    document = json.loads(text)
    valid_report(text)
    named = {found["fingerprint"]: found.get("same_as") for found in document["findings"]}
    assert named == {"cd-api": None, "cd-web": "cd-api", "other": None}
    assert all("same_as" in found for found in document["findings"] if found["fingerprint"] == "cd-web")
