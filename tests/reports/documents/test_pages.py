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
    terraform: |
      resource "aws_db_instance" "a" { backup_retention_period = 30 }
"""


def page() -> str:
    return gate_page(
        GatePage(
            policy=read_policy(POLICY, "a/one.yaml", "a/one"),
            cases=read_cases(CASES, "a/one.cases.yaml"),
            frameworks=(("soc2", "SOC 2", ("CC1", "CC2")),),
            predicates={"closed_to_the_internet": "Nothing outside reaches it"},
        )
    )


@pytest.mark.parametrize(
    "line",
    [
        "# a/one",
        "Severity: high · production · judged on: Terraform source, Terraform plan, AWS account",
        "- every `aws_db_instance`",
        "    - `replicate_source_db` is absent",
        "    - `backup_retention_period` is at least the parameter `days`",
        "    - at least one of these",
        "      - there is at least one `aws_alarm` whose `dimensions` refers to it",
        "          - `enabled` is `true`",
        "      - Nothing outside reaches it",
        "| `days` | 30 | higher | days \\| nights |",
        "days = 30",
        "Terraform source, pass: thirty | are enough",
        "| tf | pass | thirty \\| are enough |",
        "- [SOC 2](../../frameworks/soc2.md): CC1, CC2",
        "- <https://example.com/why>",
    ],
)
def test_a_gate_has_everything_on_its_page(line: str) -> None:
    assert line in page().splitlines()


def test_a_framework_names_what_gates_show_and_what_is_left() -> None:
    requirements = (
        Requirement(id="1", title="Kept", gates=("a/one",), covers="whole", demands={"a/one": {"days": 365}}),
        Requirement(id="2", title="Known", covers="none", left="People."),
    )
    framework = Framework(
        name="f",
        title="F",
        publisher="P",
        version="1",
        scope="All",
        reference="https://e.com",
        requirements=requirements,
    )
    text = framework_page(framework)
    assert "| 1 | Kept | [a/one](../gates/a/one.md) (days 365) | – |" in text
    assert "| 2 | Known | – | People. |" in text
    assert "| shown by gates as a whole | 1 |" in text


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
