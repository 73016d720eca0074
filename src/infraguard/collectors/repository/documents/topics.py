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
    r"|operat(?:ing|ions?|ional) (?:procedures?|guide|manual|handbook)"
    r"|debugging (?:stuck|hung|hanging|failed)|diagnosing (?:stuck|hung|hanging|failed)"
    r"|troubleshooting (?:stuck|hung|hanging|failed)"
    r"|day[-\s]to[-\s]day operations?|daily operations|routine operations|common operations"
    r"|rotating (?:\w+ ){0,2}(?:keys?|secrets?|credentials?|passwords?|certificates?|certs?|tokens?)"
    r"|rotation procedures?",
    "guide": r"deployment (?:procedures?|guide|manual|handbook)|maintenance (?:procedures?|guide|manual|handbook)"
    r"|infrastructure (?:guide|manual|handbook)|upgrad(?:e|ing) (?:guide|procedures?|instructions)"
    r"|upgrading(?![^\n])",  # of the whole, where it is not said of what
    "scaling": r"scal(?:e|ing|ability)|capacity|autoscal\w*",
    "disaster-recovery": r"disaster[ -]recovery|business continuity|recovery plan|\bDR\b(?:[ -]?plan)?"
    r"|secondary region|regional failover|region failover",
    "incident": r"incidents?(?! management (?:service|system|tool|integration))|postmortems?|post[-\s]mortems?"
    r"|incidence response|outage (?:response|handling|procedures?|plan|runbook)"
    r"|on-call (?:duty|rotation|guide|handbook|procedures?|escalation|runbook|playbook|schedule)"
    r"|escalation (?:path|policy)|emergency (?:response|procedures?|plan|runbook|playbook)",
    "rollback": r"roll(?:ing|ed)?[ -]?backs?|downgrad\w+|revert\w*|undo(?:es|ing|ne)?",
    "migration": r"migrations?|alembic|schema changes?",
    "release": r"releases?|deploy(?:s|ed|ing|ments?)?",
    "architecture": r"architectur\w+|infrastructure|topology|system design|system overview|network(?:ing)?|components?"
    r"|architektur\w*|arquitectura|arquitetura|architettura",
    "failover": r"fail-?\s?over|promot(?:e|ing|ion)",
    "restore": r"restor\w+|point[ -]in[ -]time|recover(?:y|ing)? from (?:a )?backups?",
    "redeployment": r"redeploy\w*|re-deploy\w*|rebuil\w+|standby|second region|another region|recreat\w+"
    r"|secondary region",
    "dns": r"\bDNS\b|route ?53|domain name",
    "communication": r"communicat\w+|stakeholders?|status[ -]page|announce\w*|notif(?:y|ication)\w*|message templates?",
    "template": r"templates?(?![ -](?:variables?|engines?|syntax|functions?|languages?|files?))"
    r"|sample (?:message|text|mail|e-?mail)|wording",
}
#: What words of other scripts say, in English: titles of what people look for.
_ELSEWHERE: Final = {
    "architecture": ("아키텍처", "아키텍쳐", "구성도", "アーキテクチャ", "構成図", "架构", "架構", "архитектур"),
    "rollback": ("롤백", "ロールバック", "回滚", "回滾", "откат"),
    "disaster recovery": ("재해 복구", "재해복구", "災害復旧", "灾难恢复", "災難復原"),
    "incident": ("장애 대응", "障害対応", "故障处理", "инцидент"),
    "runbook": ("런북", "ランブック", "运维手册"),
}
_COMPILED = {topic: pattern(rf"(?<![a-z])(?:{words.lower()})(?![a-z])") for topic, words in TOPICS.items()}
#: All that is no small letter, made a blank: words of bytes are split many times faster than an expression finds them.
_LETTERS: Final = bytes(code if chr(code) in string.ascii_lowercase else 32 for code in range(256))
#: What each way of speaking of a topic begins with: a whole word, where a sign or a blank must follow, or its letters.
_BEGINNING: Final = re.compile(
    r"(?:\A|\|)(?:\\b)?(?P<word>[a-z]+?)(?=(?P<ends>(?:\\b|[ -]|\[[^\]]+\])(?!\?))|[a-z]\?|[^a-z?]|\Z)(?![^(]*\))"
)


class _Way(NamedTuple):
    """How a topic can be spoken of: its pattern is only tried where the word stands that this way begins with."""

    topic: str
    word: str
    is_whole: bool

    def may_begin_with(self, word: str) -> bool:
        return word == self.word if self.is_whole else word.startswith(self.word)

    def is_in(self, text: str) -> bool:
        place = text.find(self.word)
        while place >= 0:
            if _COMPILED[self.topic].match(text, place):
                return True
            place = text.find(self.word, place + 1)
        return False


_WAYS: Final = tuple(
    _Way(topic, match["word"], is_whole=bool(match["ends"]))
    for topic, ways in TOPICS.items()
    for match in _BEGINNING.finditer(ways.lower())
)
#: The ways by the first two letters of their words.
_BEGUN: Final = {
    letters: tuple(way for way in _WAYS if way.word.startswith(letters)) for letters in {way.word[:2] for way in _WAYS}
}
#: Scales that are no growth: steps of a design, and answers to questions.
_OF_DESIGN: Final = pattern(
    r"\b(?:radius|typ(?:e|ographic|ography)|colou?r|gr[ae]y|spac(?:e|ing)|font|size|shadow|elevation|rating|likert)"
    r" scales?\b"
)
#: Moves to another place, or to other tools, which change no schema.
_OTHER_MOVES: Final = pattern(
    r"\b(?:mainnet|testnet|blockchain|cloud|dns|domain|server|hosting|heroku|kubernetes|framework|monorepo|typescript)"
    r"[ _-]migrations?\b"
)
_SEPARATORS = pattern(r"[-_/.]+")


def topics_in(texts: Iterable[str]) -> list[str]:
    """The topics that some of the texts speak of, in the order of the table."""
    joined = "\n".join(texts).lower().replace("tl;dr", "in short").replace("ansible playbook", "ansible")
    joined = _OF_DESIGN.sub("design", joined) if "scale" in joined else joined
    if not joined.isascii():
        joined += "".join(f"\n{said}" for said, words in _ELSEWHERE.items() if any(each in joined for each in words))
    joined = _OTHER_MOVES.sub("move", joined) if "migration" in joined else joined
    words = set(joined.encode(errors="replace").translate(_LETTERS).split())
    ways = {way for word in words for way in _begun_by(word)}
    found = {way.topic for way in ways if way.is_in(joined)}
    return [topic for topic in TOPICS if topic in found]


@lru_cache(maxsize=100_000)
def _begun_by(word: bytes) -> tuple[_Way, ...]:
    """The ways of speaking of a topic that may begin where a word stands."""
    text = word.decode()
    return tuple(way for way in _BEGUN.get(text[:2], ()) if way.may_begin_with(text))


def topics_of_path(path: str) -> list[str]:
    """The topics that a path names, by its folders and its name."""
    words = _SEPARATORS.sub(" ", path.rpartition(".")[0] if "." in path.rpartition("/")[2] else path)
    return topics_in([words])
