"""Every case beside every shipped policy, and what running cases says of policies that have mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from infraguard.bundled import bundled_folder
from infraguard.model.errors import PolicyError
from infraguard.model.evidence import Source
from infraguard.model.findings import Verdict
from infraguard.model.policy import Policy
from infraguard.policies.cases import Case
from infraguard.policies.catalogue import load_folder
from infraguard.workflows.policies import check_policies, list_policies, show_policy
from infraguard.workflows.policy_cases import cases_of, run_case
from tests.policies.test_schema import GOOD

FOLDER = bundled_folder("policies")
POLICIES = load_folder(FOLDER)
CASES = [(policy, case) for policy in POLICIES for case in cases_of(policy, FOLDER)]


@pytest.mark.parametrize(("policy", "case"), CASES, ids=[f"{policy.id}: {case.name}" for policy, case in CASES])
def test_case(policy: Policy, case: Case) -> None:
    assert run_case(policy, case) == ""


#: Sources that nothing collects yet: their rules have no cases through a collector.
WITHOUT_COLLECTOR = {Source.PLAN}


@pytest.mark.parametrize("policy", POLICIES, ids=[policy.id for policy in POLICIES])
def test_each_source_of_a_policy_is_shown_to_pass_to_fail_and_to_be_unknown(policy: Policy) -> None:
    shown = {(case.source, case.verdict) for case in cases_of(policy, FOLDER)}
    for source in set(policy.sources) - WITHOUT_COLLECTOR:
        for verdict in (Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN):
            assert (source, verdict) in shown, f"{source} has no case that is {verdict}"


def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cases: str) -> str:
    monkeypatch.setenv("INFRAGUARD_CACHE_DIR", str(tmp_path / "cache"))
    folder = tmp_path / "pack" / "area"
    folder.mkdir(parents=True)
    policy = GOOD.replace("each: db", "each: aws_db_instance").replace("require: {days:", "require: {backup_window:")
    (folder / "one.yaml").write_text(policy)
    if cases:
        (folder / "one.cases.yaml").write_text(cases)
    return str(tmp_path / "pack")


CASE = """cases:
  - name: one
    source: tf
    verdict: %s
    %s
    terraform: |
      resource "aws_db_instance" "a" {
        backup_window = 40
      }
"""


@pytest.mark.parametrize(
    ("cases", "problem"),
    [
        (CASE % ("pass", ""), ""),
        (CASE % ("fail", ""), "expected fail, and it is pass"),
        (CASE % ("pass", "message: another text"), "no message holds 'another text'"),
        (CASE % ("pass", "because: a reason"), "no reason holds 'a reason'"),
        (CASE.replace("tf", "repo") % ("pass", ""), "the policy has no rule for repo"),
        ("", "it has no cases"),
    ],
)
def test_cases_say_what_differs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cases: str, problem: str) -> None:
    results = check_policies(pack(tmp_path, monkeypatch, cases))
    assert len(results) == 1
    assert results[0].problem.startswith(problem)
    assert bool(results[0].problem) is bool(problem)


GIVEN = "cases:\n  - name: one\n    source: tf\n    verdict: pass\n"


@pytest.mark.parametrize(
    ("content", "where", "why"),
    [
        ("cases: []\n", "1:8", "the list is empty"),
        (GIVEN + "    resources: [{attributes: {a: 1}}]\n", "5:17", "'kind' is missing"),
        (GIVEN + "    resources: [{kind: a, environment: prd}]\n", "5:40", "'prd' is not one of"),
        (GIVEN + "    resources: [{kind: a, attributes: [1]}]\n", "5:39", "a mapping"),
        (GIVEN + "    resources: [{kind: 3}]\n", "5:24", "text is expected"),
        (GIVEN + "    gaps: [{scope: s, reason: nope}]\n", "5:31", "'nope' is not one of"),
        (GIVEN + "    gaps: [{reason: denied}]\n", "5:12", "'scope' is missing"),
        (GIVEN + "    becuase: x\n", "5:5", "unknown key"),
        (GIVEN.encode() + b"\xff", "5", "not UTF-8 text"),
    ],
)
def test_mistakes_in_cases_are_named_at_their_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | bytes, where: str, why: str
) -> None:
    folder = pack(tmp_path, monkeypatch, "")
    path = Path(folder) / "area" / "one.cases.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(PolicyError, match=why) as raised:
        check_policies(folder)
    assert str(raised.value).startswith(f"{path}:{where}: ")


def test_policies_are_listed_and_shown() -> None:
    assert {policy.id for policy in list_policies()} >= {"database/backup-retention", "tls/minimum-version"}
    policy, cases = show_policy("database/backup-retention")
    assert policy.parameters["days"].default == 30
    assert cases
