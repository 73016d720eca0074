"""Terraform's JSON form, as the same tree that native syntax gives.

JSON is nearly a part of HCL's expressions, so the expression parser reads it, with the places of all values and with
the templates in its strings. Without the provider's schema, an object inside a resource is taken for an argument.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NoReturn, TypeAlias

from msgspec.structs import replace

from infraguard.model.errors import SyntaxProblem
from infraguard.terraform.syntax.nodes import Attribute, Block, Body, Literal, Node, Object, SourceFile, Tuple
from infraguard.terraform.syntax.parser import Parser

#: How many labels the blocks of the top level have.
_LABELS = {
    "resource": 2,
    "data": 2,
    "ephemeral": 2,
    "module": 1,
    "variable": 1,
    "output": 1,
    "provider": 1,
    "locals": 0,
    "terraform": 0,
}
#: Objects inside a resource or module that are blocks in native syntax, whatever the provider.
_NESTED = frozenset({"lifecycle", "dynamic", "provisioner", "connection"})
#: Refuses the file for a reason at an offset.
Fail: TypeAlias = Callable[[str, int], NoReturn]


def parse_json_file(text: str, path: str) -> SourceFile:
    """The tree of a `.tf.json` or `.tfvars.json` file. Raises `SyntaxProblem` at the place of the first error."""
    is_tfvars = path.endswith(".tfvars.json")
    parser = Parser(text, path, json=True, literal=is_tfvars)
    node = parser.whole_expression()
    if not isinstance(node, Object):
        parser.fail('expected an object, "{"', node.at)
    if is_tfvars:
        return SourceFile(path, text, Body(_attributes(node), ()))
    blocks = tuple(block for name, value in _items(node) for block in _top_level(name, value, parser))
    return SourceFile(path, text, Body({}, blocks))


def _top_level(name: str, value: Node, parser: Parser) -> Iterator[Block]:
    if name.startswith("//"):
        return
    labels = _LABELS.get(name)
    if labels is None:
        yield from _blocks(name, value, parser.fail)
        return
    for path, at, body in _labelled(value, labels, parser.fail):
        inner = _body(body, parser.fail)
        yield Block(at, name, path, _with_literal_default(inner, parser) if name == "variable" else inner, body.at)


def _with_literal_default(body: Body, parser: Parser) -> Body:
    """A variable with its default as it is written: nothing in it is evaluated."""
    default = body.attributes.get("default")
    if default is None or ("$" not in parser.text and "%" not in parser.text):
        return body
    again = Parser(parser.text, parser.path, json=True, literal=True)
    again.position = default.value.at
    again.advance()
    attribute = replace(default, value=again.expression())
    return Body({**body.attributes, "default": attribute}, body.blocks)


def body_of(node: Object) -> Body:
    """What an object stands for that is a block inside of a resource: `dynamic` blocks, and arguments for the rest."""
    attributes = _attributes(node)
    dynamic = attributes.get("dynamic")
    try:
        blocks = tuple(_blocks("dynamic", dynamic.value, _fail)) if dynamic else ()
    except SyntaxProblem:
        return Body(attributes, ())
    return Body({name: each for name, each in attributes.items() if name != "dynamic"}, blocks)


def _fail(why: str, at: int) -> NoReturn:
    raise SyntaxProblem(why, file="", column=at)


def _labelled(value: Node, depth: int, fail: Fail) -> Iterator[tuple[tuple[str, ...], int, Object]]:
    """The objects under so many levels of labels, with their labels and where the last of these stands."""
    for each in value.items if isinstance(value, Tuple) else (value,):
        if not isinstance(each, Object):
            fail('expected an object, "{"', each.at)
        if depth == 0:
            yield (), each.at, each
            continue
        for key_node, inner in each.items:
            for path, at, body in _labelled(inner, depth - 1, fail):
                yield (_text(key_node), *path), at if path else key_node.at, body


def _body(node: Object, fail: Fail) -> Body:
    blocks = [block for name, value in _items(node) if name in _NESTED for block in _blocks(name, value, fail)]
    return Body({name: each for name, each in _attributes(node).items() if name not in _NESTED}, tuple(blocks))


def _blocks(name: str, value: Node, fail: Fail) -> Iterator[Block]:
    """Nested blocks of one type: an object, or a list of objects; those of `dynamic` have a label."""
    for labels, at, body in _labelled(value, 1 if name in ("dynamic", "provisioner") else 0, fail):
        content = [
            Block(inner.at, "content", (), _body(inner, fail), inner.at)
            for key, inner in _items(body)
            if name == "dynamic" and key == "content" and isinstance(inner, Object)
        ]
        yield Block(at, name, labels, Body(_attributes(body), tuple(content)), body.at)


def _attributes(node: Object) -> dict[str, Attribute]:
    return {
        _text(key): Attribute(key.at, _text(key), value, value.at)
        for key, value in node.items
        if not _text(key).startswith("//")
    }


def _items(node: Object) -> Iterator[tuple[str, Node]]:
    for key, value in node.items:
        yield _text(key), value


def _text(key: Node) -> str:
    return str(key.value) if isinstance(key, Literal) else ""
