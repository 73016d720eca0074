"""Why a plan may not tell everything: its format, an error, or a plan of parts only."""

from __future__ import annotations

from collections.abc import Iterator

from infraguard.collectors.plan.document import Document
from infraguard.collectors.plan.file import is_understood
from infraguard.model.evidence import EVERY_KIND, Gap, GapReason, Source
from infraguard.model.values import Location
from infraguard.terraform.provider_defaults import resource_kind

_WHOLE = "plan without -target, -exclude and -refresh-only, and scan that plan"
#: So many addresses are named in a gap; the others are counted.
_NAMED = 3


def omissions_of(document: Document, *, unit: str, location: Location) -> Iterator[Gap]:
    """What keeps a plan or a state from being the whole truth of its root."""

    def gap(reason: GapReason, detail: str, remedy: str, kinds: tuple[str, ...] = (EVERY_KIND,)) -> Gap:
        place = location if location.file else None
        return Gap(
            source=Source.PLAN,
            scope=unit,
            reason=reason,
            detail=detail,
            remedy=remedy,
            unit=unit,
            kinds=kinds,
            location=place,
        )

    version = document.format_version
    if not is_understood(version):
        detail = f"it has the format {version}, and 1 is understood, which Terraform 1.1 introduced"
        yield gap(GapReason.UNSUPPORTED, detail, "plan with a Terraform that writes format 1, or update InfraGuard")
    elif document.planned_values is None and document.values is None:
        detail = "it holds neither a plan nor resources"
        yield gap(GapReason.EMPTY, detail, "if the state is not empty, run `terraform show` where it is")
    elif document.errored:
        yield gap(GapReason.INVALID, "planning ended with an error", "mend what `terraform plan` says, and plan again")
    elif not document.complete:
        yield gap(GapReason.UNRESOLVED, "Terraform says that another plan would have to follow this one", _WHOLE)
    elif document.values is None and (left := _left_out(document)):
        names = [*sorted(left)[:_NAMED], *([f"{len(left) - _NAMED} more"] if len(left) > _NAMED else [])]
        detail = f"it says nothing of {', '.join(names)}, which the state has"
        yield gap(GapReason.UNRESOLVED, detail, _WHOLE, tuple(sorted(set(left.values()))))


def _left_out(document: Document) -> dict[str, str]:
    """The kinds, by address, of what the state has and the plan neither keeps nor destroys."""
    if document.prior_state is None:
        return {}
    told = {each.address for each in document.resource_changes}
    every = document.prior_state.values.root_module.every_resource()
    return {each.address: resource_kind(each.type) for each in every if each.address not in told}
