"""How people name a finding: by a fingerprint or its beginning, by its gate, or as `gate@resource`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from infraguard.model.errors import UsageError
from infraguard.model.findings import Finding, Report
from infraguard.model.listing import first_of
from infraguard.model.nearest import nearest
from infraguard.readers.patterns import pattern
from infraguard.workflows.policies import list_policies

_FINGERPRINT: Final = pattern(r"[0-9a-f]{4,32}")
#: A message that has to choose lists this many names.
_LISTED = 10


class FindingName(NamedTuple):
    """A name taken apart: a beginning of a fingerprint, or a gate and, unless all are meant, a resource."""

    prefix: str = ""
    gate: str = ""
    resource: str | None = None


def read_name(text: str, policy_folders: Sequence[str] = ()) -> FindingName:
    """The parts of a name, or `UsageError` with the nearest gate; the folders hold policies beside ours."""
    gate, at, resource = text.partition("@")
    if "/" in gate:
        return FindingName(gate=gate, resource=resource if at else None)
    if _FINGERPRINT.fullmatch(text.lower()):
        return FindingName(prefix=text.lower())
    ids = [policy.id for policy in list_policies(policy_folders)]
    hint = nearest(text, ids) or "`infraguard scan --verbose` shows fingerprints, and `infraguard policies list` gates"
    raise UsageError(f"{text!r} is no fingerprint (4 to 32 of 0-9 and a-f), no gate and no gate@resource", hint=hint)


def findings_named(name: FindingName, report: Report) -> list[Finding]:
    """The findings of that name, at least one. Of a gate alone, those that made its verdict what it is.

    Raises `UsageError` where there is none, or where several fingerprints begin so.
    """
    if not name.gate:
        return _by_fingerprint(report, name.prefix)
    of_gate = [finding for finding in report.findings if finding.policy == name.gate]
    if not of_gate:
        hint = "nothing that it speaks of was scanned, or the settings leave it out"
        raise UsageError(f"{name.gate} has no findings here", hint=hint)
    if name.resource is not None:
        return _on_resource(of_gate, name.gate, name.resource)
    verdict = next(each.verdict for each in report.gates if each.policy == name.gate)
    return [each for each in of_gate if each.verdict is verdict and not each.suppression] or of_gate


def _on_resource(of_gate: list[Finding], gate: str, resource: str) -> list[Finding]:
    found = [finding for finding in of_gate if finding.resource.id == resource]
    if not found:
        names = sorted({finding.resource.id for finding in of_gate if finding.resource.id})
        hint = nearest(resource, names) or (
            f"it judged {first_of(names, _LISTED)}" if names else "it judged no resource here"
        )
        raise UsageError(f"{gate} has no finding on {resource!r} here", hint=hint)
    return found


def _by_fingerprint(report: Report, prefix: str) -> list[Finding]:
    found = [finding for finding in report.findings if finding.fingerprint.startswith(prefix)]
    names = {finding.fingerprint: finding for finding in found}
    if not names:
        raise UsageError(
            f"no finding here has a fingerprint that begins with {prefix}",
            hint="fingerprints are those of `infraguard scan --verbose` or `--format json` on the same targets",
        )
    if len(names) > 1:
        lines = [f"{each.fingerprint[:12]} {each.policy}@{each.resource.id}" for each in names.values()]
        raise UsageError(
            f"{prefix} begins {len(names)} fingerprints: {first_of(lines, _LISTED)}", hint="give more of it"
        )
    return found
