"""Where workflows run Terraform, OpenTofu and Terragrunt: one `infrastructure_run` for each step that does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from infraguard.collectors.repository.deliveries.texts import text_of
from infraguard.collectors.repository.found import UNIT
from infraguard.collectors.repository.suites.walked import Walk, Walked
from infraguard.model.evidence import Resource, Source
from infraguard.readers.patterns import pattern

KIND: Final = "infrastructure_run"
_COMMAND: Final = pattern(r"(?<![\w/.-])(?:terraform|tofu|terragrunt)[ \t]+[^\n;&|)`<>]+")
#: Actions that run them: by their names, or by what a setting of them says.
_ACTIONS: Final = pattern(r"(?i)[\w.-]+/(?:terraform|tofu|terragrunt)-(plan|apply)@")
_SETTINGS: Final = {"gruntwork-io/terragrunt-action": "tg_command", "op5dev/tf-via-pr": "command"}


def infrastructure_runs(walk: Walk) -> Iterator[Resource]:
    """Each step once for all that its inputs make of it; a called workflow starts when its callers do."""
    seen: set[tuple[str, str]] = set()
    for walked in walk.steps:
        commands = [*_of_action(walked), *_of_text(text_of(walk.tree, walked))]
        key = (walked.running.step.id, str(commands))
        if commands and key not in seen:
            seen.add(key)
            number = sum(name == key[0] for name, _ in seen)
            yield _resource(walk, walked, commands, f" ({number})" if number > 1 else "")


def _of_text(text: str) -> list[str]:
    lines = text.replace("\\\n", " ")
    return list(dict.fromkeys(" ".join(found[0].split()) for found in _COMMAND.finditer(lines)))


def _of_action(walked: Walked) -> list[str]:
    uses = walked.running.uses
    if found := _ACTIONS.match(uses):
        return [f"terraform {found[1].lower()}"]
    setting = _SETTINGS.get(uses.partition("@")[0].lower())
    given = walked.running.settings.get(setting, "") if setting else ""
    return [f"terragrunt {given}" if setting == "tg_command" else f"terraform {given}"] if given else []


def _resource(walk: Walk, walked: Walked, commands: list[str], suffix: str) -> Resource:
    step, job = walked.running.step, walked.running.job
    attributes: dict[str, Any] = {
        **walked.attributes(walk.main),
        "commands": commands,
        "starts_on": walked.started.names(),
    }
    if environment := job.attributes.get("environment"):
        attributes["environment_name"] = environment
    return Resource(
        kind=KIND,
        id=f"{step.id}{suffix}",
        source=Source.REPO,
        unit=UNIT,
        attributes=attributes,
        location=walked.place(),
        references={**step.references, "step": (step.id,)},
    )
