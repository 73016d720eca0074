"""What stands between brackets in expressions: lists, objects, `for` expressions and the arguments of a call."""

from __future__ import annotations

from infraguard.terraform.syntax.nodes import Call, For, Literal, Node, Object, Traversal, Tuple
from infraguard.terraform.syntax.templates import Templates

#: A list or object with more items is refused.
MAX_ITEMS = 100_000


class Constructors(Templates):
    """Reads bracketed expressions; the cursor stands on the opening bracket, and afterwards behind the closing one."""

    __slots__ = ()

    def brackets(self, at: int) -> Node:
        """`[a, b]` or `[for …]`."""
        outer = self.enter(by_line=False)
        self.advance()
        if self._at_for():
            return self._for(at, "]", outer)
        items: list[Node] = []
        while self.kind != "]":
            items.append(self.expression())
            if len(items) > MAX_ITEMS:
                self.refuse(f"a list of more than {MAX_ITEMS} items")
            if self.kind == ",":
                self.advance()
            elif self.kind != "]":
                self.fail(f'missing item separator: expected "," or "]", found {self.found()}', hint=self._opened(at))
        self.leave(outer)
        self.advance()
        return Tuple(at, tuple(items))

    def call(self, name: str, at: int) -> Node:
        """The arguments of a call; the cursor stands on `(`."""
        outer = self.enter(by_line=False)
        self.advance()
        arguments: list[Node] = []
        expands = False
        while self.kind != ")":
            arguments.append(self.expression())
            if self.kind == ",":
                self.advance()
            elif self.kind == "...":
                expands = True
                self.advance()
                if self.kind != ")":
                    self.fail(f'expected ")" after "...", found {self.found()}')
            elif self.kind != ")":
                self.fail(f'missing argument separator: expected "," or ")" in {name}(), found {self.found()}')
        self.leave(outer)
        self.advance()
        return Call(at, name, tuple(arguments), expands)

    def braces(self, at: int) -> Node:
        """`{ key = value }` or `{ for … }`. Items are separated by line ends or commas."""
        outer = self.enter(by_line=True)
        self.advance()
        self._skip_lines()
        if self._at_for():
            self.leave(outer)
            return self._for(at, "}", self.enter(by_line=False))
        items: list[tuple[Node, Node]] = []
        while self.kind != "}":
            key = self._key()
            if self.kind not in ("=", ":"):
                self.fail(f'missing key/value separator: expected "=" or ":" after the key, found {self.found()}')
            self.advance()
            items.append((key, self.expression()))
            if len(items) > MAX_ITEMS:
                self.refuse(f"an object of more than {MAX_ITEMS} items")
            if self.kind == ",":
                self.advance()
                self._skip_lines()
            elif self.kind == "NEWLINE":
                self.advance()
            elif self.kind != "}":
                self._fail_in_object(at)
        self.leave(outer)
        self.advance()
        return Object(at, tuple(items))

    def _at_for(self) -> bool:
        """Whether the first word after a bracket is `for`, which makes a loop of what follows, valid or not."""
        return self.kind == "NAME" and (self.value == "for" or self.value.startswith("for."))

    def _skip_lines(self) -> None:
        while self.kind == "NEWLINE":
            self.advance()

    def _key(self) -> Node:
        at, kind, value = self.start, self.kind, self.value
        if kind == "END":
            self.fail('expected a key or "}", found the end of the file')
        node = self.expression()
        if kind == "NAME" and (isinstance(node, Literal) or (isinstance(node, Traversal) and not node.steps)):
            return Literal(at, value)
        return node

    def _for(self, at: int, closing: str, outer: object) -> Node:
        """A `for` expression; the cursor stands on the word."""
        self.advance()
        first, second = self.loop_names()
        collection = self.expression()
        self.expect(":", "after the collection of a for")
        key: Node | None = None
        value = self.expression()
        groups = False
        if closing == "}":
            self.expect("=>", "between the key and the value of a for")
            key, value = value, self.expression()
            if self.kind == "...":
                groups = True
                self.advance()
        condition = None
        if self.kind == "NAME" and self.value == "if":
            self.advance()
            condition = self.expression()
        if self.kind != closing:
            self.fail(f'expected "{closing}" to close the for, found {self.found()}')
        self.leave(outer)
        self.advance()
        return For(at, first, second, collection, key, value, condition, groups)

    def _opened(self, at: int) -> str:
        return f"the bracket was opened on line {self.text.count(chr(10), 0, at) + 1}"

    def _fail_in_object(self, at: int) -> None:
        why = f'missing item separator: expected the end of the line, "," or "}}", found {self.found()}'
        self.fail(why, hint=self._opened(at))
