"""What Terraform itself plans for a configuration, and how it differs from what we read of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from infraguard.model.values import Default, Unknown, Value
from tests.terraform.evaluating import evidence
from tests.tools import TERRAFORM, run_ok, terraform_environment, tool

#: `terraform_data` is built into Terraform: what uses nothing else needs no provider.
SETTINGS = "disable_checkpoint = true\n"


class Planned(NamedTuple):
    """The attributes of a resource after the plan, and which of them are known only after apply."""

    values: dict[str, Any]
    unknown: dict[str, Any]


class Difference(NamedTuple):
    """A value that is not what Terraform plans."""

    path: str
    ours: Value
    planned: Any


class Compared(NamedTuple):
    """How many values were compared, how many of them are unknown to both, and those that differ."""

    values: int
    unknown: int
    differences: list[Difference]


def plan(folder: Path, files: Mapping[str, str], *, providers: bool = False) -> dict[str, Planned]:
    """The resources that Terraform plans for files written into an empty folder, by address."""
    program = tool("terraform", "install Terraform 1.10 or newer", TERRAFORM)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    if providers:
        env = terraform_environment(folder)
    else:
        (folder / "terraform.tfrc").write_text(SETTINGS, "utf-8")
        env = {"TF_CLI_CONFIG_FILE": str(folder / "terraform.tfrc"), "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
    run_ok(program, "init", "-input=false", cwd=folder, env=env)
    run_ok(program, "plan", "-refresh=false", "-input=false", "-lock=false", "-out=plan", cwd=folder, env=env)
    told = json.loads(run_ok(program, "show", "-json", "plan", cwd=folder, env=env).stdout)
    return {
        each["address"]: Planned(each["change"]["after"], each["change"]["after_unknown"])
        for each in told.get("resource_changes", ())
        if each["mode"] == "managed"
    }


def compare(files: Mapping[str, str], planned: Mapping[str, Planned]) -> Compared:
    """Every attribute that we give or that the configuration sets, against the plan."""
    found = evidence(files)
    assert found.gaps == ()
    ours = {resource.id: resource.attributes for resource in found.resources}
    assert ours.keys() == planned.keys()
    counts = [0, 0]
    differences: list[Difference] = []
    for address, attributes in ours.items():
        values, unknown = planned[address]
        for name, value in attributes.items():
            if name == "provider":
                continue  # which one a resource uses is no attribute of it in a plan
            differences.extend(_compared(f"{address}.{name}", value, values.get(name), unknown.get(name), counts))
    return Compared(counts[0], counts[1], differences)


def _compared(path: str, ours: Value, planned: Any, unknown: Any, counts: list[int]) -> Iterator[Difference]:
    if isinstance(ours, Default):
        return  # what the provider puts in place is not planned before it is asked
    if unknown is True and isinstance(ours, list) and any(isinstance(item, Unknown) for item in ours):
        ours = next(item for item in ours if isinstance(item, Unknown))  # a set of which a part is unknown
    if isinstance(ours, Unknown) or unknown is True:
        counts[0] += 1
        counts[1] += 1
        if not isinstance(ours, Unknown) or unknown is not True:
            yield Difference(path, ours, "known after apply" if unknown is True else planned)
    elif isinstance(ours, dict) and isinstance(planned, dict):
        marks = unknown if isinstance(unknown, dict) else {}
        for key in sorted({*ours, *planned, *marks}):
            yield from _compared(f"{path}.{key}", ours.get(key), planned.get(key), marks.get(key), counts)
    elif isinstance(ours, list) and isinstance(planned, list) and len(ours) == len(planned):
        flags = unknown if isinstance(unknown, list) else [False] * len(ours)
        for index, (one, other, flag) in enumerate(zip(ours, planned, flags, strict=True)):
            yield from _compared(f"{path}.{index}", one, other, flag, counts)
    else:
        counts[0] += 1
        if type(ours) is not type(planned) or ours != planned:
            yield Difference(path, ours, planned)
