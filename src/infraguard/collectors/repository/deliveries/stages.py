"""Stages: what the names of environments stand for."""

from __future__ import annotations

import re
from typing import Final

from infraguard.readers.patterns import pattern

STAGES: Final = ("production", "staging", "development")
LESSER: Final = STAGES[1:]
_STAGE: Final = {
    "production": pattern(r"(?<![a-z])(?<!pre-)(?<!non-)(?:production|prod|prd|live)(?![a-z])", re.IGNORECASE),
    "staging": pattern(r"(?i)(?<![a-z])(?:staging|stage|stg|pre-?(?:prod(?:uction)?|prd|live)|uat)(?![a-z])"),
    "development": pattern(
        r"(?<![a-z])(?:development|dev(?!/(?:null|std|tty|fd|shm|zero|u?random)))(?![a-z])", re.IGNORECASE
    ),
}
#: What else the environment is called that stands between a change and production.
_REHEARSALS: Final = frozenset(
    {"test", "testing", "tst", "qa", "acceptance", "acc", "integration", "int", "sit", "beta"}
)
#: What is there for one change, while it is looked at.
_PREVIEWS: Final = pattern(r"(?i)(?<![a-z])(?:previews?|review[-_ ]?apps?)(?![a-z])")


#: Images are kept in folders by what they are like: the same one is built for every environment.
_DOCKERFILE: Final = pattern(r"(?<![^\s'\"=])[^\s'\"=]*+(?<=/Dockerfile)")


def stage_of(text: str) -> str:
    """The environment that a name or a text speaks of; empty where it speaks of none, or of several."""
    text = _DOCKERFILE.sub("", text)
    found = [stage for stage, pattern in _STAGE.items() if pattern.search(text.replace("_", "-"))]
    return found[0] if len(found) == 1 else ""


def stage_of_environment(name: str) -> str:
    """The stage that the name of an environment stands for: what is called after testing comes before production."""
    rehearses = "staging" if name.strip().lower() in _REHEARSALS else ""
    return stage_of(name) or rehearses or ("development" if _PREVIEWS.search(name.replace("_", "-")) else "")


def speaks_of(stage: str, text: str) -> bool:
    """Whether a text names a stage."""
    return bool(_STAGE[stage].search(text.replace("_", "-")))
