"""Fails that are one thing to mend, said once: of a module that several roots call, of a job that workflows call."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Final

from infraguard.model.evidence import Source
from infraguard.model.findings import Finding, Verdict

#: What is there once for each workflow that calls the job.
_CALLED: Final = "deployment"
_NUMBER: Final = re.compile(r"(?<=\w)\.\d+\b")


def alike(findings: Iterable[Finding]) -> list[tuple[Finding, ...]]:
    """Findings that say the same of the same lines, together, in the order of the first.

    A module that many roots of Terraform call is one thing to mend, whatever environments they are for, and so is a
    root with many variable files, a job that many workflows call, and what several rules of a gate miss in one unit.
    """
    found: dict[tuple[Any, ...], list[Finding]] = {}
    for finding in findings:
        what = finding.resource
        key: tuple[Any, ...] = (finding.fingerprint,)
        if finding.location is None and not what.id:
            key = (what.kind, what.unit, finding.message)
        elif finding.location is not None and what.kind == _CALLED:
            key = (str(finding.location), what.environment, *_of_called(finding))
        elif finding.location is not None and finding.source is Source.TF and what.id == what.unit:
            key = (str(finding.location), what.kind, *_of_called(finding))
        elif finding.location is not None and finding.source is Source.TF:
            said = (finding.message, repr(sorted(finding.observed.items())), finding.required)
            key = (str(finding.location), what.kind, what.id, *said)
        found.setdefault(key, []).append(finding)
    return [tuple(group) for group in found.values()]


def together(fails: Iterable[Finding]) -> list[tuple[Finding, ...]]:
    """Fails that are one thing to mend, together, gate by gate: what each format shows as one. `fails` are in order."""
    return [group for _, found in groupby(fails, key=lambda finding: finding.policy) for group in alike(found)]


def earlier_ones(findings: Iterable[Finding]) -> dict[str, str]:
    """By the fingerprint of each fail that is said once together with an earlier one, that of the earlier one."""
    fails = (each for each in findings if each.verdict is Verdict.FAIL and each.suppression is None)
    return {each.fingerprint: first.fingerprint for first, *others in together(fails) for each in others}


def _of_called(finding: Finding) -> tuple[str, ...]:
    """What is said of a job, whoever calls it, and wherever in a list the value stands that decides."""
    observed = sorted((_NUMBER.sub(".*", path), repr(value)) for path, value in finding.observed.items())
    return (finding.message.replace(finding.resource.id, ""), repr(observed), _NUMBER.sub(".*", finding.required))


def callers_of(findings: Sequence[Finding]) -> tuple[str, ...]:
    """The jobs that call the one that several findings are of."""
    if len(findings) == 1 or findings[0].resource.kind != _CALLED:
        return ()
    return tuple(dict.fromkeys(finding.resource.id for finding in findings))


def roots_of(findings: Sequence[Finding]) -> tuple[str, ...]:
    """The roots that findings are of, where their place alone does not tell: in a module, or with variable files."""
    units = tuple(dict.fromkeys(finding.resource.unit for finding in findings))
    first = findings[0]
    file = first.location.file if first.location else ""
    told = first.source is not Source.TF or not file or (posixpath.dirname(file) or ".") == units[0]
    return () if len(units) == 1 and told else units


def together_in(roots: Iterable[str]) -> list[str]:
    """Roots in words, each folder once with the names of its files of variables: `infra [dev.tfvars, prod.tfvars]`."""
    files: dict[tuple[str, bool], list[str]] = {}
    for root in roots:
        folder, bracket, file = root.removesuffix("]").partition(" [")
        files.setdefault((folder, bool(bracket)), []).append(file)
    return [
        f"{folder} [{', '.join(_short(names))}]" if has_files else folder
        for (folder, has_files), names in files.items()
    ]


def _short(paths: Sequence[str]) -> Sequence[str]:
    """The names of several files, with their folders where these alone tell them apart."""
    names = [posixpath.basename(path) for path in paths]
    return names if len(paths) > 1 and len(set(names)) == len(names) else paths
