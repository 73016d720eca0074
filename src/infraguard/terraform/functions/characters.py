"""The characters that Terraform counts in a text: what people see as one, whatever it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from unicodedata import category, normalize

from infraguard.terraform.evaluation.failures import Exhausted

_LINE_END: Final = "\r\n"
#: What joins the characters beside it, or is joined by them, beside marks and formats: flags, tones of skin, the
#: parts of Korean syllables, and two vowels of Thai and Lao.
_JOINING: Final = (
    *((0x1F1E6, 0x1F1FF), (0x1F3FB, 0x1F3FF), (0x1100, 0x11FF), (0xA960, 0xA97F), (0xD7B0, 0xD7FF)),
    *((0x0E33, 0x0E33), (0x0EB3, 0x0EB3)),
)
_MARKS: Final = frozenset({"Mn", "Mc", "Me", "Cf"})


def characters(text: str) -> Sequence[str]:
    """The characters one by one. Raises `Exhausted` where some may be one together."""
    if text.isascii():
        return text if _LINE_END not in text else _with_line_ends(text)
    text = normalize("NFC", text)
    if any(_joins(each) for each in set(text)):
        raise Exhausted("a text with characters that are made of several")
    return _with_line_ends(text)


def _with_line_ends(text: str) -> list[str]:
    found: list[str] = []
    for index, part in enumerate(text.split(_LINE_END)):
        found.extend([_LINE_END] if index else [])
        found.extend(part)
    return found


def _joins(character: str) -> bool:
    code = ord(character)
    return code > 0x7F and (category(character) in _MARKS or any(low <= code <= high for low, high in _JOINING))
