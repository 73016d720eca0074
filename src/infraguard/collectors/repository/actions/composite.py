"""Actions of the repository that are made of steps: `action_step`, and what using one comes to."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from infraguard.collectors.repository.actions.steps import labels, step_attributes
from infraguard.collectors.repository.found import UNIT, Family, Found, at, each_file
from infraguard.model.evidence import Resource, Source
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree
from infraguard.readers.yaml import read_document

KINDS = ("action_step",)
_PATH = pattern(r"(?:.*/)?action\.ya?ml\Z")


def _wants(path: str) -> bool:
    return bool(_PATH.match(path))


def _read_action(tree: Tree, path: str) -> Iterator[Resource]:
    document = read_document(tree.read(path), path)
    data = document.data if isinstance(document.data, dict) else {}
    runs = data.get("runs")
    steps = runs.get("steps") if isinstance(runs, dict) and runs.get("using") == "composite" else None
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        return
    declared = data.get("inputs")
    inputs = {
        name: (value.get("default", "") if isinstance(value, dict) else "")
        for name, value in (declared.items() if isinstance(declared, dict) else ())
    }
    for index, (step, label) in enumerate(zip(steps, labels(steps), strict=True)):
        attributes = {"action": path, "index": index, "inputs": inputs, **step_attributes(step, {}, {})}
        prefix = f"runs.steps.{index}"
        named = {key: document.places.get(f"{prefix}.{key.replace('_', '-')}") for key in attributes}
        yield Resource(
            kind="action_step",
            id=f"{path}#{label}",
            source=Source.REPO,
            unit=UNIT,
            attributes=attributes,
            location=document.at(prefix) or at(path),
            places={key: place for key, place in named.items() if place},
        )


def _read(tree: Tree) -> Found:
    return each_file(tree, _wants, KINDS, _read_action)


FAMILY = Family(KINDS, _wants, _read)


def local_folder(uses: str) -> str | None:
    """The folder of an action of this repository, in either of GitHub's spellings; None for one from elsewhere."""
    if not uses.startswith(("./", "$/")):
        return None
    return posixpath.normpath(uses.removeprefix("./").removeprefix("$/"))


def by_folder(steps: Iterator[Resource]) -> Mapping[str, list[Resource]]:
    """The steps of each action, by the folder that it is used by."""
    found: dict[str, list[Resource]] = {}
    for step in steps:
        found.setdefault(posixpath.dirname(step.attributes["action"]) or ".", []).append(step)
    return found


def filled_inputs(step: Resource, given: Any) -> dict[str, Any]:
    """The inputs that a step of an action sees: what the caller gives, else the defaults."""
    return {**step.attributes["inputs"], **(given if isinstance(given, dict) else {})}
