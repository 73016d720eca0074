"""What HCL text becomes: bodies of attributes and blocks, and expressions.

Every node knows the offset in the text where it starts; `SourceFile.location` turns offsets into lines and columns.
Nodes are frozen and not tracked by the garbage collector, which is most of what makes parsing fast.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from msgspec import Struct, field

from infraguard.model.values import Location


class Node(Struct, frozen=True, gc=False):
    """An expression; `at` is the offset of its first character."""

    at: int


#: One step into a value: an attribute name or literal key, a literal index, or an expression in brackets.
Step = str | int | Node


class Literal(Node, frozen=True, gc=False):
    """A string without interpolation, a number, a boolean or null."""

    value: Any


class Traversal(Node, frozen=True, gc=False):
    """A name and the steps after it: `var.sizes[count.index].disk`."""

    root: str
    steps: tuple[Step, ...]


class Access(Node, frozen=True, gc=False):
    """Steps into the value of another expression: `merge(a, b).key`."""

    source: Node
    steps: tuple[Step, ...]


class Splat(Node, frozen=True, gc=False):
    """The same steps into each item of a list: `aws_subnet.private[*].id`."""

    source: Node
    steps: tuple[Step, ...]


class Unary(Node, frozen=True, gc=False):
    """`!` or `-` before a value."""

    operator: str
    operand: Node


class Binary(Node, frozen=True, gc=False):
    """Two values with an operator between them."""

    operator: str
    left: Node
    right: Node


class Conditional(Node, frozen=True, gc=False):
    """`condition ? then : otherwise`."""

    condition: Node
    then: Node
    otherwise: Node


class Call(Node, frozen=True, gc=False):
    """A function call; with `expands`, the last argument is a list that stands for several arguments."""

    name: str
    arguments: tuple[Node, ...]
    expands: bool


class Tuple(Node, frozen=True, gc=False):
    """`[a, b]`."""

    items: tuple[Node, ...]


class Object(Node, frozen=True, gc=False):
    """`{ key = value }`, in the order written. Bare words as keys are literals."""

    items: tuple[tuple[Node, Node], ...]


class For(Node, frozen=True, gc=False):
    """A `for` expression. `key` is None for a list; `groups` collects the values of equal keys."""

    first: str
    second: str
    collection: Node
    key: Node | None
    value: Node
    condition: Node | None
    groups: bool


class Template(Node, frozen=True, gc=False):
    """Text with interpolations and directives, evaluated to one string."""

    parts: tuple[str | Node, ...]


class TemplateIf(Node, frozen=True, gc=False):
    """`%{ if condition }…%{ else }…%{ endif }` inside a template."""

    condition: Node
    then: tuple[str | Node, ...]
    otherwise: tuple[str | Node, ...]


class TemplateFor(Node, frozen=True, gc=False):
    """`%{ for first, second in collection }…%{ endfor }` inside a template."""

    first: str
    second: str
    collection: Node
    parts: tuple[str | Node, ...]


class Broken(Node, frozen=True, gc=False):
    """What an argument is given, where Terraform cannot read it. `why` says what is wrong, and where."""

    why: str


_COMPOSED: tuple[type[Node], ...] = (
    *(Traversal, Access, Splat, Unary, Binary, Conditional, Call, Tuple, Object, For),
    *(Template, TemplateIf, TemplateFor),
)
#: The fields in which a node may have others, by its type.
_INSIDE: dict[type[Node], tuple[str, ...]] = {
    kind: tuple(name for name in kind.__struct_fields__ if name not in {"at", "root", "operator", "name", "expands"})
    for kind in _COMPOSED
}


def nodes_in(expression: Node) -> Iterator[Node]:
    """An expression and all that it is made of, but for literals."""
    waiting: list[Any] = [expression]
    while waiting:
        each = waiting.pop()
        kind = type(each)
        if kind is tuple:
            waiting += each
        elif kind in _INSIDE:
            yield each
            for name in _INSIDE[kind]:
                waiting.append(getattr(each, name))


class Attribute(Struct, frozen=True, gc=False):
    """`name = value`; `at` is where the name starts, `end` where the value ends."""

    at: int
    name: str
    value: Node
    end: int


class Body(Struct, frozen=True, gc=False):
    """What stands between braces, or in a whole file."""

    attributes: dict[str, Attribute]
    blocks: tuple[Block, ...]


class Block(Struct, frozen=True, gc=False):
    """`type "label" { … }`; `at` is where the type starts, `end` where the closing brace stands."""

    at: int
    type: str
    labels: tuple[str, ...]
    body: Body
    end: int


class SourceFile(Struct):
    """A parsed file. Lines are only counted when the first location is asked for."""

    path: str
    text: str
    body: Body
    #: What Terraform would not read of it, each with its place; the arguments are `Broken`.
    problems: tuple[str, ...] = ()
    _starts: list[int] = field(default_factory=list)

    def location(self, start: int, end: int | None = None) -> Location:
        """The place of an offset; with `end`, up to the line of that offset."""
        starts = self._starts or self._count_lines()
        line = bisect_right(starts, start)
        end_line = line if end is None else bisect_right(starts, end)
        return Location(file=self.path, line=line, column=start - starts[line - 1] + 1, end_line=end_line)

    def _count_lines(self) -> list[int]:
        self._starts = line_starts(self.text)
        return self._starts


def line_starts(text: str) -> list[int]:
    """The offset at which each line starts."""
    return [0, *accumulate(len(line) + 1 for line in text.split("\n"))][:-1]
