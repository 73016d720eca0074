"""Whether a database lets in connections without TLS: a setting of its engine, with a default of its own a version."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from infraguard.evaluation.compare import as_text
from infraguard.evaluation.kleene import Truth
from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.predicates.legs import followed
from infraguard.evaluation.why import why_unread
from infraguard.evaluation.world import Item, World
from infraguard.model.evidence import Resource
from infraguard.model.findings import Trace
from infraguard.model.values import ABSENT, Denied, Location, Unknown, Value, known
from infraguard.readers.patterns import pattern

PARAMETER_GROUPS: Final = ("aws_db_parameter_group", "aws_rds_cluster_parameter_group")
_GROUP_OF: Final = {"aws_db_instance": "parameter_group_name", "aws_rds_cluster": "db_cluster_parameter_group_name"}
_ON: Final = ("1", "on", "true")
_FAMILY: Final = pattern(
    r"(?:default[.:])?(aurora-postgresql|aurora-mysql|postgres|mysql|mariadb|sqlserver)\D*([\d.]*)"
)


class _Setting(NamedTuple):
    """The parameter that demands TLS, and the first version in which it is on by itself; None for no version."""

    parameter: str
    on_since: tuple[int, ...] | None


#: By engine: Amazon RDS and Amazon Aurora user guides, "Using SSL/TLS" of each engine.
_SETTINGS: Final = {
    "aurora-postgresql": _Setting("rds.force_ssl", (17,)),
    "aurora-mysql": _Setting("require_secure_transport", None),
    "postgres": _Setting("rds.force_ssl", (15,)),
    "mysql": _Setting("require_secure_transport", (8, 4)),
    "mariadb": _Setting("require_secure_transport", (11, 8)),
    "sqlserver": _Setting("rds.force_ssl", None),
}


class _Answer(NamedTuple):
    truth: Truth
    found: str
    location: Location
    reason: str = ""
    remedy: str = ""
    depends_on: tuple[str, ...] = ()


def tls_required(item: Item, world: World) -> Trace:
    """Whether the engine refuses connections without TLS, by its parameter group or by default of its version."""
    answer = _answer(item, world)
    return Trace(
        operator="tls_required",
        truth=answer.truth,
        path="tls_setting",
        expected="on",
        observed=answer.found or None,
        location=answer.location,
        reason=answer.reason,
        remedy=answer.remedy,
        depends_on=answer.depends_on,
    )


def _answer(item: Item, world: World) -> _Answer:
    database = item.resource
    path = _GROUP_OF[database.kind]
    place = item.place(path)
    name = known(lookup(database.attributes, path))
    group = "" if name is ABSENT else name
    if isinstance(group, str) and (not group or group.startswith("default")):
        return _by_default(database, group, place)
    groups, problem = followed(database, path, PARAMETER_GROUPS, world.unit, path, place)
    if problem:
        return _Answer(None, "", place, problem.reason, problem.remedy, problem.depends_on)
    return _by_group(database, groups[0])


def _by_group(database: Resource, group: Resource) -> _Answer:
    place = Item.whole(group).place("parameter")
    family = known(lookup(group.attributes, "family"))
    if isinstance(family, (Unknown, Denied)):
        family = _engine(database)[0]
    if isinstance(family, (Unknown, Denied)):
        return _Answer(None, "", place, **why_unread(family))
    match = _FAMILY.match(as_text(family))
    if match is None:
        return _undecided(database, place)
    setting = _SETTINGS[match[1]]
    written = _parameter(group, setting.parameter)
    if isinstance(written, (Unknown, Denied)):
        return _Answer(None, "", place, **why_unread(written))
    if written is not ABSENT:
        text = as_text(written)
        return _Answer(text.lower() in _ON, f"{setting.parameter} is {text} in {group.id}", place)
    return _of_version(match[1], match[2], place) if match[2] else _by_engine(database, place)


def _parameter(group: Resource, name: str) -> Value:
    """The value that a group gives a parameter; unknown when one of its parameters may be this one."""
    parameters = known(lookup(group.attributes, "parameter"))
    if isinstance(parameters, (Unknown, Denied)):
        return parameters
    doubt: Value = ABSENT
    for index in range(len(parameters) if isinstance(parameters, list) else 0):
        found = lookup(group.attributes, f"parameter.{index}.name")
        if isinstance(found, (Unknown, Denied)):
            doubt = found
        elif as_text(found).lower() == name:
            return known(lookup(group.attributes, f"parameter.{index}.value"))
    return doubt


def _by_default(database: Resource, group: str, place: Location) -> _Answer:
    match = _FAMILY.match(group)
    if match and match[2]:
        return _of_version(match[1], match[2], place)
    return _by_engine(database, place)


def _by_engine(database: Resource, place: Location) -> _Answer:
    """What the engine does by default in the version that the database has."""
    engine, version = _engine(database)
    if isinstance(engine, (Unknown, Denied)):
        return _Answer(None, "", place, **why_unread(engine))
    match = _FAMILY.match(as_text(engine))
    if match is None:
        return _undecided(database, place)
    if _SETTINGS[match[1]].on_since is None:
        version = ""
    if isinstance(version, (Unknown, Denied)):
        return _Answer(None, "", place, **why_unread(version))
    return _of_version(match[1], as_text(version), place)


def _engine(database: Resource) -> tuple[Value, Value]:
    return known(lookup(database.attributes, "engine")), known(lookup(database.attributes, "engine_version"))


def _of_version(engine: str, version: str, place: Location) -> _Answer:
    setting = _SETTINGS[engine]
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[: len(setting.on_since or ())])
    on = setting.on_since is not None and numbers >= setting.on_since
    state = "on" if on else "off"
    return _Answer(on, f"{setting.parameter} is {state} by default in {engine} {version}".strip(), place)


def _undecided(database: Resource, place: Location) -> _Answer:
    engine = _engine(database)[0]
    missing = f"{database.id} names no engine, so that its default is not known"
    return _Answer(
        None,
        "",
        place,
        missing if engine is ABSENT else f"how {as_text(engine)} demands TLS is not in its parameter group",
        "scan the endpoint, or say in a waiver how connections without TLS are refused",
        (f"{database.id}.engine",),
    )
