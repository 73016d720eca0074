"""Files and bodies: arguments and blocks, each on lines of its own."""

from __future__ import annotations

import re
from typing import NoReturn

from infraguard.model.errors import SyntaxProblem, TooMuch
from infraguard.readers.patterns import pattern
from infraguard.terraform.syntax.cursor import PLAIN_VALUE, is_simple
from infraguard.terraform.syntax.expressions import Expressions
from infraguard.terraform.syntax.nodes import Attribute, Block, Body, Broken, Literal, Node, SourceFile
from infraguard.terraform.syntax.templates import unescape

#: Arguments of a file that may be broken; with more of them, it is refused. Each costs a count of the file's lines.
MAX_BROKEN = 20
#: Blocks in which one argument may be broken and the others count. What is said in those that are not here, the
#: settings of a root among them, is read as it is written, and not evaluated. Files of variables have arguments only.
_MAY_BREAK = frozenset({"", "resource", "data", "module", "locals", "output", "variable", "provider"})
_OPENING = ("(", "[", "{")
_CLOSING = (")", "]", "}")
#: What follows the name of an argument or a block: by it a line is told from one that goes on with an expression.
_AFTER_NAME = pattern(r"[ \t]*+(?:=(?![=>])|[{\"\w])")


def parse_file(text: str, path: str) -> SourceFile:
    """The syntax tree of a `.tf` or `.tfvars` file. Raises `SyntaxProblem` at the place of the first error."""
    return SourceFile(path, text, Parser(text, path).whole_file())


def parse_what_is_sound(text: str, path: str) -> SourceFile:
    """The same, with arguments whose values Terraform cannot read as `Broken`, where it is certain where they end."""
    parser = Parser(text, path, goes_on=True)
    body = parser.whole_file()
    return SourceFile(path, text, body, tuple(parser.problems))


def parse_expression(text: str, path: str) -> Node:
    """A text that is one expression. Raises `SyntaxProblem`."""
    return Parser(text, path).whole_expression()


def parse_template(text: str, path: str) -> Node:
    """A whole file as one template, as `templatefile` reads it. Raises `SyntaxProblem`."""
    return Parser(text, path).whole_template()


class Parser(Expressions):
    """Reads bodies. One that `goes_on` keeps what is wrong with single arguments in `problems`."""

    __slots__ = ("_goes_on", "_top", "problems")

    def __init__(
        self, text: str, path: str, *, json: bool = False, literal: bool = False, goes_on: bool = False
    ) -> None:
        super().__init__(text, path, json=json, literal=literal)
        self._goes_on = goes_on
        self._top = ""
        self.problems: list[str] = []

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
            attributes[name] = self._argument(at, name) if self._goes_on else self._line(at, name)
        else:
            blocks.append(self._block(at, name))
            self._end_of_line(f"the block {name}")

    def _end_of_line(self, what: str) -> None:
        if self.kind == "NEWLINE":
            self.advance()
        elif self.kind != "END":
            self.fail(f"expected the end of the line after {what}, found {self.found()}")

    def _line(self, at: int, name: str) -> Attribute:
        """The value of an argument, and the end of its line."""
        attribute = self._attribute(at, name)
        self._end_of_line(f"the argument {name}")
        return attribute

    def _argument(self, at: int, name: str) -> Attribute:
        """The same; a value that Terraform cannot read is `Broken`. Raises where it is not certain where it ends."""
        before = self.mark()
        start = self.position
        try:
            return self._line(at, name)
        except SyntaxProblem as problem:
            is_ours = isinstance(problem, TooMuch)  # what is beyond a bound may be valid
            if is_ours or self._top not in _MAY_BREAK or len(self.problems) >= MAX_BROKEN:
                raise
            self.back_to(before)
            end = self._behind_value(problem)
            self.problems.append(f"{problem.why} ({self.path}:{problem.line})")
            return Attribute(at, name, Broken(start, self.problems[-1]), end)

    def _behind_value(self, problem: SyntaxProblem) -> int:
        """Move behind a value that cannot be read, to the next argument or block or the brace that ends them all.

        Brackets must be closed within it. Gives where it ends; raises the problem where that cannot be told.
        """
        depth = 0
        try:
            self.advance()
            while True:
                end = self.start
                if self.kind == "NEWLINE":
                    self.advance()
                    if not depth and self._begins_another():
                        return end
                elif self.kind == "}" and self._top and not depth:
                    return end
                else:
                    depth += (self.kind in _OPENING) - (self.kind in _CLOSING)
                    is_heredoc = self.text.startswith("<<", end)  # a wrong one: where it ends nothing tells
                    if depth < 0 or self.kind == "END" or (is_heredoc and self.kind != "HEREDOC"):
                        raise problem
                    self._past_token()
        except SyntaxProblem:
            raise problem from None

    def _begins_another(self) -> bool:
        """Whether an argument or a block begins at a line's first token, or what has them ends there."""
        if self.kind in ("}", "END"):
            return (self.kind == "}") is bool(self._top)
        return self.kind == "NAME" and is_simple(self.value) and bool(_AFTER_NAME.match(self.text, self.position))

    def _past_token(self) -> None:
        if self.kind == "QUOTE":
            self.quoted_template()
        elif self.kind == "HEREDOC":
            self.heredoc()
        else:
            self.advance()

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
        if not self.depth:
            self._top = block_type
        outer = self.enter(by_line=True)
        self.advance()
        body = self._body(opened, block_type)
        end = self.start
        self.leave(outer)
        if not self.depth:
            self._top = ""
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
