"""Chains of revisions: one `alembic_chain` a folder, or for the folders together whose revisions follow each other."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from msgspec import Struct

from infraguard.collectors.repository.found import UNIT
from infraguard.model.evidence import Resource, Source
from infraguard.model.values import Location, Unknown


class Revision(Struct, frozen=True):
    """What a file says of itself: its revision, and those that it follows."""

    path: str
    revision: str
    parents: tuple[str, ...]
    labels: bool
    line: int


def chains(folders: Mapping[str, list[Revision]], broken: Collection[str]) -> Iterator[Resource]:
    """The chain of each folder. Where people keep a folder a year, the next one goes on with the chain of the last."""
    for together in _together(folders):
        found = [each for folder in together for each in folders[folder]]
        is_broken = any(folder in broken for folder in together)
        yield _chain(posixpath.commonpath(together) if len(together) > 1 else together[0], found, is_broken)


def _together(folders: Mapping[str, list[Revision]]) -> list[list[str]]:
    """The folders of one parent of which one's revisions follow another's, joined."""
    home = {each.revision: folder for folder, found in folders.items() for each in found}
    groups = {folder: {folder} for folder in folders}
    for folder, found in folders.items():
        own = {each.revision for each in found}
        for parent in {parent for each in found for parent in each.parents} - own:
            other = home.get(parent, folder)
            if other != folder and posixpath.dirname(other) == posixpath.dirname(folder):
                joined = groups[folder] | groups[other]
                groups |= dict.fromkeys(joined, joined)
    return [sorted(group) for folder, group in groups.items() if folder == min(group)]


def _chain(folder: str, found: list[Revision], is_broken: bool) -> Resource:
    """The graph of a folder: its heads, and the parents that no file of it is."""
    known = {each.revision for each in found}
    parents = {_full(parent, known) for each in found for parent in each.parents}
    missing = sorted(parent for parent in parents if parent not in known)
    heads = sorted(known - parents)
    unread = Unknown(
        f"a revision in {folder} cannot be read", (folder,), remedy="mend the file, so that it can be read"
    )
    attributes: dict[str, Any] = {
        "revisions": len(found),
        "heads": unread if is_broken else heads,
        "head_count": unread if is_broken else len(heads),
        "missing": unread if is_broken else missing,
        "has_branches": any(each.labels for each in found),
        "duplicates": sorted(
            {each.revision for each in found if sum(other.revision == each.revision for other in found) > 1}
        ),
    }
    return Resource(
        kind="alembic_chain",
        id=folder or ".",
        source=Source.REPO,
        unit=UNIT,
        attributes=attributes,
        location=Location(file=found[0].path, line=found[0].line),
    )


def _full(parent: str, known: set[str]) -> str:
    """A parent by its whole name: Alembic takes the first characters of one, too."""
    if parent in known:
        return parent
    longer = [name for name in known if name.startswith(parent)]
    return longer[0] if len(longer) == 1 else parent
