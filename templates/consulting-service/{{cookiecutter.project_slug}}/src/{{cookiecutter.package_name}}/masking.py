"""Personal data in log lines, replaced before a line is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

MASK = "[masked]"

#: Keys that are masked whatever stands under them, when they are one of these words or end in one.
SENSITIVE = {
    "address",
    "api_key",
    "authorization",
    "birth_date",
    "card",
    "card_number",
    "cookie",
    "email",
    "full_name",
    "iban",
    "name",
    "passport",
    "password",
    "password_hash",
    "phone",
    "secret",
    "session",
    "ssn",
    "tax_id",
    "token",
}

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_CARD = re.compile(r"(?<![\d.])\d(?:[ -]?\d){12,18}(?![\d.])")
_CREDENTIALS = re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)")


def masked(value: Any, key: str = "") -> Any:
    """Give the value with everything personal in it replaced, also deep inside."""
    if _sensitive(key) and value is not None:
        return MASK
    if isinstance(value, str):
        return masked_text(value)
    if isinstance(value, Mapping):
        return {masked_text(str(name)): masked(one, str(name)) for name, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [masked(one) for one in value]
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    return masked_text(str(value))


def masked_text(text: str) -> str:
    """Replace e-mail addresses, account numbers, card numbers and passwords in URLs."""
    text = _CREDENTIALS.sub(MASK, text)
    text = _EMAIL.sub(MASK, text)
    text = _IBAN.sub(MASK, text)
    return _CARD.sub(lambda found: MASK if _passes_luhn(found.group()) else found.group(), text)


def _sensitive(key: str) -> bool:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).lower().replace("-", "_")
    return any(words == word or words.endswith(f"_{word}") for word in SENSITIVE)


def _passes_luhn(text: str) -> bool:
    digits = [int(one) for one in text if one.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
