"""YAML with places, in which every scalar stays what a person wrote.

`yaml.load` turns the key `on:` of a workflow into True and loses lines. This reader composes nodes and converts them
itself: YAML 1.2 core booleans only, merge keys resolved, aliases shared, places beside the data by dotted path.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml
from msgspec import Struct

from infraguard.model.errors import RepeatedKey, SyntaxProblem
from infraguard.model.values import Location
from infraguard.readers.patterns import pattern

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = pattern(r"[-+]?[0-9]+\Z")
_OCTAL_OR_HEX = pattern(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = pattern(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
#: Nodes that aliases and merge keys may add to a stream; a "billion laughs" file stops here.
MAX_REPEATED = 50_000
MAX_DEPTH = 200
#: Longer numbers stay text: converting them takes quadratic time, and no setting needs them.
MAX_DIGITS = 100
#: A text with longer lines or more brackets has its depth measured before it is composed.
_SHALLOW = 400


class Document(Struct, frozen=True):
    """One YAML document: plain data, and the place of each value by path (`jobs.test.steps.0.run`).

    `keys` has the place of each mapping key under the same paths. Dots inside keys are kept as they are.
    """

    data: Any
    places: dict[str, Location]
    keys: dict[str, Location]

    def at(self, path: str) -> Location | None:
        """The place of a value, or of the nearest thing around it."""
        while path not in self.places:
            if not path:
                return None
            path = path.rpartition(".")[0]
        return self.places[path]


def read_documents(text: str, file: str, *, joins: bool = False) -> list[Document]:
    """All documents of a YAML stream; empty ones are left out. Raises `SyntaxProblem` at the place of the error.

    `joins` takes a key that stands twice for one, where neither of its values hides the other.
    """
    try:
        if _may_be_deep(text):
            _check_depth(text, file)
        nodes = list(yaml.compose_all(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise SyntaxProblem(
            _words(error),
            file=file,
            line=mark.line + 1 if mark else 0,
            column=mark.column + 1 if mark else 0,
            hint="YAML allows no tabs for indentation" if mark and _starts_with_tab(text, mark.line) else "",
        ) from error
    except yaml.YAMLError as error:
        raise SyntaxProblem(f"not YAML: {str(error).splitlines()[0]}", file=file, line=1) from error
    except RecursionError as error:
        raise SyntaxProblem("nested too deeply", file=file, line=1) from error
    converter = _Converter(file, joins=joins)
    return [converter.document(node) for node in nodes]


def read_document(text: str, file: str, *, joins: bool = False) -> Document:
    """The only document of a file; an empty file gives None as data. Raises `SyntaxProblem`."""
    documents = read_documents(text, file, joins=joins)
    if len(documents) > 1:
        raise SyntaxProblem("one document was expected, and there are several", file=file, line=1)
    return documents[0] if documents else Document(None, {}, {})


def _may_be_deep(text: str) -> bool:
    """Whether depth could pass what is safe to compose: blocks nest by columns, and flows by brackets."""
    return text.count("[") + text.count("{") > _SHALLOW or max(map(len, text.splitlines()), default=0) > _SHALLOW


def _check_depth(text: str, file: str) -> None:
    """Raises `SyntaxProblem` for what is nested too deeply: composing it would overflow the C stack."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise SyntaxProblem("nested too deeply", file=file, line=text.count("\n", 0, _index(event)) + 1)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _index(event: yaml.Event) -> int:
    return event.start_mark.index if event.start_mark else 0


def _joined(pairs: list[tuple[yaml.Node, yaml.Node]]) -> list[tuple[yaml.Node, yaml.Node]]:
    """The pairs of a mapping, those of one key made one where both are mappings, or the same plain value."""
    found: list[tuple[yaml.Node, yaml.Node]] = []
    known: dict[str, int] = {}
    for key, value in pairs:
        name = key.value if isinstance(key, yaml.ScalarNode) and key.value != "<<" else None
        index = known.get(name) if name is not None else None
        other = found[index][1] if index is not None else None
        if index is not None and isinstance(value, yaml.MappingNode) and isinstance(other, yaml.MappingNode):
            both = yaml.MappingNode(other.tag, [*other.value, *value.value], other.start_mark, value.end_mark)
            found[index] = (found[index][0], both)
        elif not (isinstance(value, yaml.ScalarNode) and isinstance(other, yaml.ScalarNode) and _same(value, other)):
            if name is not None:
                known.setdefault(name, len(found))
            found.append((key, value))
    return found


def _same(one: yaml.ScalarNode, other: yaml.ScalarNode) -> bool:
    return bool(one.value == other.value and one.tag == other.tag)


class _Converter:
    """Turns the nodes of one stream into data and places, and counts what is expanded more than once."""

    def __init__(self, file: str, *, joins: bool) -> None:
        self._file = file
        self._joins = joins
        self._places: dict[str, Location] = {}
        self._keys: dict[str, Location] = {}
        self._seen: set[int] = set()
        self._repeated = 0

    def document(self, node: yaml.Node) -> Document:
        self._places, self._keys = {}, {}
        return Document(self._convert(node, "", 0), self._places, self._keys)

    def _count(self, node: yaml.Node, depth: int) -> None:
        if id(node) in self._seen:
            self._repeated += 1
        self._seen.add(id(node))
        if depth > MAX_DEPTH or self._repeated > MAX_REPEATED:
            raise self._problem(node, "expands to too much: aliases or nesting beyond the bound")

    def _convert(self, node: yaml.Node, path: str, depth: int) -> Any:
        self._count(node, depth)
        self._places[path] = self._location(node)
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        prefix = f"{path}." if path else ""
        if isinstance(node, yaml.SequenceNode):
            return [self._convert(item, f"{prefix}{index}", depth + 1) for index, item in enumerate(node.value)]
        result: dict[str, Any] = {}
        for key_node, value_node in self._pairs(node, depth):
            key = key_node.value
            self._keys[f"{prefix}{key}"] = self._location(key_node)
            result[key] = self._convert(value_node, f"{prefix}{key}", depth + 1)
        return result

    def _pairs(self, node: yaml.Node, depth: int) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
        """The pairs of a mapping: its own first, then those of merge keys that it does not override."""
        seen: set[str] = set()
        merged: list[yaml.Node] = []
        for key, value in _joined(node.value) if self._joins else node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self._problem(key, "a mapping key must be a plain value")
            if key.value == "<<" and not key.style:
                merged.extend(value.value if isinstance(value, yaml.SequenceNode) else [value])
            elif key.value in seen:
                raise self._problem(key, f"the key {key.value!r} stands twice", RepeatedKey)
            else:
                seen.add(key.value)
                yield key, value
        for source in merged:
            if not isinstance(source, yaml.MappingNode):
                raise self._problem(source, "a merge key must name a mapping")
            self._count(source, depth + 1)
            for key, value in self._pairs(source, depth + 1):
                if key.value not in seen:
                    seen.add(key.value)
                    yield key, value

    def _location(self, node: yaml.Node) -> Location:
        start, end = node.start_mark, node.end_mark
        end_line = end.line if end.column == 0 and end.line > start.line else end.line + 1
        return Location(file=self._file, line=start.line + 1, column=start.column + 1, end_line=end_line)

    def _problem(self, node: yaml.Node, why: str, kind: type[SyntaxProblem] = SyntaxProblem) -> SyntaxProblem:
        mark = node.start_mark
        return kind(why, file=self._file, line=mark.line + 1, column=mark.column + 1)


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    if node.style:  # quoted or a block; the C loader gives "" for plain, the Python one None
        return text
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE"):
        return True
    if text in ("false", "False", "FALSE"):
        return False
    if _INT.match(text):
        return int(text) if len(text) <= MAX_DIGITS else text
    if _OCTAL_OR_HEX.match(text) and len(text) <= MAX_DIGITS:
        return int(text, 0)
    return float(text) if _FLOAT.match(text) and len(text) <= MAX_DIGITS else text


def _starts_with_tab(text: str, index: int) -> bool:
    line = "".join(text.splitlines()[index : index + 1])
    return "\t" in line[: len(line) - len(line.lstrip())]


def _words(error: yaml.MarkedYAMLError) -> str:
    return " ".join(part for part in (error.problem, error.context) if part) or "not YAML"
