"""The examples on a gate's page: the first case of each source that passes, the first that fails, and all by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from infraguard.model.evidence import Evidence, Source
from infraguard.model.findings import Finding, Verdict
from infraguard.policies.cases import Case
from infraguard.reports.documents.markdown import cell, fenced, folded
from infraguard.reports.observed import as_data
from infraguard.reports.text import printable
from infraguard.reports.words import SOURCE_NAMES

_EXAMPLES: Final = (Verdict.PASS, Verdict.FAIL)
_VERBS: Final = {Verdict.PASS: "Passes", Verdict.FAIL: "Fails"}
#: The longest file, in lines, that is shown unfolded.
_LONG: Final = 40


def shown_cases(cases: Sequence[Case]) -> dict[Source, tuple[Case, ...]]:
    """For each source the first case that passes and the first that fails, in files where any case has some."""
    with_files = any(case.files for case in cases)
    shown = {}
    for source in Source:
        members = [case for case in cases if case.source is source and (case.files or not with_files)]
        firsts = (next((case for case in members if case.verdict is verdict), None) for verdict in _EXAMPLES)
        if found := tuple(case for case in firsts if case):
            shown[source] = found
    return shown


def example_lines(cases: Sequence[Case], findings: Mapping[str, Sequence[Finding]]) -> Iterator[str]:
    """The section, or nothing where a policy has no cases. `findings` is what a scan says, by a case's name."""
    if not cases:
        return
    yield from ("## Examples", "")
    for source, shown in shown_cases(cases).items():
        yield from (f"### {SOURCE_NAMES[source]}", "")
        seen: dict[str, str] = {}
        for case in shown:
            yield from (f"{_VERBS[case.verdict]}: {case.name}.", "")
            yield from _material(case, seen)
            yield from _said(findings.get(case.name, ()))
    order = list(Source)
    by_source = sorted(cases, key=lambda case: order.index(case.source))
    yield from folded(f"All {len(cases)} cases that the policy is tested with", _table(by_source))
    yield ""


def _said(findings: Sequence[Finding]) -> Iterator[str]:
    """What a scan says of an example that fails."""
    messages = [printable(finding.message) for finding in findings if finding.verdict is Verdict.FAIL]
    if messages:
        yield from ("A scan says:", "", "```text", *dict.fromkeys(messages), "```", "")


def _material(case: Case, seen: dict[str, str]) -> Iterator[str]:
    """The files of a case, or what an account answers. A file that stood above, too, is named only."""
    if case.evidence is not None:
        yield from (*fenced("evidence.yaml", _as_yaml(case.evidence)), "")
    for path, text in case.files.items():
        if seen.get(path) == text:
            yield from (f"`{path}` as above.", "")
            continue
        seen[path] = text
        if not text.strip():
            yield from (f"`{path}`, which is empty.", "")
        elif len(text.splitlines()) > _LONG:
            yield from (*folded(f"<code>{path}</code>", fenced(path, text)), "")
        else:
            yield from (f"`{path}`", "", *fenced(path, text), "")


def _as_yaml(evidence: Evidence) -> str:
    """The resources of a case by address, as they reach the policy."""
    import yaml

    resources: Mapping[str, object] = {
        resource.kind if resource.id == resource.kind else f"{resource.kind} {resource.id}": {
            key: as_data(value) for key, value in resource.attributes.items() if key != "id"
        }
        for resource in evidence.resources
    }
    return str(yaml.safe_dump(resources, sort_keys=False, width=100)) if resources else "# nothing\n"


def _table(cases: Sequence[Case]) -> Iterator[str]:
    yield from ("| source | verdict | case |", "|---|---|---|")
    for case in cases:
        why = f". {case.why}" if case.why else ""
        yield f"| {case.source.value} | {case.verdict.value.replace('_', ' ')} | {cell(case.name + why)} |"
