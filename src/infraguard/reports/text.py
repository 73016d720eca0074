"""Text of scanned files made safe for readers: what a file is called must not drive a terminal."""

from __future__ import annotations

import unicodedata
from typing import Any

import msgspec

#: The longest value, in characters, that a report for people shows whole.
MAX_VALUE = 160
#: Unicode categories that move cursors, reorder text or cannot be encoded: controls, format signs (among them the
#: bidirectional overrides), surrogates, private use, unassigned, and line and paragraph separators.
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def printable(text: str) -> str:
    r"""The text on one line, with everything that a terminal would act on written as an escape (`\x1b`)."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escape(sign) if unicodedata.category(sign) in _UNPRINTABLE else sign for sign in text)


def shortened(text: str) -> str:
    """The text, cut where people stop reading a single value. Formats for programs never cut."""
    return text if len(text) <= MAX_VALUE else text[: MAX_VALUE - 3] + "..."


def paragraphs(text: str) -> list[str]:
    """The paragraphs of our own prose (remediations, reasons): line breaks inside one are spaces."""
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return [printable(" ".join(block.split())) for block in blocks if block.strip()]


def to_json(document: Any) -> str:
    r"""Indented JSON, and a newline. File names that are not Unicode keep their bytes as `\udcXX` escapes in text.

    Each form of a large report takes as much memory as the report: it is let go of where the next one is there.
    """
    encoded = _encoded(document)
    del document
    written = msgspec.json.format(encoded, indent=2)
    del encoded
    text = written.decode()
    del written
    text += "\n"  # which makes no copy of a text that nothing else holds
    return text


def _encoded(document: Any) -> bytes:
    try:
        return msgspec.json.encode(document)
    except UnicodeEncodeError:
        return msgspec.json.encode(_encodable(msgspec.to_builtins(document)))


def _encodable(data: Any) -> Any:
    if isinstance(data, str):
        return data.encode("utf-8", "backslashreplace").decode()
    if isinstance(data, dict):
        return {_encodable(key): _encodable(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_encodable(item) for item in data]
    return data


def _escape(sign: str) -> str:
    named = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(sign)
    if named:
        return named
    code = ord(sign)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
