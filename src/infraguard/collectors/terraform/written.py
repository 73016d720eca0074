"""What the resources of a folder show by how they are written: names that do not exist, and commands that they run.

Found once for each folder, whatever the number of roots that are composed of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final, NamedTuple

from infraguard.model.values import Value
from infraguard.terraform import Sources
from infraguard.terraform.declarations import Declared, is_managed
from infraguard.terraform.provider_schema import is_known, meant

_META: Final = frozenset(
    {"count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection", "dynamic"}
)


class Written(NamedTuple):
    """Of one folder: types and arguments of the AWS provider that the version we know does not have, and commands.

    `refused` says what Terraform does not accept: a value that is none, a name that is declared twice, and the like.
    """

    unknown_names: tuple[dict[str, Value], ...]
    outside_commands: tuple[dict[str, Value], ...]
    refused: tuple[str, ...]


def written(sources: Sources, folder: str) -> Written:
    """What is written in a folder."""
    return sources.once(("written", folder), partial(_written, sources, folder))


def _written(sources: Sources, folder: str) -> Written:
    declared = sources.declarations(folder)
    resources = declared.resources
    names = tuple(entry for name, each in resources.items() for entry in _unknown_names(name, each))
    commands = tuple(entry for name, each in resources.items() for entry in _commands(name, each))
    broken = (why for file in sources.folder(folder) for why in file.problems)
    refused = (f"{why} ({block.location()})" for why, block in declared.refused)
    return Written(names, commands, (*broken, *refused))


def _unknown_names(name: str, declared: Declared) -> Iterator[dict[str, Value]]:
    kind = declared.block.labels[0]
    if not is_managed(name) or not kind.startswith("aws_"):
        return
    if not is_known(kind):
        yield _unknown(f"{kind} in {name}", meant(kind), declared)
        return
    blocks = {block.labels[0] if block.type == "dynamic" else block.type for block in declared.body.blocks}
    for argument in sorted({*declared.body.attributes, *blocks} - _META):
        if not is_known(kind, argument):
            yield _unknown(f"{name}.{argument}", meant(kind, argument), declared)


def _unknown(name: str, wanted: str, declared: Declared) -> dict[str, Value]:
    return {"name": name, **({"meant": wanted} if wanted else {}), "place": str(declared.location())}


def _commands(name: str, declared: Declared) -> Iterator[dict[str, Value]]:
    """Commands that provisioners run on the machine of whoever applies."""
    for block in declared.body.blocks:
        command = block.body.attributes.get("command")
        if block.type == "provisioner" and block.labels == ("local-exec",) and command is not None:
            text = declared.file.text[command.value.at : command.end]
            yield {"name": name, "command": text, "place": str(declared.location())}
