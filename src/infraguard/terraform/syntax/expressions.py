"""Expressions, by recursive descent. Operators of equal strength bind to the left."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from infraguard.terraform.evaluation.numbers import from_text
from infraguard.terraform.syntax.constructors import Constructors
from infraguard.terraform.syntax.escaped import literal
from infraguard.terraform.syntax.nodes import (
    Access,
    Binary,
    Conditional,
    For,
    Literal,
    Node,
    Splat,
    Step,
    Traversal,
    Unary,
)
from infraguard.terraform.syntax.templates import unescape

#: How strongly each operator binds.
_STRENGTH = {
    "||": 1,
    "&&": 2,
    "==": 3,
    "!=": 3,
    "<": 4,
    ">": 4,
    "<=": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "%": 6,
}
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
#: Tokens after which an operand may go on.
_POSTFIX = frozenset({".", "["})
#: Numbers of more digits are refused: converting them takes quadratic time, and doubles end there.
MAX_DIGITS = 300


#: Operators or splats in a row. Each is a level of the tree, and deep trees end in the interpreter's own stack.
MAX_CHAIN = 250
#: What an item is called in the loop that a splat within a splat is: no name that a file can have.
_ITEM = "*"


class Expressions(Constructors):
    """Reads expressions; the cursor stands on their first token, and afterwards on the one behind them."""

    __slots__ = ()

    def expression(self) -> Node:
        node = self._operand()
        if self.kind in _STRENGTH:
            node = self._operation(node, 1)
        if self.kind == "?":
            node = self._conditional(node)
        return node

    def _operation(self, left: Node, weakest: int) -> Node:
        """`left` with the operators after it that bind at least as strongly as `weakest`."""
        length = 0
        while (strength := _STRENGTH.get(self.kind, 0)) >= weakest:
            length += 1
            if length > MAX_CHAIN:
                self.refuse(f"more than {MAX_CHAIN} operators in one expression")
            operator = self.kind
            self.advance()
            right = self._operand()
            while _STRENGTH.get(self.kind, 0) > strength:
                right = self._operation(right, strength + 1)
            left = Binary(left.at, operator, left, right)
        return left

    def _conditional(self, condition: Node) -> Node:
        outer = self.enter()
        self.advance()
        then = self.expression()
        if self.kind != ":":
            self.fail(f'expected ":" and what a false condition gives, found {self.found()}')
        self.advance()
        otherwise = self.expression()
        self.leave(outer)
        return Conditional(condition.at, condition, then, otherwise)

    def _operand(self) -> Node:
        """A value with what stands before it (`!`, `-`) and after it (`.name`, `[index]`)."""
        kind, at = self.kind, self.start
        if kind == "NAME":
            return self._named(at)
        if kind == "STRING":
            text = literal(self.value) if self.literal else unescape(self.value[1:-1])
            node: Node = Literal(at, text)
            self.advance()
        elif kind == "NUMBER":
            node = self._number(at)
        elif kind in ("!", "-"):
            outer = self.enter()
            self.advance()
            node = Unary(at, kind, self._operand())
            self.leave(outer)
            return node
        else:
            node = self._bracketed(kind, at)
        return self._postfix(node) if self.kind in _POSTFIX else node

    def _bracketed(self, kind: str, at: int) -> Node:
        if kind == "QUOTE":
            return self.quoted_template()
        if kind == "HEREDOC":
            return self.heredoc()
        if kind == "[":
            return self.brackets(at)
        if kind == "{":
            return self.braces(at)
        if kind == "(":
            outer = self.enter(by_line=False)
            self.advance()
            node = self.expression()
            self.leave(outer)
            self.expect(")", "to close the parenthesis")
            return replace(node, at=at)
        return self.fail(f"expected a value, found {self.found()}")

    def _number(self, at: int) -> Node:
        text = self.value
        if len(text) > MAX_DIGITS:
            self.refuse("a number of too many digits")
        following = self.text[self.position : self.position + 2]
        if following[:1].isalnum() or following[:1] == "_" or (following[:1] == "." and following[1:].isdigit()):
            self.fail(f"invalid number: expected its end after {text}, found {following[:1]!r}")
        self.advance()
        if text.isdigit():
            return Literal(at, int(text))
        if abs(Decimal(text).adjusted()) > MAX_DIGITS:
            self.refuse("a number of too many digits", at)
        return Literal(at, from_text(text))

    def _named(self, at: int) -> Node:
        name = self.value
        self.advance()
        if self.kind == "(" and "." not in name:
            node = self.call(name, at)
            return self._postfix(node) if self.kind in _POSTFIX else node
        if "::" in name:
            self.fail(f'expected "(" after the function {name}, found {self.found()}')
        node = self.named(at, name)
        return self._postfix(node) if self.kind in _POSTFIX else node

    def named(self, at: int, name: str) -> Node:
        """What a name stands for, with the names behind its dots."""
        if "." not in name:
            return Literal(at, _CONSTANTS[name]) if name in _CONSTANTS else Traversal(at, name, ())
        root, *rest = name.split(".")
        steps = tuple(map(self._after_dot, rest))
        return Access(at, Literal(at, _CONSTANTS[root]), steps) if root in _CONSTANTS else Traversal(at, root, steps)

    def _postfix(self, node: Node, splats: int = 0) -> Node:
        """The node with every `.name`, `[index]` and splat after it; `splats` is how many it is within."""
        while self.kind in _POSTFIX:
            steps: list[Step] = []
            splat = self._steps(steps)
            if isinstance(node, Traversal):
                node = Traversal(node.at, node.root, (*node.steps, *steps)) if steps else node
            elif steps:
                node = Access(node.at, node, tuple(steps))
            if splat:
                splats += 1
                node = self._splat(node, splat, splats)
        return node

    def _splat(self, node: Node, splat: str, splats: int) -> Node:
        """The items of a node, with all that follows `[*]` done to each, and of `.*` what is written with dots.

        A splat that follows `[*]` is within each item, as if it stood in a loop over them.
        """
        if splats > MAX_CHAIN:
            self.refuse(f"more than {MAX_CHAIN} splats in one expression")
        each: list[Step] = []
        following = self._steps(each, indexes=splat == "[")
        items = Splat(node.at, node, tuple(each))
        if not following:
            return items
        if splat == ".":
            self.fail("a splat within a splat that is written with dots is not valid")
        item = self._splat(Traversal(node.at, _ITEM, ()), following, splats + 1)
        return For(node.at, _ITEM, "", items, None, self._postfix(item, splats + 1), None, groups=False)

    def _steps(self, steps: list[Step], *, indexes: bool = True) -> str:
        """Collects steps up to their end or to a splat; gives the bracket or dot that the splat was written with."""
        while self.kind == "." or (self.kind == "[" and indexes):
            opening = self.kind
            outer = self.enter(by_line=False) if opening == "[" else None
            self.advance()
            if self.kind == "*":
                if outer:
                    self.leave(outer)
                    self.advance()
                    self.expect("]", "to close the splat")
                else:
                    self.advance()
                return opening
            if outer:
                index = self.expression()
                self.leave(outer)
                self.expect("]", "to close the index")
                steps.append(_step(index))
            else:
                self._attribute_steps(steps)
        return ""

    def _attribute_steps(self, steps: list[Step]) -> None:
        if self.kind == "NAME" and "::" not in self.value:
            steps.extend(map(self._after_dot, self.value.split(".")))
        elif self.kind == "NUMBER" and self.value.isdigit():
            steps.append(self._after_dot(self.value))
        else:
            self.fail(f"expected the name of an attribute after the dot, found {self.found()}")
        self.advance()

    def _after_dot(self, text: str) -> str | int:
        """What stands behind a dot: a name, or in the old form an index."""
        if text[0] not in "0123456789":
            return text
        if len(text) > MAX_DIGITS:
            self.refuse("a number of too many digits")
        return int(text)


def _step(index: Node) -> Step:
    """A literal index as itself, so that later stages can follow it without evaluating."""
    if isinstance(index, Literal) and isinstance(index.value, (str, int)) and not isinstance(index.value, bool):
        return index.value
    return index
