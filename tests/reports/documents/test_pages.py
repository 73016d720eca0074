"""The pages of gates and frameworks: everything that a reader asks stands on them, and only what is so."""

from __future__ import annotations

from pathlib import Path

import pytest

from infraguard.model.frameworks import Framework, Requirement
from infraguard.policies.cases import read_cases
from infraguard.policies.schema import read_policy
from infraguard.reports.documents.framework import framework_page
from infraguard.reports.documents.gate import GatePage, gate_page
from infraguard.workflows import policy_documents
from infraguard.workflows.policy_documents import stale_documents, write_documents

POLICY = """
title: Backups are kept
severity: high
environments: [production]
parameters:
  days: {type: integer, default: 30, tighter: higher, description: "days | nights"}
rules:
  - sources: [tf, plan, aws]
    each: aws_db_instance
    when: {replicate_source_db: absent}
    require:
      backup_retention_period: {at_least: $days}
      any:
        - related: {some: aws_alarm, by: dimensions, where: {enabled: true}}
        - predicate: closed_to_the_internet
    message: "{id} keeps too little"
why: Things break.
remediation: Keep more.
references: [https://example.com/why]
"""
CASES = """
cases:
  - name: thirty | are enough
    source: tf
    verdict: pass
    why: So much.
    terraform: |
      resource "aws_db_instance" "a" { backup_retention_period = 30 }
"""


FRAMEWORK = Framework(
    name="f",
    title="F",
    publisher="P",
    version="1",
    scope="All",
    reference="https://e.com",
    requirements=(
        Requirement(id="1.1 (a)", title="Kept", gates=("a/one",), covers="whole", demands={"a/one": {"days": 365}}),
        Requirement(id="2", title="Known", covers="none", left="People."),
    ),
)


def page() -> str:
    return gate_page(
        GatePage(
            policy=read_policy(POLICY, "a/one.yaml", "a/one"),
            cases=read_cases(CASES, "a/one.cases.yaml"),
            frameworks=(FRAMEWORK,),
            predicates={"closed_to_the_internet": "nothing outside reaches it"},
        )
    )


@pytest.mark.parametrize(
    "line",
    [
        "# a/one",
        "**Backups are kept.**",
        "| high | production | Terraform source, Terraform plan, AWS account |",
        "- Every `aws_db_instance`",
        "  - only those where `replicate_source_db` is not set",
        "    - `backup_retention_period` is at least `30` (parameter `days`)",
        "    - at least one of these holds:",
        "      - there is an `aws_alarm` whose `dimensions` refers to it, where `enabled` is `true`",
        "      - nothing outside reaches it",
        "  - says of a fail: “{id} keeps too little”",
        "| `days` | `30` | higher | days \\| nights |",
        "days = 30",
        "Passes: thirty | are enough.",
        "<summary>All 1 cases that the policy is tested with</summary>",
        "| tf | pass | thirty \\| are enough. So much. |",
        "| [F: 1.1 (a)](../../frameworks/f.md#1-1--a-) | Kept | the whole; there days 365 |",
        "- <https://example.com/why>",
    ],
)
def test_a_gate_has_everything_on_its_page(line: str) -> None:
    assert line in page().splitlines()


@pytest.mark.parametrize(
    "part",
    [
        '| <a name="1-1--a-"></a>1.1 (a) | Kept | automated | [a/one](../gates/a/one.md) (days 365, manual) | – |',
        '| <a name="2"></a>2 | Known | not covered | – | People. |',
        "| automated | 1 | gates show all of it |",
    ],
)
def test_a_framework_names_what_gates_show_and_what_is_left(part: str) -> None:
    assert part in framework_page(FRAMEWORK, {"a/one"}).splitlines()


def test_pages_are_written_compared_and_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = {"gates/a/one.md": "one\n", "gates/README.md": "index\n"}
    monkeypatch.setattr(policy_documents, "documents", lambda: pages)
    assert write_documents(tmp_path) == tuple(sorted(pages))
    assert stale_documents(tmp_path) == ()
    (tmp_path / "gates/a/one.md").write_text("edited\n", "utf-8")
    (tmp_path / "gates/a/gone.md").write_text("old\n", "utf-8")
    assert stale_documents(tmp_path) == ("gates/a/gone.md", "gates/a/one.md")
    write_documents(tmp_path)
    assert stale_documents(tmp_path) == ()
    assert not (tmp_path / "gates/a/gone.md").exists()
