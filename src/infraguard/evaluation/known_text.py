"""What is known of a text, of which parts may not be, and which may be given in base64, as user data is."""

from __future__ import annotations

import base64
import binascii
from typing import Final

from infraguard.model.values import Unknown, Value
from infraguard.readers.patterns import pattern

_BASE64: Final = pattern(r"[A-Za-z0-9+/]{8,}={0,2}\Z")


def known_text(value: Value) -> str:
    """The text, decoded, with `…` for each part that is not known; empty where none is."""
    text = value.text if isinstance(value, Unknown) else value if isinstance(value, str) else ""
    if not _BASE64.match(text):
        return text
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return text
