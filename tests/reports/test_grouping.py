"""What keeps gates open, found together with the gates that it keeps open."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from infraguard.model.evidence import EVERY_UNIT, Environment, Gap, GapReason, Source
from infraguard.model.findings import Finding, Report, Verdict
from infraguard.model.values import Location
from infraguard.reports.grouping import blockers
from infraguard.reports.together import alike, callers_of, roots_of, together_in
from infraguard.reports.words import unit_words
from tests.reports.sample import deployed, finding

BROKEN = Gap(source=Source.TF, scope="main.tf", reason=GapReason.INVALID, detail="no", remedy="mend it", unit="account")


def about(unit: str) -> Finding:
    found = finding("alerting/unusual-access", Source.TF, Verdict.UNKNOWN, reason="main.tf: no", causes=("tf:main.tf",))
    return replace(found, resource=replace(found.resource, unit=unit))


@pytest.mark.parametrize(("unit", "waits"), [("account", True), ("stack", False), (EVERY_UNIT, True)])
def test_a_finding_on_all_roots_waits_for_a_gap_in_any(unit: str, waits: bool) -> None:
    report = Report(version="1", started_at="now", targets=(), findings=(about(unit),), gates=(), gaps=(BROKEN,))
    assert blockers(report)[0].findings == ((about(unit),) if waits else ())


@pytest.mark.parametrize(
    ("unit", "words"), [("stack", "infra/stack"), (".", "infra"), (EVERY_UNIT, "all roots together")]
)
def test_the_unit_of_a_finding_is_a_folder_or_all_roots(unit: str, words: str) -> None:
    assert unit_words(about(unit), "infra") == words


def failed(unit: str, file: str, **changed: object) -> Finding:
    found = finding("alerting/unusual-access", Source.TF, Verdict.FAIL)
    found = replace(found, resource=replace(found.resource, unit=unit), fingerprint=f"{unit}{file}")
    return replace(found, location=Location(file=file, line=3), **changed)


def test_what_several_roots_make_of_a_module_is_said_once() -> None:
    findings = [failed("a", "m/main.tf"), failed("a", "a/main.tf"), failed("b", "m/main.tf")]
    together = alike(findings)
    assert [[each.resource.unit for each in group] for group in together] == [["a", "b"], ["a"]]
    assert [roots_of(group) for group in together] == [("a", "b"), ()]


def test_a_module_is_one_thing_to_mend_for_all_environments() -> None:
    findings = [failed(name, "m/main.tf") for name in ("dev", "prod")]
    environments = (Environment.DEVELOPMENT, Environment.PRODUCTION)
    of_each = [
        replace(each, resource=replace(each.resource, environment=environment))
        for each, environment in zip(findings, environments, strict=True)
    ]
    assert [roots_of(group) for group in alike(of_each)] == [("dev", "prod")]


def test_what_differs_from_root_to_root_is_said_of_each() -> None:
    findings = [failed("a", "m/main.tf", message="7 days"), failed("b", "m/main.tf", message="1 day")]
    together = alike(findings)
    assert [roots_of(group) for group in together] == [("a",), ("b",)]


def test_variable_files_are_told_though_the_place_is_in_the_root() -> None:
    assert roots_of([failed("a [prod.tfvars]", "a/main.tf")]) == ("a [prod.tfvars]",)
    assert roots_of([failed(".", "main.tf")]) == ()


def test_a_job_that_several_workflows_call_is_said_once_with_its_callers() -> None:
    findings = [deployed("cd-api"), deployed("cd-web", index=2), deployed("other", line=9)]
    together = alike(findings)
    assert [callers_of(group) for group in together] == [
        (".github/workflows/cd-api.yml#deploy/deploy", ".github/workflows/cd-web.yml#deploy/deploy"),
        (),
    ]


def test_callers_of_which_something_else_is_said_stand_apart() -> None:
    assert len(alike([deployed("cd-api"), deployed("cd-web", message="starts on a schedule")])) == 2


def rooted(files: str, **changed: object) -> Finding:
    found = failed(f"infra [{files}]", "infra/main.tf", message=f"infra [{files}] has no lock file", **changed)
    return replace(found, resource=replace(found.resource, kind="terraform_root", id=found.resource.unit))


def test_a_root_with_many_variable_files_is_one() -> None:
    together = alike([rooted("a.tfvars"), rooted("b.tfvars"), rooted("c.tfvars", observed={"lock_file": True})])
    assert [roots_of(group) for group in together] == [("infra [a.tfvars]", "infra [b.tfvars]"), ("infra [c.tfvars]",)]


def undecided(policy: str, cause: str, words: str) -> Finding:
    return finding(policy, Source.TF, Verdict.UNKNOWN, cause, reason=words, remedy="set it", causes=(cause,))


def test_a_reason_that_ends_in_another_is_left_out() -> None:
    findings = (
        undecided("a/b", "var.days", "it may not exist: var.days has no value"),
        undecided("a/b", "var.days", "var.days has no value"),
    )
    report = Report(version="1", started_at="now", targets=(), findings=findings, gates=(), gaps=())
    assert [each.what for each in blockers(report)] == ["var.days has no value"]


def test_causes_in_the_same_words_are_told_together_and_counted_each() -> None:
    findings = (
        undecided("a/b", "task.web", "it names no user"),
        undecided("a/b", "task.jobs", "it names no user"),
        undecided("a/c", "task.mail", "it names no user"),
        undecided("a/b", "task.cron", "its user is not known"),
    )
    report = Report(version="1", started_at="now", targets=(), findings=findings, gates=(), gaps=())
    found = {each.what: (each.count, len(each.findings)) for each in blockers(report)}
    assert found == {"it names no user": (3, 3), "its user is not known": (1, 1)}


def test_roots_with_files_of_variables_name_their_folder_once() -> None:
    assert together_in(["a", "b"]) == ["a", "b"]
    assert together_in(["a", "a [../env/dev.tfvars]"]) == ["a", "a [../env/dev.tfvars]"]
    assert together_in(["a [../env/dev.tfvars]", "a [../env/prod.tfvars]"]) == ["a [dev.tfvars, prod.tfvars]"]
    assert together_in(["a [dev/x.tfvars]", "a [prod/x.tfvars]"]) == ["a [dev/x.tfvars, prod/x.tfvars]"]
