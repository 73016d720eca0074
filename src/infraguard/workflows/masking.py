"""What is kept of a repository's commands and variables: their names, and no value that may be a secret."""

from __future__ import annotations

from typing import Any, Final

from msgspec.structs import replace

from infraguard.collectors.repository.secrets.masking import (
    SECRET_NAME,
    value_without_secret,
    without_secrets,
    words_without_secrets,
)
from infraguard.model.evidence import Evidence, Resource

_KINDS: Final = frozenset(
    {
        *("workflow", "workflow_job", "workflow_step", "action_step", "test_command", "tool_run"),
        *(
            "image_build",
            "deployment",
            "infrastructure_run",
            "infrastructure_job",
            "compose_service",
            "dockerfile_stage",
            "container_image",
        ),
    }
)
#: Attributes that hold values by their names.
_HOLDERS: Final = frozenset({"env", "variables", "environment", "with", "inputs"})


def masked(evidence: Evidence) -> Evidence:
    """The evidence with what may be a secret in workflows, Compose and Dockerfiles made unreadable."""
    return replace(evidence, resources=tuple(map(_masked, evidence.resources)))


def _masked(resource: Resource) -> Resource:
    if resource.kind not in _KINDS:
        return resource
    return replace(
        resource,
        attributes={
            name: _held(value) if name in _HOLDERS else _without(value) for name, value in resource.attributes.items()
        },
    )


def _held(values: Any) -> Any:
    if not isinstance(values, dict):
        return _without(values)
    return {
        name: value_without_secret(value) if isinstance(value, str) and SECRET_NAME.search(name) else _without(value)
        for name, value in values.items()
    }


def _without(value: Any) -> Any:
    """A value with every text in it masked. A list of texts is words: what follows an option is its value."""
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, dict):
        return {name: _without(each) for name, each in value.items()}
    if isinstance(value, list):
        is_words = all(isinstance(each, str) for each in value)
        return words_without_secrets(value) if is_words else [_without(each) for each in value]
    return value
