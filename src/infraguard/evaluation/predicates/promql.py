"""What a PromQL comparison comes to once its constants are moved to the side of the threshold.

`100 * (1 - avail / size) > 80` is `avail / size < 0.2`: written in percent or as a share, of what is used or of what is
free, an alert is judged by one figure. Nothing is evaluated; what is no such arithmetic is left as it stands.
"""

from __future__ import annotations

import re
from math import prod
from typing import Final, NamedTuple

from infraguard.readers.patterns import pattern

_STRING = pattern(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`[^`]*`", re.DOTALL)
_NUMBER = pattern(r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?\Z")
_EXPONENT = pattern(r"(?:^|[^\w.])[\d.]+[eE]\Z")
_LABELS = r"(?:\s*(?:by|without)\s*\([^()]*\))?"
_AGGREGATED = pattern(rf"(?:min|max|avg){_LABELS}\s*(\(.*\)){_LABELS}\Z", re.DOTALL | re.IGNORECASE)
_MATCHING = pattern(r"\A(?:(?:on|ignoring)\s*\([^()]*\)\s*)?(?:group_(?:left|right)\s*(?:\([^()]*\))?\s*)?")
_MIRRORED: Final = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "==": "==", "!=": "!="}


class Compared(NamedTuple):
    """Something, or a share of something (where `whole` is not empty), compared with a number."""

    part: str
    whole: str
    operator: str
    value: float

    def goes_off_above(self, most: float) -> bool:
        """Whether it goes off for whatever is above this figure."""
        return self.operator in {">", ">="} and self.value <= most * (1 + 1e-9)

    def goes_off_below(self, least: float) -> bool:
        """Whether it goes off for whatever is below this figure."""
        return self.operator in {"<", "<="} and self.value >= least * (1 - 1e-9)

    def of_the_rest(self) -> Compared:
        """The same said of the other part of the whole: more than 80 % used is less than 20 % free."""
        return self._replace(operator=_MIRRORED[self.operator], value=1 - self.value)


def reduced(left: str, operator: str, value: float) -> Compared:
    """A comparison without the constants that are added to its left side or multiply it."""
    text = _unwrapped(left)
    terms = _split(text, "+-")
    loose = [(sign, term) for sign, term in terms if not _NUMBER.match(term)]
    if len(loose) == 1 and (len(terms) > 1 or loose[0][0] == "-"):
        value -= sum(float(f"{sign}{term}") for sign, term in terms if _NUMBER.match(term))
        if loose[0][0] == "-":
            operator, value = _MIRRORED[operator], -value
        return reduced(loose[0][1], operator, value)
    if len(terms) > 1:
        return Compared(text, "", operator, value)
    return _divided(text, operator, value)


def _divided(text: str, operator: str, value: float) -> Compared:
    """One term: its constant factors go to the threshold, and a fraction is told by its two sides."""
    factors = _split(text, "*/")
    constants = [float(factor) ** (-1 if sign == "/" else 1) for sign, factor in factors if _NUMBER.match(factor)]
    scale = prod(constants)
    parts = [factor for sign, factor in factors if sign != "/" and not _NUMBER.match(factor)]
    wholes = [factor for sign, factor in factors if sign == "/" and not _NUMBER.match(factor)]
    if len(factors) == 1 or len(parts) != 1 or len(wholes) > 1 or scale == 0:
        return Compared(text, "", operator, value)
    if not wholes:
        return reduced(parts[0], operator, value / scale)
    return _of_whole(_unwrapped(parts[0]), _unwrapped(_MATCHING.sub("", wholes[0])), operator, value / scale)


def _of_whole(part: str, whole: str, operator: str, value: float) -> Compared:
    """A fraction. `(total - free) / total` is said of what is free."""
    scaled = reduced(part, operator, value)
    if not scaled.whole and scaled.part != part:
        part, operator, value = scaled.part, scaled.operator, scaled.value
    first, *others = _split(part, "+-")
    if others and _same(first[1], whole) and all(sign == "-" for sign, _ in others):
        rest = " + ".join(term for _, term in others)
        return Compared(rest, whole, operator, value).of_the_rest()
    return Compared(part, whole, operator, value)


def _same(one: str, other: str) -> bool:
    return "".join(_unwrapped(one).split()) == "".join(other.split())


def _unwrapped(text: str) -> str:
    """Without brackets around all of it, and without the least, the greatest or the mean of an arithmetic."""
    text = text.strip()
    while True:
        found = _AGGREGATED.match(text)
        inside = found[1] if found else text
        if not (inside.startswith("(") and _closes_at_the_end(inside)):
            return text
        if found and len(_split(inside[1:-1], "+-*/")) == 1 and not inside[1:-1].lstrip().startswith("("):
            return text
        text = inside[1:-1].strip()


def _closes_at_the_end(text: str) -> bool:
    *before, last = _depths(text)
    return last == 0 and 0 not in before


def _depths(text: str) -> list[int]:
    """How many brackets are open after each letter, not in quotes; where they do not match, all is inside."""
    depth, depths = 0, []
    for letter in _STRING.sub(lambda match: " " * len(match[0]), text):
        depth += (letter in "([{") - (letter in ")]}")
        depths.append(depth)
    return depths if depth == 0 else [1] * len(depths)


def _split(text: str, operators: str) -> list[tuple[str, str]]:
    """What these operators join outside brackets, each with its operator; the first has the first of them."""
    plain = _STRING.sub(lambda match: " " * len(match[0]), text)
    depths = _depths(text)
    parts, start, sign = [], 0, operators[0]
    for index, letter in enumerate(plain):
        if letter not in operators or depths[index] or _EXPONENT.search(plain[:index]):
            continue
        before = text[start:index].strip()
        if before and not before.endswith(("*", "/", "%", "^")):
            parts.append((sign, before))
            start, sign = index + 1, letter
        elif not before and letter in "+-":
            start, sign = index + 1, "-" if (sign == "-") != (letter == "-") else "+"
    return [*parts, (sign, text[start:].strip())]
