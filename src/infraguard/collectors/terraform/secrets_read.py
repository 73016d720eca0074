"""The secrets whose values Terraform looks up, all of which its state then holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from infraguard.model.values import Location, Unknown, Value
from infraguard.terraform import Sources
from infraguard.terraform.evaluation.scope import Scope
from infraguard.terraform.modules.calls import called_folder
from infraguard.terraform.modules.evidence import plain
from infraguard.terraform.modules.module import Module
from infraguard.terraform.modules.settle import settled
from infraguard.terraform.syntax.nodes import Body

_LOOKED_UP: Final = ("aws_secretsmanager_secret_version", "aws_secretsmanager_secret_versions")
#: How many are named: all are read alike, and one way out mends them.
_NAMED: Final = 3
_CONDITIONS: Final = ("count", "for_each")


class _Read(NamedTuple):
    """A data source that reads a secret, and whether it does: nobody knows where a condition is not known."""

    name: str
    place: Location
    is_sure: bool | None


def secrets_read(module: Module, sources: Sources) -> tuple[Value, Location | None]:
    """What a root reads with certainty, some of it named, and where; not known where conditions decide all there is."""
    found = [each for each in _reads(module, sources) if each.is_sure is not False]
    if sure := [each for each in found if each.is_sure]:
        names = list(dict.fromkeys(each.name for each in sure))
        return names[:_NAMED], sure[0].place
    if not found:
        return [], None
    unknown = Unknown(
        reason=f"whether {found[0].name} is read depends on a count or a for_each ({found[0].place})",
        depends_on=(found[0].name,),
        remedy="read the secret by an ephemeral resource, which leaves nothing in the state",
    )
    return unknown, found[0].place


def _reads(module: Module, sources: Sources) -> Iterator[_Read]:
    certain: bool | None = True
    waiting, seen = [(module.folder, certain)], {(module.folder, certain)}
    while waiting:
        folder, is_sure = waiting.pop()
        scope = module.scope if folder == module.folder else None
        declared = sources.declarations(folder)
        for name, each in declared.resources.items():
            data, _, rest = name.partition(".")
            if data == "data" and rest.partition(".")[0] in _LOOKED_UP:
                yield _Read(name, each.location(), _both(is_sure, _is_there(each.body, scope)))
        for call in declared.modules.values():
            inner = called_folder(call, folder, sources)
            step = (inner or "", _both(is_sure, _is_there(call.body, scope)))
            if inner in sources.folders and step not in seen:
                seen.add(step)
                waiting.append(step)


def _is_there(body: Body, scope: Scope | None) -> bool | None:
    """Whether there is at least one of it, as far as its conditions are worked out in the scope of the root."""
    written = [body.attributes[name].value for name in _CONDITIONS if name in body.attributes]
    if not written:
        return True
    value = plain(settled(written[0], scope)) if scope else None
    return bool(value) if isinstance(value, (int, float, list, dict)) else None


def _both(one: bool | None, other: bool | None) -> bool | None:
    return False if False in (one, other) else (one and other)
