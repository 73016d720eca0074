"""TLS in HAProxy configuration: what each `bind` with `ssl` accepts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from infraguard.collectors.repository.tls.versions import setting, unknown_version, version
from infraguard.model.evidence import Resource
from infraguard.model.values import Default
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree

#: The configuration manual on `ssl-min-ver`, since HAProxy 2.2.
_HAPROXY_DEFAULT = Default(1.2, "HAProxy 2.2")
_CONCERNS = pattern(r"^[ \t]*(?:ssl-default-bind-options|bind)\b", re.MULTILINE)
_FORCED = pattern(r"force-(tlsv1[0-3]|sslv3)\Z")
_REFUSED = pattern(r"no-(tlsv1[0-3]|sslv3)\Z")


def wants_haproxy(path: str) -> bool:
    """`haproxy.cfg` and what is kept in a folder of that name."""
    return path.endswith(".cfg") and "haproxy" in path.lower()


def read_haproxy(tree: Tree, path: str) -> Iterator[Resource]:
    """The settings of a file. Raises `Unreadable`."""
    text = tree.read(path)
    if not _CONCERNS.search(text):
        return
    default: Any = _HAPROXY_DEFAULT
    default_line = 0
    binds = 0
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].split()
        if words and not line[0].isspace():
            section = " ".join(words[:2])
        if words[:1] == ["ssl-default-bind-options"]:
            default, default_line = _minimum(words[1:], default), number
        elif words[:1] == ["bind"] and "ssl" in words:
            binds += 1
            attributes = {"minimum_version": _minimum(words, default), "role": "server"}
            yield setting("haproxy", path, number, f"{section}/bind {words[1]}", attributes)
    if default_line and not binds:
        attributes = {"minimum_version": default, "role": "server"}
        yield setting("haproxy", path, default_line, "ssl-default-bind-options", attributes)


def _minimum(words: list[str], default: Any) -> Any:
    """The lowest version that options leave."""
    if "ssl-min-ver" in words[:-1]:
        name = words[words.index("ssl-min-ver") + 1]
        number = version(name)
        return unknown_version(name) if number is None else number
    forced = [number for word in words if (match := _FORCED.match(word)) and (number := version(match[1])) is not None]
    if forced:
        return forced[-1]
    refused = {version(match[1]) for word in words if (match := _REFUSED.match(word))}
    base = default.value if isinstance(default, Default) else default
    left = [number for number in (1.0, 1.1, 1.2, 1.3) if number not in refused and isinstance(base, float)]
    remaining = [number for number in left if number >= base]
    return remaining[0] if refused and remaining else default
