"""Finding the folder that a module call means."""

from __future__ import annotations

import posixpath

from msgspec import Struct

from infraguard.model.evidence import GapReason
from infraguard.model.values import Unknown
from infraguard.terraform.modules.declarations import Declared
from infraguard.terraform.modules.run import MAX_MODULE_DEPTH, MAX_MODULES, Run
from infraguard.terraform.sources import Unread
from infraguard.terraform.syntax.nodes import Literal


class NotHere(Struct, frozen=True):
    """A called module whose files are not in the tree. `unknown` stands for everything it gives."""

    unread: Unread
    unknown: Unknown


def local_folder(declared: Declared, caller: str) -> str | None:
    """The folder that a local source means; None for any other source, and beyond the root of the tree."""
    source = source_of(declared)
    if not source.startswith(("./", "../")):
        return None
    folder = posixpath.normpath(posixpath.join(caller, source))
    return None if folder.startswith("..") else folder


def source_of(declared: Declared) -> str:
    """The source of a module call as it is written; empty when it is no plain string."""
    attribute = declared.body.attributes.get("source")
    value = attribute.value if attribute else None
    return value.value if isinstance(value, Literal) and isinstance(value.value, str) else ""


def find_module(declared: Declared, address: str, callers: tuple[str, ...], run: Run) -> str | NotHere:
    """The folder of a called module, or why its files are not here. `callers` are the folders from the root on."""
    source = source_of(declared)
    folder = local_folder(declared, callers[-1])
    if folder in callers:
        detail = f'its source "{source}" leads back to a module that calls it'
        return _not_here(declared, address, GapReason.INVALID, detail, "break the cycle of module calls")
    if len(callers) > MAX_MODULE_DEPTH or run.modules > MAX_MODULES:
        detail = f"more than {MAX_MODULE_DEPTH} modules inside each other, or more than {MAX_MODULES} in all"
        return _not_here(declared, address, GapReason.UNSUPPORTED, detail, "scan a Terraform plan, or split the root")
    if folder in run.sources.folders:
        return str(folder)
    if source.startswith(("./", "../")):
        detail = f'its source "{source}" leads to no folder with Terraform files in the scanned tree'
        return _not_here(declared, address, GapReason.UNRESOLVED, detail, "scan the folder that holds it too")
    detail = f'its source "{source}" is not in the scanned tree' if source else "its source is no plain string"
    remedy = "scan a Terraform plan, or vendor the module into the repository"
    return _not_here(declared, address, GapReason.UNRESOLVED, detail, remedy)


def _not_here(declared: Declared, address: str, reason: GapReason, detail: str, remedy: str) -> NotHere:
    return NotHere(
        Unread(address, reason, detail, remedy, declared.location()),
        Unknown(reason=f"{address} was not read: {detail}", depends_on=(address,), remedy=remedy),
    )
