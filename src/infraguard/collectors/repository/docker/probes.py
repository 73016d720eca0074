"""What a health check asks, and whether it can: a program that the image does not hold never answers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern

_ADDRESS = pattern(r"https?://[^\s\"')]*?(?P<path>/[^\s\"')?]*)?(?=[\s\"')?]|\Z)")


def probe(health: Mapping[str, Any], programs: set[str] | None) -> dict[str, Any]:
    """`program` and `path` that a health check asks by, and `works`: whether the image holds the program."""
    if health.get("disabled"):
        return {}
    words = _words(str(health.get("command", "")))
    if not words:
        return {"works": False}
    text = " ".join(words)
    program = words[0].rpartition("/")[2]
    found: dict[str, Any] = {"program": program}
    address = _ADDRESS.search(text)
    if address:
        found["path"] = address["path"] or "/"
    elif match := re.search(r"(?:[\"'\s,(])(/[\w/.-]*health\w*[\w/.-]*)", text):
        found["path"] = match[1]
    if programs is None:
        found["works"] = Unknown("the base image is not known", remedy="give the ARG of the base a default")
    elif program in programs or words[0].startswith(("/", "./")):
        found["works"] = True
    elif program in ("curl", "wget", "nc", "python", "python3", "node", "http"):
        found["works"] = False
    else:
        found["works"] = Unknown(
            f"whether the image holds {program} cannot be told from the Dockerfile",
            (program,),
            remedy="ask with a program that the image holds, such as its Python",
        )
    return found


def _words(command: str) -> list[str]:
    """The words of `CMD`, in its JSON form or as a shell line."""
    kind, _, rest = command.partition(" ")
    text = rest.strip() if kind.upper() in ("CMD", "CMD-SHELL") else command
    if text.startswith("["):
        try:
            items = json.loads(text)
        except (json.JSONDecodeError, RecursionError):
            return []
        return [str(item) for item in items] if isinstance(items, list) else []
    return text.split()
