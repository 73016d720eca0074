"""What Terragrunt runs and gives: modules from elsewhere, and `inputs`, which go before the defaults of variables."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final

from msgspec import Struct

from infraguard.model.errors import SyntaxProblem
from infraguard.model.values import Location, Unknown, Value
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable
from infraguard.terraform.known_modules import ANYTHING, Makes, what_it_makes
from infraguard.terraform.syntax import parse_file
from infraguard.terraform.syntax.nodes import Attribute, Body, Literal, Node, Object, SourceFile, Template

#: The files by which a tree is known to be run by it.
FILES: Final = ("terragrunt.hcl", "terragrunt.stack.hcl")
#: Files of the same language that are for something else.
_OTHERS: Final = (".terraform.lock.hcl", ".pkr.hcl", ".nomad.hcl", ".tflint.hcl", "docker-bake.hcl")
#: A module of the public registry, as Terragrunt writes it.
_REGISTRY = pattern(r"tfr://(?:registry\.terraform\.io)?/([^?]+?)(?:\?version=([^&]+))?\Z")

_WORKED_OUT: Final = Unknown("Terragrunt works it out", ("remote_state",), remedy="scan what terragrunt has written")


class Elsewhere(Struct, frozen=True):
    """A module that is run and is not in the tree: its source as it is written, where, and what it can make."""

    source: str
    location: Location
    makes: Makes


class Terragrunt:
    """What the files of a tree say; `folders` are those with a configuration of Terraform."""

    def __init__(self, tree: Tree, folders: Mapping[str, object]) -> None:
        self._folders = folders
        paths = [path for path in tree.paths if path.endswith(".hcl") and not path.endswith(_OTHERS)]
        self.is_used = any(path.endswith(FILES) for path in paths)
        self._files = dict(_parsed(tree, paths)) if self.is_used else {}

    def may_give(self, name: str) -> bool:
        """Whether some root may get a value for a variable of this name, whatever its default is."""
        return self.is_used and (self._given is None or name in self._given)

    @cached_property
    def _given(self) -> frozenset[str] | None:
        """The names that files give values to; None where one of them does not say which."""
        inputs = [file.body.attributes.get("inputs") if file else None for file in self._files.values()]
        keys = [_keys(each.value) for each in inputs if each]
        if None in keys or None in self._files.values():
            return None
        return frozenset(name for names in keys for name in names or ())

    @cached_property
    def state(self) -> dict[str, Value]:
        """The backend that it writes into every root, and its settings; empty where files say different things."""
        if None in self._files.values():
            return {}
        every = [file.body.blocks for file in self._files.values() if file]
        said = [_backend(block.body) for blocks in every for block in blocks if block.type == "remote_state"]
        return said[0] if said and all(each == said[0] for each in said) else {}

    @cached_property
    def runs(self) -> frozenset[str]:
        """The folders of the tree that it runs as roots: where a source leads, else where the file itself is."""
        found: set[str] = set()
        for folder, path in self._units.items():
            file = self._files[path]
            source = _source(file) if file else None
            text, is_whole = _written(source.value) if source else (".", True)
            if not is_whole:
                tail = posixpath.normpath(f"/{text}").strip("/")
                found.update(each for each in self._folders if tail and f"/{each}".endswith(f"/{tail}"))
            elif text.startswith((".", "/")):
                found.add(posixpath.normpath(posixpath.join(folder, text.replace("//", "/"))))
        return frozenset(found)

    @cached_property
    def _units(self) -> dict[str, str]:
        """The files that say what is run, by their folders."""
        return {path.rpartition("/")[0] or ".": path for path in self._files if path.endswith(FILES)}

    def elsewhere(self) -> Iterator[Elsewhere]:
        """The modules that are run and are not in the tree."""
        units = self._units
        for folder, path in units.items():
            file = self._files[path]
            source = _source(file) if file else None
            if file and source:
                yield from self._run(folder, file, source)
            elif folder not in self._folders and (file is None or _includes(file)) and not _is_above(folder, units):
                yield Elsewhere("", Location(file=path), ANYTHING)

    def _run(self, folder: str, file: SourceFile, source: Attribute) -> Iterator[Elsewhere]:
        text, is_whole = _written(source.value)
        place = file.location(source.at, source.end)
        if not is_whole:
            tail = posixpath.normpath(f"/{text}").strip("/")
            if not tail or not any(f"/{each}".endswith(f"/{tail}") for each in self._folders):
                yield Elsewhere("", place, ANYTHING)
        elif text.startswith((".", "/")):
            if posixpath.normpath(posixpath.join(folder, text.replace("//", "/"))) not in self._folders:
                yield Elsewhere(text, place, ANYTHING)
        else:
            found = _REGISTRY.match(text)
            name, version = (found[1], found[2] or "") if found else (text, "")
            yield Elsewhere(text, place, what_it_makes(name, version))


def _parsed(tree: Tree, paths: list[str]) -> Iterator[tuple[str, SourceFile | None]]:
    for path in paths:
        try:
            yield path, parse_file(tree.read(path), path)
        except (SyntaxProblem, Unreadable):
            yield path, None


def _keys(inputs: Node) -> list[str] | None:
    if not isinstance(inputs, Object):
        return None
    keys = [key.value if isinstance(key, Literal) else None for key, _ in inputs.items]
    return [str(key) for key in keys] if None not in keys else None


def _backend(state: Body) -> dict[str, Value]:
    """What a block `remote_state` says. Of a text that is worked out it is known that it is there."""
    kind, config = state.attributes.get("backend"), state.attributes.get("config")
    if kind is None or config is None or not isinstance(kind.value, Literal) or not isinstance(config.value, Object):
        return {}
    settings = {str(key.value): _setting(node) for key, node in config.value.items if isinstance(key, Literal)}
    return {"backend": kind.value.value, "backend_settings": settings}


def _setting(node: Node) -> Value:
    if isinstance(node, Literal):
        return node.value
    return "${…}" if isinstance(node, Template) else _WORKED_OUT


def _source(file: SourceFile) -> Attribute | None:
    blocks = (block for block in file.body.blocks if block.type in ("terraform", "unit", "stack"))
    return next((found for block in blocks if (found := block.body.attributes.get("source"))), None)


def _includes(file: SourceFile) -> bool:
    return any(block.type == "include" for block in file.body.blocks)


def _is_above(folder: str, others: Mapping[str, str]) -> bool:
    """Whether others lie below it, which include it."""
    start = "" if folder == "." else f"{folder}/"
    return any(other != folder and other.startswith(start) for other in others)


def _written(source: Node) -> tuple[str, bool]:
    """The text of a source, or how it ends where a part of it is worked out; and whether it is the whole text."""
    if isinstance(source, Literal):
        return str(source.value), True
    if isinstance(source, Template):
        last = source.parts[-1]
        return (last, False) if isinstance(last, str) else ("", False)
    return "", False
