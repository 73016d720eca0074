"""What titles, names and sentences of documents are about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from infraguard.readers.patterns import pattern

#: Topics, and the words that are about each.
TOPICS: Final = {
    "runbook": r"run-?\s?books?|play-?\s?books?|operat(?:ing|ions?|ional) (?:procedures?|guide|manual)|how-?to",
    "scaling": r"scal(?:e|ing|ability)|capacity|autoscal\w*",
    "disaster-recovery": r"disaster[ -]recovery|business continuity|recovery plan|\bDR\b(?:[ -]?plan)?",
    "incident": r"incidents?|post-?\s?mortems?|outages?|on-?call",
    "rollback": r"roll(?:ing|ed)?[ -]?backs?|downgrad\w+|revert\w*|undo\w*",
    "migration": r"migrations?|alembic|schema changes?",
    "release": r"releases?|deploy(?:s|ed|ing|ments?)?",
    "architecture": r"architectur\w+|infrastructure|topology|system design|system overview|network(?:ing)?|components?",
    "failover": r"fail-?\s?over|promot(?:e|ing|ion)",
    "restore": r"restor\w+|point[ -]in[ -]time|recover(?:y|ing)? from (?:a )?backups?",
    "redeployment": r"re-?deploy\w*|rebuil\w+|standby|second region|another region|recreat\w+",
    "dns": r"\bDNS\b|route ?53|domain name",
    "communication": r"communicat\w+|stakeholders?|status[ -]page|announce\w*|notif(?:y|ication)\w*|message templates?",
    "template": r"templates?|sample (?:message|text|mail|e-?mail)|wording",
}
_COMPILED = {topic: pattern(rf"(?<![a-z])(?:{words.lower()})(?![a-z])") for topic, words in TOPICS.items()}
_WORD = pattern(r"[a-z]+")
#: What each way of speaking of a topic begins with; a letter that may be missing is left out.
_BEGINNINGS = {
    topic: tuple(re.findall(r"(?:\A|\|)(?:\\b)?([a-z]+?)(?=[a-z]\?|[^a-z?]|\Z)(?![^(]*\))", words.lower()))
    for topic, words in TOPICS.items()
}
_SEPARATORS = pattern(r"[-_/.]+")


def topics_in(texts: Iterable[str]) -> list[str]:
    """The topics that some of the texts speak of, in the order of the table."""
    joined = "\n".join(texts).lower()
    possible = {topic for word in set(_WORD.findall(joined)) for topic in _begun_by(word)}
    return [topic for topic, pattern in _COMPILED.items() if topic in possible and pattern.search(joined)]


@lru_cache(maxsize=100_000)
def _begun_by(word: str) -> tuple[str, ...]:
    """The topics that may be meant where a word stands; patterns are looked for in such texts only."""
    return tuple(topic for topic, beginnings in _BEGINNINGS.items() if word.startswith(beginnings))


def topics_of_path(path: str) -> list[str]:
    """The topics that a path names, by its folders and its name."""
    words = _SEPARATORS.sub(" ", path.rpartition(".")[0] if "." in path.rpartition("/")[2] else path)
    return topics_in([words])
