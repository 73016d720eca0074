"""What titles, names and sentences of documents are about."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from infraguard.readers.patterns import pattern

#: Topics, and the words that are about each.
TOPICS: Final = {
    "runbook": r"runbooks?|run[-\s]books?|playbooks?|play[-\s]books?|howto|how-to"
    r"|operat(?:ing|ions?|ional) (?:procedures?|guide|manual)",
    "scaling": r"scal(?:e|ing|ability)|capacity|autoscal\w*",
    "disaster-recovery": r"disaster[ -]recovery|business continuity|recovery plan|\bDR\b(?:[ -]?plan)?",
    "incident": r"incidents?|postmortems?|post[-\s]mortems?|outages?|oncall|on-call",
    "rollback": r"roll(?:ing|ed)?[ -]?backs?|downgrad\w+|revert\w*|undo\w*",
    "migration": r"migrations?|alembic|schema changes?",
    "release": r"releases?|deploy(?:s|ed|ing|ments?)?",
    "architecture": r"architectur\w+|infrastructure|topology|system design|system overview|network(?:ing)?|components?",
    "failover": r"fail-?\s?over|promot(?:e|ing|ion)",
    "restore": r"restor\w+|point[ -]in[ -]time|recover(?:y|ing)? from (?:a )?backups?",
    "redeployment": r"redeploy\w*|re-deploy\w*|rebuil\w+|standby|second region|another region|recreat\w+",
    "dns": r"\bDNS\b|route ?53|domain name",
    "communication": r"communicat\w+|stakeholders?|status[ -]page|announce\w*|notif(?:y|ication)\w*|message templates?",
    "template": r"templates?|sample (?:message|text|mail|e-?mail)|wording",
}
_COMPILED = {topic: pattern(rf"(?<![a-z])(?:{words.lower()})(?![a-z])") for topic, words in TOPICS.items()}
#: All that is no small letter, made a blank: words of bytes are split many times faster than an expression finds them.
_LETTERS: Final = bytes(code if chr(code) in string.ascii_lowercase else 32 for code in range(256))
#: What each way of speaking of a topic begins with: a whole word, where a sign or a blank must follow, or its letters.
_BEGINNING: Final = re.compile(
    r"(?:\A|\|)(?:\\b)?(?P<word>[a-z]+?)(?=(?P<ends>(?:\\b|[ -]|\[[^\]]+\])(?!\?))|[a-z]\?|[^a-z?]|\Z)(?![^(]*\))"
)


class _Beginnings(NamedTuple):
    """With which words a topic can be spoken of, so that its pattern is looked for in texts that have one."""

    words: frozenset[bytes]
    letters: tuple[bytes, ...]

    @staticmethod
    def of(ways: str) -> _Beginnings:
        found = list(_BEGINNING.finditer(ways))
        return _Beginnings(
            frozenset(match["word"].encode() for match in found if match["ends"]),
            tuple(match["word"].encode() for match in found if not match["ends"]),
        )


_BEGINNINGS = {topic: _Beginnings.of(ways.lower()) for topic, ways in TOPICS.items()}
_SEPARATORS = pattern(r"[-_/.]+")


def topics_in(texts: Iterable[str]) -> list[str]:
    """The topics that some of the texts speak of, in the order of the table."""
    joined = "\n".join(texts).lower()
    words = set(joined.encode(errors="replace").translate(_LETTERS).split())
    possible = {topic for word in words for topic in _begun_by(word)}
    return [topic for topic, pattern in _COMPILED.items() if topic in possible and pattern.search(joined)]


@lru_cache(maxsize=100_000)
def _begun_by(word: bytes) -> tuple[str, ...]:
    """The topics that may be meant where a word stands."""
    return tuple(
        topic for topic, begins in _BEGINNINGS.items() if word in begins.words or word.startswith(begins.letters)
    )


def topics_of_path(path: str) -> list[str]:
    """The topics that a path names, by its folders and its name."""
    words = _SEPARATORS.sub(" ", path.rpartition(".")[0] if "." in path.rpartition("/")[2] else path)
    return topics_in([words])
