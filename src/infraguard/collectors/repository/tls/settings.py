"""Where the repository itself configures TLS: one `tls_setting` for each place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from infraguard.collectors.repository.found import Family, Found, each_file
from infraguard.collectors.repository.tls.apache import read_apache, wants_apache
from infraguard.collectors.repository.tls.haproxy import read_haproxy, wants_haproxy
from infraguard.collectors.repository.tls.nginx import read_nginx, wants_nginx
from infraguard.collectors.repository.tls.python import read_python, wants_python
from infraguard.collectors.repository.tls.traefik import read_traefik, wants_traefik
from infraguard.collectors.repository.tls.versions import numbered
from infraguard.model.evidence import Resource
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree

KINDS = ("tls_setting",)
#: One line a program: which files it reads, and how they are read.
_PROGRAMS: tuple[tuple[Callable[[str], bool], Callable[[Tree, str], Iterable[Resource]]], ...] = (
    (wants_nginx, read_nginx),
    (wants_apache, read_apache),
    (wants_haproxy, read_haproxy),
    (wants_traefik, read_traefik),
    (wants_python, read_python),
)


#: Folders of what runs on the machine of who writes it.
_LOCAL: Final = pattern(r"(?:.*/)?local(?:host|dev)?(?:[-_][\w-]+)?/")


def _elsewhere(wants: Callable[[str], bool]) -> Callable[[str], bool]:
    """The same of what runs on other machines."""
    return lambda path: not _LOCAL.match(path) and wants(path)


def _wants(path: str) -> bool:
    return any(_elsewhere(wants)(path) for wants, _ in _PROGRAMS)


def _read(tree: Tree) -> Found:
    found = Found.merged(each_file(tree, _elsewhere(wants), KINDS, read) for wants, read in _PROGRAMS)
    return Found(tuple(numbered(found.resources)), found.gaps)


FAMILY = Family(KINDS, _wants, _read)
