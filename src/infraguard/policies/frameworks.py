"""Framework files: `policies/frameworks/<name>.yaml`, each an outside catalogue mapped onto gates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn, cast, get_args

from infraguard.model.durations import measure
from infraguard.model.errors import PolicyError, UsageError
from infraguard.model.findings import Covers
from infraguard.model.frameworks import Framework, Requirement
from infraguard.model.nearest import nearest
from infraguard.model.policy import Parameter, Policy
from infraguard.model.values import Value
from infraguard.policies.catalogue import read_text
from infraguard.policies.cursor import Cursor
from infraguard.policies.schema import value_fits

#: The folder beside the areas.
FOLDER: Final = "frameworks"
_KEYS: Final = ("title", "publisher", "version", "scope", "reference", "requirements")
_REQUIREMENT_KEYS: Final = ("id", "title", "gates", "covers", "left", "demands")


def framework_names(policies: Path) -> tuple[str, ...]:
    """The frameworks that lie beside some policies."""
    return tuple(sorted(file.stem for file in (policies / FOLDER).glob("*.yaml")))


def load_framework(policies: Path, name: str) -> Framework:
    """One framework. Raises `UsageError` for one that is not there, and `PolicyError` at a mistake in its file."""
    known = framework_names(policies)
    if name not in known:
        raise UsageError(f"no framework {name!r}", hint=nearest(name, known) or f"there is {', '.join(known)}")
    file = policies / FOLDER / f"{name}.yaml"
    return read_framework(read_text(file), str(file), name)


def read_framework(text: str, file: str, name: str) -> Framework:
    """The framework written in a file. Raises `PolicyError` with file, line and column."""
    cursor = Cursor.of(text, file).mapping(_KEYS)
    requirements = tuple(_requirement(entry) for entry in cursor.need("requirements").filled_sequence())
    seen: set[str] = set()
    for requirement in requirements:
        if requirement.id in seen:
            raise PolicyError(f"{requirement.id} stands here twice", file=file, line=requirement.at.line)
        seen.add(requirement.id)
    return Framework(
        name=name,
        title=cursor.need("title").text(),
        publisher=cursor.need("publisher").text(),
        version=cursor.need("version").text(),
        scope=cursor.need("scope").text(),
        reference=cursor.need("reference").text(),
        requirements=requirements,
        at=cursor.at,
    )


def _requirement(cursor: Cursor) -> Requirement:
    cursor.mapping(_REQUIREMENT_KEYS)
    gates, left, demands = cursor.get("gates"), cursor.get("left"), cursor.get("demands")
    covers = cast("Covers", cursor.need("covers").choice(get_args(Covers)))
    if (covers == "none") == bool(gates):
        cursor.fail("gates cover the whole of a requirement, a part, or there are none and it says `covers: none`")
    if covers != "whole" and left is None:
        cursor.fail("`left` is missing: what no gate shows, and who does")
    return Requirement(
        id=cursor.need("id").text(),
        title=cursor.need("title").text(),
        gates=gates.texts() if gates else (),
        covers=covers,
        left=left.text() if left else "",
        demands={gate: dict(entry.mapping().data) for gate, entry in demands.mapping().items()} if demands else {},
        at=cursor.at,
    )


def check_framework(framework: Framework, policies: Sequence[Policy]) -> None:
    """Raise `PolicyError` where a framework names what is not: a gate, a parameter, or a figure that asks for less."""
    by_id = {policy.id: policy for policy in policies}
    for requirement in framework.requirements:
        for gate in requirement.gates:
            if gate not in by_id:
                _fail(requirement, f"no gate {gate!r}", nearest(gate, by_id))
        for gate, figures in requirement.demands.items():
            if gate not in requirement.gates:
                _fail(requirement, f"it demands something of {gate!r}, which is not among its gates", "")
            _check_figures(requirement, by_id[gate], figures)


def _check_figures(requirement: Requirement, policy: Policy, figures: Mapping[str, Value]) -> None:
    for name, value in figures.items():
        parameter = policy.parameters.get(name)
        if parameter is None:
            _fail(requirement, f"{policy.id} has no parameter {name!r}", nearest(name, policy.parameters))
        if not value_fits(parameter.type, value):
            _fail(requirement, f"{name!r} of {policy.id} must be of the type {parameter.type}", "")
        if not is_tighter(parameter, value, parameter.default):
            _fail(requirement, f"{name} = {value} asks for no more than {policy.id} does by itself", "leave it out")


def is_tighter(parameter: Parameter, value: Any, other: Any) -> bool:
    """Whether a value of a parameter asks for more than another value of it. Without a direction, none does."""
    if parameter.tighter == "higher":
        return bool(measure(value) > measure(other))
    if parameter.tighter == "lower":
        return bool(measure(value) < measure(other))
    return parameter.tighter == "fewer" and set(value) < set(other)


def demanded(
    framework: Framework, policies: Sequence[Policy], chosen: Mapping[str, Mapping[str, Value]]
) -> dict[str, dict[str, Value]]:
    """The parameters to judge by: those chosen, and where a requirement asks for more, what it asks for."""
    by_id = {policy.id: policy for policy in policies}
    values = {gate: dict(figures) for gate, figures in chosen.items()}
    for requirement in framework.requirements:
        for gate, figures in requirement.demands.items():
            for name, figure in figures.items():
                parameter = by_id[gate].parameters[name]
                current = values.get(gate, {}).get(name, parameter.default)
                if is_tighter(parameter, figure, current):
                    values.setdefault(gate, {})[name] = figure
    return values


def _fail(requirement: Requirement, why: str, hint: str) -> NoReturn:
    at = requirement.at
    raise PolicyError(f"{requirement.id}: {why}", file=at.file, line=at.line, column=at.column, hint=hint)
