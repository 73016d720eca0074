from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Invoke

POLICY = """\
title: Buckets are tagged
severity: low
environments: [production]
parameters:
  tag: {type: string, default: owner, description: the tag that must be there}
rules:
  - sources: [tf]
    each: aws_s3_bucket
    require:
      tags: {contains: $tag}
    message: "{id} has no tag {tag}"
why: |
  Nobody knows whose an untagged bucket is.
remediation: Tag it.
references: [https://example.com/tags]
"""
CASES = """\
cases:
  - name: a tag will do
    source: tf
    verdict: {verdict}
    resources:
      - {{kind: aws_s3_bucket, id: aws_s3_bucket.a, attributes: {{tags: {{owner: me}}}}}}
"""


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    folder = tmp_path / "ours"
    (folder / "storage").mkdir(parents=True)
    (folder / "storage/tagged.yaml").write_text(POLICY)
    (folder / "storage/tagged.cases.yaml").write_text(CASES.format(verdict="pass"))
    return folder


def test_gates_are_listed_by_area(invoke: Invoke) -> None:
    outcome = invoke("policies", "list")
    lines = outcome.out.splitlines()
    assert outcome.code == 0
    gates = [line.split()[:2] for line in lines[lines.index("database") + 1 :]]
    assert ["database/backup-retention", "high"] in gates


def test_a_folder_of_ones_own_is_listed_as_well(invoke: Invoke, ours: Path) -> None:
    listed = json.loads(invoke("policies", "list", "--policies", str(ours), "--format", "json").out)
    ids = [entry["id"] for entry in listed]
    assert "database/backup-retention" in ids
    assert listed[ids.index("storage/tagged")] == {
        "id": "storage/tagged",
        "title": "Buckets are tagged",
        "severity": "low",
        "environments": ["production"],
        "sources": ["tf"],
        "manual": False,
        "parameters": {
            "tag": {
                "type": "string",
                "default": "owner",
                "tighter": "",
                "description": "the tag that must be there",
            }
        },
        "frameworks": {},
    }
    assert "CC6.1" in listed[ids.index("database/no-public-access")]["frameworks"]["soc2"]


def test_the_list_can_be_narrowed(invoke: Invoke) -> None:
    listed = json.loads(invoke("policies", "list", "--select", "tls/*", "--format", "json").out)
    assert {entry["id"].partition("/")[0] for entry in listed} == {"tls"}


def test_a_gate_is_shown_with_all_that_it_says(invoke: Invoke, ours: Path) -> None:
    text = invoke("policies", "show", "storage/tagged", "--policies", str(ours)).out
    for words in (
        "storage/tagged  low  production",
        "Nobody knows whose an untagged bucket is.",
        "Terraform source: every aws_s3_bucket",
        "a fail says: {id} has no tag {tag}",
        '[gates."storage/tagged"]',
        'tag = "owner"  # the tag that must be there',
        "Tag it.",
        "https://example.com/tags",
        "pass            tf       a tag will do",
    ):
        assert words in text


def test_a_gate_is_shown_as_data(invoke: Invoke, ours: Path) -> None:
    shown = json.loads(invoke("policies", "show", "storage/tagged", "--policies", str(ours), "--format", "json").out)
    assert shown["parameters"]["tag"]["default"] == "owner"
    assert shown["rules"] == [{"sources": ["tf"], "each": ["aws_s3_bucket"], "message": "{id} has no tag {tag}"}]
    assert shown["cases"] == [{"name": "a tag will do", "source": "tf", "verdict": "pass", "why": None}]


def test_a_gate_that_is_not_names_the_nearest(invoke: Invoke) -> None:
    code, out, err = invoke("policies", "show", "database/backup-retenton")
    assert (code, out) == (2, "")
    assert "did you mean 'database/backup-retention'?" in err


def test_cases_that_hold(invoke: Invoke, ours: Path) -> None:
    assert invoke("policies", "test", str(ours)) == (0, "1 case of 1 gate: all hold\n", "")


def test_a_case_that_does_not_hold_is_a_fail_with_its_place(invoke: Invoke, ours: Path) -> None:
    (ours / "storage/tagged.cases.yaml").write_text(CASES.format(verdict="fail"))
    code, out, _ = invoke("policies", "test", str(ours))
    assert code == 1
    assert "tagged.cases.yaml:2  storage/tagged" in out
    assert "expected fail, and it is pass" in " ".join(out.split())
    assert "1 case of 1 gate: 1 does not hold" in out


def test_cases_as_data(invoke: Invoke, ours: Path) -> None:
    code, out, _ = invoke("policies", "test", str(ours), "--format", "json")
    assert code == 0
    (result,) = json.loads(out)
    assert (result["policy"], result["case"], result["holds"], result["problem"]) == (
        "storage/tagged",
        "a tag will do",
        True,
        None,
    )


def test_a_policy_that_is_wrong_says_where(invoke: Invoke, ours: Path) -> None:
    (ours / "storage/tagged.yaml").write_text(POLICY.replace("severity: low", "severity: horrible"))
    code, out, err = invoke("policies", "test", str(ours))
    assert (code, out) == (2, "")
    assert "storage/tagged.yaml:2" in err


def test_the_permissions_are_what_the_chosen_gates_need(invoke: Invoke) -> None:
    outcome = invoke("policies", "iam-policy", "--select", "database/backup-retention")
    (statement,) = json.loads(outcome.out)["Statement"]
    actions = ["rds:DescribeDBClusters", "rds:DescribeDBInstances"]
    assert statement == {"Effect": "Allow", "Action": actions, "Resource": "*"}


def test_gates_that_no_account_decides_need_no_permission(invoke: Invoke, ours: Path) -> None:
    outcome = invoke("policies", "iam-policy", "--policies", str(ours), "--select", "storage/tagged")
    assert json.loads(outcome.out) == {"Version": "2012-10-17", "Statement": []}


def test_pages_are_written_and_checked(invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from infraguard.workflows import policy_documents

    monkeypatch.setattr(policy_documents, "documents", lambda: {"gates/a/one.md": "one\n"})
    docs = tmp_path / "docs"
    checked = invoke("policies", "docs", "--check", "--output", str(docs))
    assert (checked.code, checked.out) == (1, f"stale  {docs}/gates/a/one.md\n")
    assert "1 page is not what the policies say" in checked.err
    assert f"infraguard policies docs --output {docs}" in checked.err
    assert not docs.exists()
    assert "gates/a/one.md" in invoke("policies", "docs", "--output", str(docs)).out
    assert invoke("policies", "docs", "--check", "--output", str(docs)) == (0, "", "")
