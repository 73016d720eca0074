"""Whether a text may be a key of AWS: stand-ins of AWS take any word for one, and open nothing."""

from __future__ import annotations

from typing import Final

from infraguard.readers.patterns import pattern

#: The two parts of a key by their form: an id, and forty letters.
_FORM: Final = pattern(r"(?:AKIA|ASIA)[A-Z2-7]{16}|[A-Za-z0-9/+]{40}")


def may_be_key(text: str) -> bool:
    """Whether it has the form of an id or of the secret of a key, and is not the one of AWS's own documents."""
    return bool(_FORM.fullmatch(text.strip())) and "EXAMPLE" not in text
