"""XML as a stream of elements, without document types: no entity is ever declared, expanded or fetched."""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat

from msgspec import Struct

from infraguard.model.errors import SyntaxProblem

#: Elements inside each other; result files need a dozen.
MAX_DEPTH = 100


class Element(Struct, frozen=True):
    """The start of an element: its name without namespace prefix, its attributes, the names around it, its line."""

    name: str
    attributes: dict[str, str]
    parents: tuple[str, ...]
    line: int


def each_element(content: bytes, file: str, visit: Callable[[Element], None]) -> None:
    """Calls `visit` at the start of every element, in document order.

    Raises `SyntaxProblem` for what is not well-formed, and for any entity declaration: the ways XML has to grow without
    bound or to read other files all start with one. A document type that declares nothing, as Cobertura's, passes.
    """
    parser = expat.ParserCreate()
    stack: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(stack) >= MAX_DEPTH:
            raise SyntaxProblem("nested too deeply", file=file, line=parser.CurrentLineNumber)
        name = name.rpartition(":")[2]
        visit(Element(name, attributes, tuple(stack), parser.CurrentLineNumber))
        stack.append(name)

    def declared(*_: object) -> None:
        raise SyntaxProblem("declares entities, which are never expanded", file=file, line=parser.CurrentLineNumber)

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: stack.pop()
    parser.EntityDeclHandler = declared
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        why = expat.ErrorString(error.code)
        raise SyntaxProblem(f"not XML: {why}", file=file, line=error.lineno, column=error.offset + 1) from error
