"""Walking a YAML document with its places at hand, so that every complaint has file, line and column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from infraguard.model.errors import PolicyError, SyntaxProblem
from infraguard.model.nearest import nearest
from infraguard.model.policy import At
from infraguard.readers.yaml import Document, read_document


class Cursor:
    """One value of a document and its path."""

    __slots__ = ("data", "document", "file", "path")

    def __init__(self, document: Document, file: str, path: str = "", data: Any = None) -> None:
        self.document = document
        self.file = file
        self.path = path
        self.data = document.data if not path else data

    @classmethod
    def of(cls, text: str, file: str) -> Cursor:
        """The whole of a YAML document. Raises `PolicyError` where it does not parse."""
        try:
            return cls(read_document(text, file), file)
        except SyntaxProblem as error:
            raise PolicyError(error.why, file=file, line=error.line, column=error.column, hint=error.hint) from error

    @property
    def at(self) -> At:
        """Where the value stands."""
        place = self.document.at(self.path)
        return At(self.file, place.line, place.column) if place else At(self.file)

    def fail(self, why: str, hint: str = "") -> NoReturn:
        """Raise a `PolicyError` at this value."""
        at = self.at
        raise PolicyError(why, file=at.file, line=at.line, column=at.column, hint=hint)

    def fail_key(self, key: str, why: str, hint: str = "") -> NoReturn:
        """Raise a `PolicyError` at one key of this mapping."""
        place = self.document.keys.get(self._join(key))
        at = At(self.file, place.line, place.column) if place else self.at
        raise PolicyError(why, file=at.file, line=at.line, column=at.column, hint=hint)

    def get(self, key: str) -> Cursor | None:
        """The value of a key of this mapping, if it is there."""
        if key not in self.data:
            return None
        return Cursor(self.document, self.file, self._join(key), self.data[key])

    def need(self, key: str) -> Cursor:
        """The value of a key that must be there."""
        found = self.get(key)
        if found is None:
            self.fail(f"{key!r} is missing")
        return found

    def mapping(self, allowed: Iterable[str] | None = None) -> Cursor:
        """This value, which must be a mapping with no key but the allowed ones."""
        if not isinstance(self.data, dict):
            self.fail("a mapping of keys and values is expected here")
        if allowed is not None:
            names = set(allowed)
            for key in self.data:
                if key not in names:
                    self.fail_key(
                        key, f"unknown key {key!r}", nearest(key, names) or f"known: {', '.join(sorted(names))}"
                    )
        return self

    def items(self) -> Iterator[tuple[str, Cursor]]:
        """The pairs of this mapping."""
        for key in self.data:
            yield key, Cursor(self.document, self.file, self._join(key), self.data[key])

    def sequence(self) -> list[Cursor]:
        """The items of this value, which must be a list."""
        if not isinstance(self.data, list):
            self.fail("a list is expected here")
        return [Cursor(self.document, self.file, self._join(str(index)), item) for index, item in enumerate(self.data)]

    def filled_sequence(self) -> list[Cursor]:
        """The items of this value, which must be a list of at least one."""
        items = self.sequence()
        if not items:
            self.fail("the list is empty, and means nothing so")
        return items

    def text(self) -> str:
        """This value, which must be text that is not empty."""
        if not isinstance(self.data, str) or not self.data.strip():
            self.fail("text is expected here")
        return self.data.strip()

    def texts(self) -> tuple[str, ...]:
        """One text, or a list of at least one."""
        items = self.filled_sequence() if isinstance(self.data, list) else [self]
        return tuple(item.text() for item in items)

    def choice(self, choices: Iterable[str]) -> str:
        """This value, which must be one of a few words."""
        known = [str(choice) for choice in choices]
        if self.data not in known:
            self.fail(f"{self.data!r} is not one of {', '.join(known)}", nearest(str(self.data), known))
        return str(self.data)

    def _join(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key
