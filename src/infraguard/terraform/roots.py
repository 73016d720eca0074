"""Which folders are roots, and the units that each of them is evaluated as."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from infraguard.terraform.modules.calls import local_folder
from infraguard.terraform.sources import Sources

_VARIABLE_FILES = (".tfvars", ".tfvars.json")


class Unit(Struct, frozen=True):
    """A root with the variable files it is evaluated with, the last one winning."""

    root: str
    name: str
    var_files: tuple[str, ...]


def find_roots(sources: Sources) -> tuple[str, ...]:
    """Every folder that no other folder uses as a module. Of a circle of folders, the first is one."""
    uses = {folder: _used_by(sources, folder) for folder in sources.folders}
    used = {other for folder, others in uses.items() for other in others if other != folder}
    roots: list[str] = []
    reached: set[str] = set()
    for folder in [*(f for f in sorted(uses) if f not in used), *sorted(uses)]:
        if folder in reached:
            continue
        roots.append(folder)
        waiting = [folder]
        while waiting:
            current = waiting.pop()
            if current not in reached:
                reached.add(current)
                waiting.extend(uses.get(current, ()))
    return tuple(sorted(roots))


def _used_by(sources: Sources, folder: str) -> set[str]:
    calls = sources.declarations(folder).modules.values()
    return {other for call in calls if (other := local_folder(call, folder)) in sources.folders and other is not None}


def units_of(sources: Sources, root: str, var_files: Sequence[str] = ()) -> tuple[Unit, ...]:
    """The units of a root: one for each file of variables that Terraform would not load by itself, or just one."""
    here = sources.beside.get(root, [])
    loaded = tuple(sorted((path for path in here if _is_loaded(path)), key=lambda path: ("auto." in path, path)))
    if var_files:
        names = ", ".join(path.rpartition("/")[2] for path in var_files)
        return (Unit(root, f"{root} [{names}]", (*loaded, *var_files)),)
    others = [path for path in here if path.endswith(_VARIABLE_FILES) and not _is_loaded(path)]
    if not others:
        return (Unit(root, root, loaded),)
    return tuple(Unit(root, f"{root} [{path.rpartition('/')[2]}]", (*loaded, path)) for path in others)


def _is_loaded(path: str) -> bool:
    """Whether Terraform reads the file of variables without being told."""
    name = path.rpartition("/")[2]
    return name in ("terraform.tfvars", "terraform.tfvars.json") or name.endswith((".auto.tfvars", ".auto.tfvars.json"))
