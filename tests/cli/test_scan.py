from __future__ import annotations

import json
import os
import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from infraguard.model.findings import Severity
from infraguard.workflows.request import AwsOptions, ScanRequest
from tests.cli.conftest import Invoke

PLANS = Path(__file__).parents[1] / "collectors" / "plan" / "plans"
pytestmark = pytest.mark.usefixtures("in_a_folder")


@pytest.fixture
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_flags_the_current_folder_is_scanned(invoke: Invoke, requests: list[ScanRequest]) -> None:
    assert invoke("scan").code == 1
    request = requests[0]
    assert (request.targets, request.aws, request.results, request.fail_on, request.on_unknown) == (
        (".",),
        None,
        None,
        None,
        None,
    )
    assert datetime.fromisoformat(request.now).utcoffset() == timedelta(0)


def test_every_flag_reaches_the_scan(invoke: Invoke, requests: list[ScanRequest]) -> None:
    flags = "--aws --profile audit --region eu-west-1 --region us-east-1 --role-arn arn:aws:iam::1:role/r"
    flags += " --results c.xml --var-file a.tfvars --var-file b.tfvars --select a/*,b/* --select d/e --exclude b/c"
    flags += " --policies ours --fail-on high --on-unknown warn --verbose"
    flags += " --framework soc2 --with bandit,zizmor --with checkov --sarif s.sarif"
    invoke("scan", "one", "two", *flags.split())
    expected = ScanRequest(
        now=requests[0].now,
        targets=("one", "two"),
        aws=AwsOptions(profile="audit", regions=("eu-west-1", "us-east-1"), role_arn="arn:aws:iam::1:role/r"),
        results=("c.xml",),
        var_files=("a.tfvars", "b.tfvars"),
        select=("a/*", "b/*", "d/e"),
        exclude=("b/c",),
        policy_folders=("ours",),
        fail_on=Severity.HIGH,
        on_unknown="warn",
        framework="soc2",
        tools=("bandit", "zizmor", "checkov"),
        sarif_files=("s.sarif",),
    )
    assert requests == [expected]


def test_a_target_that_is_named_twice_is_scanned_once(invoke: Invoke, requests: list[ScanRequest]) -> None:
    invoke("scan", "one", "two", "./one/")
    assert requests[0].targets == ("./one/", "two")


@pytest.mark.usefixtures("requests")
def test_console_is_plain_in_a_pipe(invoke: Invoke) -> None:
    outcome = invoke("scan")
    assert outcome.code == 1
    assert outcome.err == ""
    assert "\x1b" not in outcome.out
    assert "9 gates: 4 failed" in outcome.out


@pytest.mark.usefixtures("requests")
@pytest.mark.parametrize(("variables", "colored"), [(["FORCE_COLOR"], True), (["FORCE_COLOR", "NO_COLOR"], False)])
def test_colour_can_be_forced_and_forbidden(
    variables: list[str], colored: bool, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in variables:
        monkeypatch.setenv(name, "1")
    assert ("\x1b[" in invoke("scan").out) is colored


@pytest.mark.usefixtures("requests")
@pytest.mark.parametrize(("columns", "rule"), [("60", 60), ("1", 40), ("900", 120), ("nonsense", 80), ("", 80)])
def test_the_width_is_that_of_columns_within_reason(
    columns: str, rule: int, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    lines = invoke("scan").out.splitlines()
    assert "─" * rule in lines


@pytest.mark.usefixtures("requests")
def test_verbose_lists_what_passed(invoke: Invoke) -> None:
    assert "Databases are encrypted with their own key" not in invoke("scan").out
    assert "Databases are encrypted with their own key" in invoke("scan", "--verbose").out


@pytest.mark.usefixtures("requests")
def test_places_are_clickable_from_the_working_directory(invoke: Invoke, in_a_folder: Path) -> None:
    (in_a_folder / "examples/bad").mkdir(parents=True)
    assert "    examples/bad/terraform/db.tf:12" in invoke("scan", "examples/bad/").out
    assert "    terraform/db.tf:12" in invoke("scan", "examples/bad", ".").out


@pytest.mark.usefixtures("requests")
def test_json_and_sarif_go_to_standard_output(invoke: Invoke) -> None:
    assert json.loads(invoke("scan", "--format", "json").out)["schema"] == "infraguard/report/v1"
    assert json.loads(invoke("scan", "--format", "sarif").out)["version"] == "2.1.0"


@pytest.mark.usefixtures("requests")
def test_a_dash_is_standard_output(invoke: Invoke) -> None:
    outcome = invoke("scan", "--format", "json", "--output", "-")
    assert json.loads(outcome.out)["schema"] == "infraguard/report/v1"
    assert outcome.err == ""


@pytest.mark.usefixtures("requests")
def test_sarif_names_files_from_the_root_of_the_repository(invoke: Invoke, in_a_folder: Path) -> None:
    (in_a_folder / ".git").mkdir()
    (in_a_folder / "services/billing").mkdir(parents=True)
    run = json.loads(invoke("scan", "services/billing", "--format", "sarif").out)["runs"][0]
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"] == "services/billing/terraform/db.tf"


@pytest.mark.usefixtures("requests")
def test_sarif_describes_gates_in_their_policies_words(invoke: Invoke) -> None:
    rules = json.loads(invoke("scan", "--format", "sarif").out)["runs"][0]["tool"]["driver"]["rules"]
    rule = next(rule for rule in rules if rule["id"] == "database/backup-retention")
    assert rule["fullDescription"]["text"] != rule["shortDescription"]["text"]
    assert rule["helpUri"].startswith("https://")


@pytest.mark.usefixtures("requests")
@pytest.mark.parametrize("format_", ["console", "json", "sarif"])
def test_a_report_in_a_file_leaves_a_summary_on_standard_error(
    format_: str, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    outcome = invoke("scan", "--format", format_, "--output", "report")
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == (
        "1 pass, 4 fail, 2 unknown, 1 not_applicable, 1 manual, 3 not read; the report is in report\n"
    )
    text = Path("report").read_text(encoding="utf-8")
    assert "database/no-public-access" in text
    assert "\x1b" not in text
    assert [path.name for path in Path().iterdir()] == ["report"]


@pytest.mark.usefixtures("requests")
def test_a_file_is_replaced_through_its_link_with_usual_rights(invoke: Invoke) -> None:
    Path("real.json").write_text("old")
    Path("link.json").symlink_to("real.json")
    umask = os.umask(0o027)
    try:
        invoke("scan", "--format", "json", "--output", "link.json")
    finally:
        os.umask(umask)
    assert Path("link.json").is_symlink()
    assert json.loads(Path("real.json").read_text())["schema"] == "infraguard/report/v1"
    assert stat.S_IMODE(Path("real.json").stat().st_mode) == 0o640


@pytest.mark.usefixtures("requests")
def test_a_device_is_written_to_and_not_replaced(invoke: Invoke) -> None:
    assert invoke("scan", "--output", os.devnull).code == 1
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


@pytest.mark.usefixtures("requests")
def test_a_report_that_cannot_be_written_leaves_the_old_one(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("report").write_text("old")

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    outcome = invoke("scan", "--output", "report")
    assert outcome.code == 2
    assert outcome.err.endswith("report: cannot be written: No space left on device\n")
    assert Path("report").read_text() == "old"
    assert [path.name for path in Path().iterdir()] == ["report"]


@pytest.mark.usefixtures("requests")
def test_evidence_is_saved(invoke: Invoke) -> None:
    assert invoke("scan", "--save-evidence", "e.json").code == 1
    assert json.loads(Path("e.json").read_text())["evidence"]["targets"] == [{"source": "tf", "name": "billing"}]


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ("--profile p", "--profile does nothing without --aws"),
        ("--region r", "--region does nothing without --aws"),
        ("--role-arn a", "--role-arn does nothing without --aws"),
        ("--verbose --format json", "--verbose does nothing with --format json"),
        ("e.json --var-file v", "--var-file does nothing with saved evidence"),
        ("e.json --results r", "--results does nothing with saved evidence"),
        ("--output .", "--output . is a folder"),
        ("--save-evidence .", "--save-evidence . is a folder"),
        ("--output no/report", "there is no folder no"),
        ("--output same --save-evidence same", "name the same file"),
    ],
)
def test_flags_that_would_do_nothing_are_refused_before_anything_is_read(
    flags: str, words: str, invoke: Invoke, requests: list[ScanRequest]
) -> None:
    outcome = invoke("scan", *flags.split())
    assert (outcome.code, outcome.out) == (2, "")
    assert words in outcome.err
    assert "hint: see infraguard scan --help" in outcome.err
    assert requests == []


def test_a_target_that_is_empty_is_not_the_current_folder(invoke: Invoke) -> None:
    outcome = invoke("scan", "")
    assert outcome.code == 2
    assert "a target is empty" in outcome.err


def test_a_state_is_scanned_as_what_exists(invoke: Invoke, in_a_folder: Path) -> None:
    planned = json.loads((PLANS / "secure.json").read_text("utf-8"))
    shown = {"format_version": "1.0", "terraform_version": "1.11.4", "values": planned["planned_values"]}
    (in_a_folder / "state.json").write_text(json.dumps(shown), "utf-8")
    outcome = invoke("scan", "--plan", "state.json", "--select", "database/*", "--format", "json")
    report = json.loads(outcome.out)
    assert {"source": "plan", "name": "state.json (state)"} in report["targets"]
    verdicts = {each["policy"]: each["verdict"] for each in report["findings"] if each["source"] == "plan"}
    assert verdicts["database/backup-retention"] == "pass"
    assert outcome.code in (0, 1, 3)


@pytest.mark.parametrize(
    ("text", "why", "hint"),
    [
        ('{"version": 4, "lineage": "3f0e", "resources": []}', "a raw state", "`terraform show -json > state.json`"),
        ('{"format_version": "1.0", "values": 3}', "not the JSON form", "terraform plan"),
        ('{"format_version": "1.0", "val', "not complete, valid JSON", "terraform plan"),
    ],
)
def test_what_is_no_state_ends_with_words_and_code_two(
    text: str, why: str, hint: str, invoke: Invoke, in_a_folder: Path
) -> None:
    (in_a_folder / "state.json").write_text(text, "utf-8")
    outcome = invoke("scan", "--plan", "state.json")
    assert (outcome.code, outcome.out) == (2, "")
    assert why in outcome.err
    assert hint in outcome.err
