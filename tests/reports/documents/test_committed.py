"""The pages under docs/: they are what the policies say, lead somewhere, and what they tell a reader to write works."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from infraguard.bundled import bundled_folder
from infraguard.policies.catalogue import load_catalogue
from infraguard.suppressions.waiver_file import read_waivers
from infraguard.workflows.policy_cases import cases_of, findings_of
from infraguard.workflows.policy_documents import documents, stale_documents
from infraguard.workflows.settings import check_parameters, load_settings

DOCS = Path(__file__).parents[3] / "docs"
POLICIES = {policy.id: policy for policy in load_catalogue((bundled_folder("policies"),))}
_FENCE = re.compile(r"^(`{3,})(\w*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


@cache
def pages() -> dict[str, str]:
    return documents()


def page_of(gate: str) -> str:
    return pages()[f"gates/{gate}.md"]


def fence(page: str, beginning: str) -> str | None:
    return next((text for _, _, text in _FENCE.findall(page) if text.startswith(beginning)), None)


def anchors(page: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {heading.lower().replace(" ", "-") for heading in headings} | set(re.findall(r'<a name="([^"]+)">', page))


def test_the_committed_pages_are_what_the_policies_say() -> None:
    stale = stale_documents(DOCS, pages())
    assert not stale, f"run `make docs`, and commit what it writes: {', '.join(stale)}"


def test_every_link_leads_to_a_page_and_every_anchor_to_a_place() -> None:
    broken = []
    for path, text in pages().items():
        for link in _LINK.findall(_FENCE.sub("", text)):
            if "://" in link:
                continue
            file, _, wanted = link.partition("#")
            target = (DOCS / path).parent / file if file else DOCS / path
            name = target.resolve().relative_to(DOCS).as_posix()
            if name not in pages() or (wanted and wanted not in anchors(pages()[name])):
                broken.append(f"{path}: {link}")
    assert broken == []


@pytest.mark.parametrize("gate", POLICIES)
def test_a_page_has_balanced_parts_and_no_text_that_hides(gate: str) -> None:
    text = page_of(gate)
    outside = _FENCE.sub("", text)
    assert "```" not in outside
    assert outside.count("<details>") == outside.count("</details>")
    assert "\n\n\n" not in outside.replace("\n\n\n\n", "\n\n\n") or "\n\n\n\n\n" not in text
    rows = [line for line in outside.splitlines() if line.startswith("|")]
    columns = {len(re.split(r"(?<!\\)\|", row)) for row in rows if row.startswith(("| tf |", "| repo |", "| aws |"))}
    assert columns <= {5}


@pytest.mark.parametrize("gate", [gate for gate, policy in POLICIES.items() if policy.parameters])
def test_the_settings_on_a_page_are_the_defaults(gate: str, tmp_path: Path) -> None:
    written = fence(page_of(gate), "# infraguard.toml")
    assert written is not None
    defaults = {name: parameter.default for name, parameter in POLICIES[gate].parameters.items()}
    assert tomllib.loads(written)["gates"][gate] == defaults
    (tmp_path / "infraguard.toml").write_text(written, "utf-8")
    check_parameters(load_settings(tmp_path), tuple(POLICIES.values()))


@pytest.mark.parametrize("gate", [gate for gate, policy in POLICIES.items() if policy.rules])
def test_the_waiver_on_a_page_waives_the_example_that_fails(gate: str) -> None:
    written = fence(page_of(gate), "# .infraguard/waivers.yaml")
    assert written is not None
    (waiver,) = read_waivers(written, POLICIES)
    policy = POLICIES[gate]
    failed = [case for case in cases_of(policy, bundled_folder("policies")) if case.verdict == "fail"]
    found = [finding for case in failed for finding in findings_of(policy, case) if finding.verdict == "fail"]
    assert any(waiver.is_for(finding) for finding in found)
