"""Short ways to evaluate: one expression, or files to resources by address."""

from __future__ import annotations

from collections.abc import Mapping

from infraguard.collectors.terraform import collect_terraform
from infraguard.model.evidence import Evidence, Resource
from infraguard.model.values import Unknown, Value
from infraguard.readers.tree import MemoryTree

RESOURCE = 'resource "x_thing" "main" {\n  value = %s\n}\n'


def evidence(files: Mapping[str, str] | str) -> Evidence:
    return collect_terraform(MemoryTree({"main.tf": files} if isinstance(files, str) else files))


def resources(files: Mapping[str, str] | str) -> dict[str, Resource]:
    """Resources by address; the files must give no gap and one unit."""
    found = evidence(files)
    assert found.gaps == ()
    assert len(found.collected) == 1
    return {resource.id: resource for resource in found.resources}


def value(expression: str, *, beside: str = "", **files: str) -> Value:
    """The value of an attribute with this expression; `beside` is more text of the same file."""
    main = {"main.tf": RESOURCE % expression + beside}
    more = {name.replace("__", "/").replace("_tf", ".tf"): text for name, text in files.items()}
    return resources(main | more)["x_thing.main"].attributes.get("value")


def unknown(expression: str, *, beside: str = "", **files: str) -> Unknown:
    found = value(expression, beside=beside, **files)
    assert isinstance(found, Unknown), found
    return found
