"""String functions."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from infraguard.model.values import Value
from infraguard.readers.patterns import pattern
from infraguard.terraform.evaluation.conversion import to_text
from infraguard.terraform.evaluation.failures import EvaluationError
from infraguard.terraform.functions.characters import characters
from infraguard.terraform.functions.formatting import format_list, format_text
from infraguard.terraform.functions.patterns import regex, regex_all, replace
from infraguard.terraform.functions.signature import Function, anything, text, texts, whole

#: The first letter of each word.
_WORD = pattern(r"(?<!\w)\w")


def _join(separator: str, *lists: list[str]) -> str:
    return separator.join(part for parts in lists for part in parts)


def _substr(value: str, offset: int, length: int) -> str:
    """Part of a string. Below zero, an offset counts from the end and a length means the rest, and so does then 0."""
    each = characters(value)
    start = max(0, offset + len(each)) if offset < 0 else offset
    return "".join(each[start:] if length < 0 or (length == 0 and offset < 0) else each[start : start + length])


def _indent(spaces: int, value: str) -> str:
    if not 0 <= spaces <= 10_000:
        raise EvaluationError("the number of spaces is out of range")
    return value.replace("\n", "\n" + " " * spaces)


def _split(separator: str, value: str) -> list[str]:
    return value.split(separator) if separator else list(characters(value))


def _plain(method: Callable[..., Value], parameters: int = 1) -> Function:
    return Function(method, (text,) * parameters)


def _upper(value: str) -> str:
    """Letter by letter: one that is several in capitals stays as it is."""
    if value.isascii():
        return value.upper()
    return "".join(_alone(each, each.upper(), each.title()) for each in value)


def _lower(value: str) -> str:
    return value.lower() if value.isascii() else "".join(each.lower()[0] for each in value)


def _alone(letter: str, *forms: str) -> str:
    return next((form for form in forms if len(form) == 1), letter)


def _basename(path: str) -> str:
    stripped = path.rstrip("/")
    return posixpath.basename(stripped) or ("/" if path else ".")


FUNCTIONS = {
    "basename": _plain(_basename),
    "chomp": _plain(lambda value: value.rstrip("\r\n")),
    "dirname": _plain(lambda path: posixpath.normpath(posixpath.dirname(path) or ".")),
    "endswith": _plain(str.endswith, 2),
    "format": Function(format_text, (text,), rest=anything),
    "formatlist": Function(format_list, (text,), rest=anything),
    "indent": Function(_indent, (whole, text)),
    "join": Function(_join, (text,), rest=texts),
    "lower": _plain(_lower),
    "regex": _plain(regex, 2),
    "regexall": _plain(regex_all, 2),
    "replace": _plain(replace, 3),
    "split": _plain(_split, 2),
    "startswith": _plain(str.startswith, 2),
    "strcontains": _plain(lambda value, part: part in value, 2),
    "strrev": _plain(lambda value: "".join(reversed(characters(value)))),
    "substr": Function(_substr, (text, whole, whole)),
    "title": _plain(lambda value: _WORD.sub(lambda match: _alone(match[0], match[0].title()), value)),
    "tostring": Function(lambda value: None if value is None else to_text(value), (anything,)),
    "trim": _plain(str.strip, 2),
    "trimprefix": _plain(str.removeprefix, 2),
    "trimspace": _plain(str.strip),
    "trimsuffix": _plain(str.removesuffix, 2),
    "upper": _plain(_upper),
}
