"""Modules that `terraform init` has fetched for a root: found through its manifest, and nowhere else.

The manifest is `.terraform/modules/modules.json` (Terraform's `internal/modsdir`). Only the folders that it names
are looked into, and only inside the scanned tree.
"""

from __future__ import annotations

import posixpath

import msgspec
from msgspec import Struct, field

from infraguard.model.evidence import GapReason
from infraguard.readers.tree import Problem, Tree, Unreadable

_FOLDER = ".terraform/modules"
#: The folder that no listing of a project's own files goes into.
DATA_FOLDER = ".terraform"


class Entry(Struct, frozen=True):
    """A module of the manifest: the calls that lead to it, where it came from, and its folder in the tree."""

    key: str = field(name="Key", default="")
    source: str = field(name="Source", default="")
    version: str = field(name="Version", default="")
    folder: str = field(name="Dir", default="")


class _Manifest(Struct, frozen=True):
    modules: list[Entry] = field(name="Modules", default_factory=list)


class Fetched(Struct, frozen=True):
    """What was fetched for one root. `problem` says why the manifest could not be used."""

    tree: Tree | None = None
    entries: dict[str, Entry] = {}
    paths: tuple[str, ...] = ()
    problem: Problem | None = None


NOTHING = Fetched()


def fetched_modules(tree: Tree, root: str) -> Fetched:
    """What was fetched for a root; its folders are relative to the tree."""
    folder = posixpath.normpath(posixpath.join(root, _FOLDER))
    below = tree.below(folder)
    manifest = f"{folder}/modules.json"
    if manifest not in below:
        return NOTHING
    try:
        told = msgspec.json.decode(below.read_bytes(manifest), type=_Manifest).modules
    except Unreadable as error:
        return Fetched(problem=error.problem)
    except msgspec.MsgspecError as error:
        remedy = "run `terraform init`"
        return Fetched(problem=Problem(manifest, GapReason.INVALID, f"no manifest of modules: {error}", remedy))
    entries = {each.key: Entry(each.key, each.source, each.version, _inside(root, each.folder)) for each in told}
    folders = tuple(f"{each.folder}/" for each in entries.values() if each.folder)
    return Fetched(below, entries, tuple(path for path in below.paths if path.startswith(folders)))


def _inside(root: str, folder: str) -> str:
    """The folder in the tree, empty when it is outside of it."""
    full = posixpath.normpath(posixpath.join(root, folder))
    return "" if full.startswith(("..", "/")) or not folder else full
