"""Values inside Dockerfile instructions: variables, pairs of a name and a value, health checks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, overload

from infraguard.model.values import Default, Unknown
from infraguard.readers.dockerfile import Instruction
from infraguard.readers.patterns import pattern

#: What Docker fills in, from the Dockerfile reference on HEALTHCHECK; times in seconds.
_ORIGIN = "Dockerfile reference"
_DEFAULTS: dict[str, float] = {"interval": 30.0, "timeout": 30.0, "start-period": 0.0, "start-interval": 5.0}
_RETRIES = 3
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION = pattern(r"(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+\Z|0\Z")
_PIECE = pattern(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)")
_VARIABLE = pattern(r"\$(?:\{(?P<braced>\w+)(?::?(?P<how>[-+])(?P<word>[^}]*))?\}|(?P<name>\w+))|(?P<odd>\$)")


def expanded(text: str, scope: Mapping[str, Any], escape: str) -> str | Unknown:
    """A text with its variables filled in and its quotes taken off; Unknown when one of them has no value here."""
    unknown: list[Unknown] = []

    def fill(match: re.Match[str]) -> str:
        name = match["braced"] or match["name"]
        if name is None:
            return match[0]
        value = scope.get(name, "")
        is_set = bool(value) and not isinstance(value, Unknown)
        if match["how"] == "+":
            return match["word"] if is_set else ""
        if match["how"] == "-" and not is_set:
            return str(match["word"])
        if isinstance(value, Unknown):
            unknown.append(value)
        return str(value)

    parts: list[str] = []
    for piece in re.findall(rf"'[^']*'|{re.escape(escape)}.|[^'{re.escape(escape)}]+|.", text, re.DOTALL):
        if piece.startswith(escape) and len(piece) > 1:
            parts.append(piece[1:])
        elif piece.startswith("'") and len(piece) > 1:
            parts.append(piece[1:-1])
        else:
            parts.append(_VARIABLE.sub(fill, piece).replace('"', ""))
    return unknown[0] if unknown else "".join(parts)


@overload
def pairs(value: str, escape: str) -> Iterator[tuple[str, str]]: ...
@overload
def pairs(value: str, escape: str, *, bare: Literal[True]) -> Iterator[tuple[str, str | None]]: ...
def pairs(value: str, escape: str, *, bare: bool = False) -> Iterator[tuple[str, str | None]]:
    """`name=value` pairs with quotes kept; the old form `name value`; with `bare`, names alone too."""
    one = re.escape(escape)
    words = re.findall(rf"(?:{one}.|\"(?:{one}.|[^\"{one}])*\"|'[^']*'|[^\s\"'{one}]|[\"'{one}])+", value, re.DOTALL)
    if not bare and words and "=" not in words[0]:
        name, _, rest = value.partition(" ")
        yield name, rest.strip()
        return
    for word in words:
        name, equals, rest = word.partition("=")
        if equals or bare:
            yield name, rest if equals else None


def healthcheck(instruction: Instruction) -> dict[str, Any]:
    """A health check: its command, its times in seconds, its retries; `disabled` for `HEALTHCHECK NONE`."""
    kind, _, command = instruction.value.partition(" ")
    if kind.upper() == "NONE":
        return {"disabled": True}
    found: dict[str, Any] = {"disabled": False, "command": command.strip()}
    for name, default in _DEFAULTS.items():
        text = instruction.flag(name)
        found[f"{name.replace('-', '_')}_seconds"] = Default(default, _ORIGIN) if text is None else _seconds(text)
    retries = instruction.flag("retries")
    if retries is None:
        found["retries"] = Default(_RETRIES, _ORIGIN)
    else:
        found["retries"] = int(retries) if retries.isdecimal() else Unknown(f"{retries!r} is not a number")
    return found


def _seconds(text: str) -> float | Unknown:
    if not _DURATION.match(text):
        return Unknown(f"{text!r} is not a duration", remedy="write it as 30s or 1m30s")
    return sum(float(number) * _UNITS[unit] for number, unit in _PIECE.findall(text))
