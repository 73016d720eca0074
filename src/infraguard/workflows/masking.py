"""What is kept of a repository's variables: their names, and no value that may be a secret."""

from __future__ import annotations

import re
from typing import Any, Final

from msgspec.structs import replace

from infraguard.model.evidence import Evidence, Resource

_KINDS: Final = frozenset(
    {"workflow", "workflow_job", "workflow_step", "action_step", "compose_service", "dockerfile_stage"}
)
_HOLDERS: Final = ("env", "variables", "environment")
_SECRET: Final = re.compile(
    r"(?i)passw|passphrase|secret|token|credential|(?:api|access|private|auth|signing|encryption)[_-]?key"
)
#: A value that only leads to one: a reference of GitHub, of a shell or of Compose.
_REFERENCE: Final = re.compile(r"\$[{(A-Za-z_]")
_IN_ADDRESS: Final = re.compile(r"(://[^\s:/@]*:)[^\s/@$]+(?=@)")
MASK: Final = "***"


def masked(evidence: Evidence) -> Evidence:
    """The evidence with what may be a secret in variables of workflows, Compose and Dockerfiles made unreadable."""
    return replace(evidence, resources=tuple(map(_masked, evidence.resources)))


def _masked(resource: Resource) -> Resource:
    if resource.kind not in _KINDS:
        return resource
    found = {
        name: {key: _value(key, value) for key, value in held.items()}
        for name in _HOLDERS
        if isinstance(held := resource.attributes.get(name), dict)
    }
    return replace(resource, attributes={**resource.attributes, **found}) if found else resource


def _value(name: str, value: Any) -> Any:
    if not isinstance(value, str) or not value:
        return value
    if _SECRET.search(name) and not _REFERENCE.search(value):
        return MASK
    return _IN_ADDRESS.sub(rf"\1{MASK}", value)
