"""Files and bodies: arguments and blocks, each on lines of its own."""

from __future__ import annotations

import re
from typing import NoReturn

from infraguard.terraform.syntax.cursor import PLAIN_VALUE, is_simple
from infraguard.terraform.syntax.expressions import Expressions
from infraguard.terraform.syntax.nodes import Attribute, Block, Body, Literal, Node, SourceFile
from infraguard.terraform.syntax.templates import unescape


def parse_file(text: str, path: str) -> SourceFile:
    """The syntax tree of a `.tf` or `.tfvars` file. Raises `SyntaxProblem` at the place of the first error."""
    return SourceFile(path, text, Parser(text, path).whole_file())


def parse_expression(text: str, path: str) -> Node:
    """A text that is one expression. Raises `SyntaxProblem`."""
    return Parser(text, path).whole_expression()


def parse_template(text: str, path: str) -> Node:
    """A whole file as one template, as `templatefile` reads it. Raises `SyntaxProblem`."""
    return Parser(text, path).whole_template()


class Parser(Expressions):
    """Reads bodies."""

    __slots__ = ()

    def whole_expression(self) -> Node:
        """The whole text as one expression."""
        self.advance()
        node = self.expression()
        if self.kind != "END":
            self.fail(f"expected the end of the file, found {self.found()}")
        return node

    def whole_file(self) -> Body:
        """The whole text."""
        self.advance()
        attributes: dict[str, Attribute] = {}
        blocks: list[Block] = []
        while self.kind != "END":
            if self.kind != "NEWLINE":
                self._item(attributes, blocks)
            else:
                self.advance()
        return Body(attributes, tuple(blocks))

    def _item(self, attributes: dict[str, Attribute], blocks: list[Block]) -> None:
        """One argument or block, and the end of its line."""
        at, name = self.start, self.value
        if self.kind != "NAME" or not is_simple(name):
            self._fail_without_name()
        plain = PLAIN_VALUE.match(self.text, self.position)
        if plain and name not in attributes:
            attributes[name] = self._plain_argument(at, name, plain)
            return
        self.advance()
        if self.kind == "=":
            if name in attributes:
                self.fail(f"the argument {name} is set twice in the same block", at)
            attributes[name] = self._attribute(at, name)
        else:
            blocks.append(self._block(at, name))
        if self.kind == "NEWLINE":
            self.advance()
        elif self.kind != "END":
            what = f"the argument {name}" if name in attributes else f"the block {name}"
            self.fail(f"expected the end of the line after {what}, found {self.found()}")

    def _plain_argument(self, at: int, name: str, found: re.Match[str]) -> Attribute:
        """An argument whose value is one plain token; the cursor ends behind its line."""
        if found["NAME"]:
            value = self.named(found.start("NAME"), found["NAME"])
        elif found["STRING"]:
            value = Literal(found.start("STRING"), unescape(found["STRING"][1:-1]))
        else:
            value = Literal(found.start("NUMBER"), int(found["NUMBER"]))
        self.position = found.end()
        self.advance()
        return Attribute(at, name, value, found.start("NEWLINE"))

    def _attribute(self, at: int, name: str) -> Attribute:
        self.advance()
        value = self.expression()
        return Attribute(at, name, value, self.start)

    def _block(self, at: int, block_type: str) -> Block:
        labels: list[str] = []
        while self.kind == "STRING" or (self.kind == "NAME" and is_simple(self.value)):
            labels.append(unescape(self.value[1:-1]) if self.kind == "STRING" else self.value)
            self.advance()
        if self.kind != "{":
            self.fail(
                f'expected "=" to make {block_type} an argument, or "{{" on the same line to open a block, '
                f"found {self.found()}"
            )
        opened = self.start
        outer = self.enter(by_line=True)
        self.advance()
        body = self._body(opened, block_type)
        end = self.start
        self.leave(outer)
        self.advance()
        return Block(at, block_type, tuple(labels), body, end)

    def _body(self, opened: int, block_type: str) -> Body:
        """What stands between braces; the cursor ends on the closing one."""
        attributes: dict[str, Attribute] = {}
        blocks: list[Block] = []
        if self.kind == "NEWLINE":
            self.advance()
            while self.kind != "}":
                if self.kind == "END":
                    self._fail_unclosed(opened, block_type)
                self._item(attributes, blocks)
        elif self.kind != "}":
            self._single_line(attributes, opened, block_type)
        return Body(attributes, tuple(blocks))

    def _single_line(self, attributes: dict[str, Attribute], opened: int, block_type: str) -> None:
        """`{ name = value }`: one argument at most, and the brace on the same line."""
        at, name = self.start, self.value
        if self.kind == "END":
            self._fail_unclosed(opened, block_type)
        if self.kind != "NAME" or not is_simple(name):
            self._fail_without_name()
        self.advance()
        if self.kind != "=":
            self.fail(f'expected "=" after {name}: a block on one line holds one argument, found {self.found()}')
        attributes[name] = self._attribute(at, name)
        if self.kind != "}":
            self.fail(f'expected "}}" on the same line to close the block {block_type}, found {self.found()}')

    def _fail_unclosed(self, opened: int, block_type: str) -> NoReturn:
        self.fail(f'the block {block_type} is never closed: expected "}}" before the end of the file', opened)

    def _fail_without_name(self) -> NoReturn:
        if self.kind in ("STRING", "QUOTE"):
            self.fail(f"expected the name of an argument or a block without quotes, found {self.found()}")
        self.fail(f"expected the name of an argument or a block, found {self.found()}")
