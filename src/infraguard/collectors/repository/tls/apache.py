"""TLS in Apache's configuration: `SSLProtocol`, also in templates of it, by the documentation of mod_ssl."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from infraguard.collectors.repository.tls.versions import lowest, setting
from infraguard.model.evidence import Resource
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree

_DIRECTIVE: Final = pattern(r"(?im)^[ \t]*(SSL(?:Proxy)?Protocol)[ \t]+([^\n#]+)")
_NAMES: Final = pattern(r"(?:.*/)?(?:[^/]*\.(?:conf|vhost)(?:\.(?:j2|erb|tmpl|template))?|apache2?[^/]*|httpd[^/]*)\Z")
#: What `all` stands for since SSLv2 is gone from the library.
_ALL: Final = ("SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")


def wants_apache(path: str) -> bool:
    """Configuration files of Apache by the names they usually have, templates of them included."""
    return bool(_NAMES.match(path))


def read_apache(tree: Tree, path: str) -> Iterator[Resource]:
    """The settings of a file. Raises `Unreadable`."""
    text = tree.read(path)
    for found in _DIRECTIVE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        role = "client" if "proxy" in found[1].lower() else "server"
        attributes = {"minimum_version": _minimum(found[2].split()), "protocols": found[2].split(), "role": role}
        yield setting("apache", path, line, found[1], attributes)


def _minimum(words: Sequence[str]) -> float | Unknown:
    """The oldest version that is left: a word adds or takes away by its sign, and stands alone without one."""
    by_name = {name.lower(): name for name in _ALL}
    left: set[str] = set()
    for word in words:
        sign, name = (word[0], word[1:]) if word[0] in "+-" else ("", word)
        named = set(_ALL) if name.lower() == "all" else {by_name.get(name.lower(), name)}
        left = left - named if sign == "-" else named if not sign and not left else left | named
    return lowest(sorted(left))
