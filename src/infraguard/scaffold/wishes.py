"""What one bullet of a request asks for: each wish in it, whether it is denied, and the words that are none of them.

A wish is a stretch of the bullet that one entry of the template's `requests.yaml` understands. Words between wishes
either say nothing by themselves ("with", "and") or are named as not taken: nothing that a person wrote is dropped in
silence, and nothing that can be read two ways is guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct, field

#: Words that ask for nothing by themselves.
_SAYS_NOTHING: Final = frozenset(
    """
    a all also an and any are as at aws based be both but by do each enabled every fully has have i in is it
    its least must necessary need needed needs of on or our per please plus provide provided require
    required requires should support supported supports that the their there to up use used uses using via
    want we well will with
    """.split()  # noqa: SIM905 - a list of words is read more easily as text
)
_WORD = re.compile(r"[^\s,;:()\[\]]+")
_DENIES = re.compile(
    r"\b(?:no|not(?! only)|non|never|without|w/o|nor|neither|exclud\w+|except|skip|omit|minus|\w+n['’]t)\b",
    re.IGNORECASE,
)
#: "VPN: no", "VPN is not needed": the denial comes after the wish, and ends there.
_DENIED_AFTER = re.compile(
    r"\s*[:=(-]?\s*(?:(?:no|none|off|false)\s*(?=$|[,;.)])"
    r"|(?:(?:is|are)\s+)?(?:not|(?:is|are)n['’]t)\s+(?:needed|wanted|required|necessary|included)\b)",
    re.IGNORECASE,
)
#: "no Kubernetes, but Redis": what comes after is wanted.
_TURNS = re.compile(r"\b(?:but|with|instead|only)\b|[;.]", re.IGNORECASE)
_ALSO_DENIED = re.compile(r"\s*,?\s*n?or\s+(?:an?\s+|the\s+|any\s+)?", re.IGNORECASE)
_EITHER_WAY = re.compile(r"\s*(?:[,/&+]|,?\s*and\b)\s*(?:an?\s+|the\s+|any\s+)?", re.IGNORECASE)


class Understanding(Struct, frozen=True, forbid_unknown_fields=True):
    """How some words are understood. See the head of the template's `requests.yaml`."""

    pattern: str
    sets: dict[str, str] = field(default_factory=dict)
    #: Parts of answers that are made of several, by question.
    part: dict[str, str] = field(default_factory=dict)
    lower: tuple[str, ...] = ()
    limits: dict[str, tuple[str, ...]] = field(default_factory=dict)
    holds: tuple[str, ...] = ()


class Wish(Struct, frozen=True):
    """One stretch of a bullet that is understood. `denied` says that the bullet does not want it; None, that it may."""

    start: int
    end: int
    understanding: Understanding
    #: What the named groups of the pattern found.
    found: dict[str, str]
    denied: bool | None = False


def wishes_in(text: str, understandings: Sequence[Understanding]) -> tuple[Wish, ...]:
    """The wishes of a bullet from left to right; where two entries know the same words, the earlier entry counts."""
    wishes: list[Wish] = []
    for one in understandings:
        for match in re.finditer(one.pattern, text, re.IGNORECASE):
            if match.end() > match.start() and not any(w.start < match.end() and match.start() < w.end for w in wishes):
                found = {name: value for name, value in match.groupdict().items() if value}
                wishes.append(Wish(match.start(), match.end(), one, found))
    return tuple(_with_denials(text, sorted(wishes, key=lambda wish: wish.start)))


def _with_denials(text: str, wishes: Sequence[Wish]) -> Iterator[Wish]:
    """Say of each wish whether words before or after it deny it, or whether that can be read two ways."""
    end, denied = 0, False
    for wish in wishes:
        before, after = text[end : wish.start], _DENIED_AFTER.match(text, wish.end)
        verdict = True if after else _denial_before(before)
        if verdict is False and denied:
            verdict = True if _ALSO_DENIED.fullmatch(before) else None if _EITHER_WAY.fullmatch(before) else False
        end = after.end() if after else wish.end
        # "VPN: no, Redis 7": a denial after a wish does not reach the next one.
        denied = verdict is not False and after is None
        yield Wish(wish.start, end, wish.understanding, wish.found, verdict)


def _denial_before(before: str) -> bool | None:
    """Whether words before a wish deny it; None where they deny something else that may go on to it."""
    *_, rest = _DENIES.split(before)
    if rest == before or _TURNS.search(rest):
        return False
    return None if _telling(rest) else True


def words_left(text: str, wishes: Sequence[Wish]) -> tuple[str, ...]:
    """The stretches of a bullet that no wish covers, without the words at their ends that say nothing."""
    ends = [0, *(wish.end for wish in wishes)]
    starts = [*(wish.start for wish in wishes), len(text)]
    pieces = (_telling(text[end:start]) for end, start in zip(ends, starts, strict=True))
    return tuple(piece for piece in pieces if piece)


def _telling(piece: str) -> str:
    words = [word for word in _WORD.finditer(piece) if _tells(word[0])]
    if not words:
        return ""
    denials = [word for word in _DENIES.finditer(piece) if word.end() <= words[0].start()]
    return piece[(denials or words)[0].start() : words[-1].end()].strip()


def _tells(word: str) -> bool:
    """Whether a word between wishes asks for something."""
    if word.lower().strip(".!") in _SAYS_NOTHING or _DENIES.fullmatch(word):
        return False
    return any(letter.isalnum() or letter in "><=%€$" for letter in word)
