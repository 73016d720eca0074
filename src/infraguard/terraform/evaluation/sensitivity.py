"""What Terraform marks as sensitive: an analysis of expressions beside their evaluation, made only where it is asked.

Marks go with values as they do in Terraform: an operator, a template and most functions give a marked result when
anything that they take is marked, at any depth; objects, lists and the functions that rearrange them leave the marks
with their items.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from infraguard.model.values import Unknown, Value
from infraguard.terraform.evaluation.conversion import to_bool, to_text
from infraguard.terraform.evaluation.failures import EvaluationError
from infraguard.terraform.evaluation.loops import rounds
from infraguard.terraform.evaluation.marked_calls import marks_of_call
from infraguard.terraform.evaluation.marks import (
    CLEAN,
    DOUBT,
    Certain,
    Marks,
    any_of,
    by_index,
    fitted,
    unknown_marks,
)
from infraguard.terraform.evaluation.scope import Origin, Round, Scope
from infraguard.terraform.evaluation.steps import Evaluate
from infraguard.terraform.evaluation.values import Lazy, is_list
from infraguard.terraform.syntax.nodes import (
    Access,
    Binary,
    Broken,
    Call,
    Conditional,
    For,
    Literal,
    Node,
    Object,
    Splat,
    Step,
    Template,
    TemplateFor,
    TemplateIf,
    Traversal,
    Tuple,
    Unary,
)


class Sensitivity:
    """The analysis; `evaluate` is the evaluator."""

    def __init__(self, evaluate: Evaluate) -> None:
        self._evaluate = evaluate

    def of(self, node: Node, scope: Scope) -> Marks:
        """The marks of the value of an expression that can be evaluated. Raises as the evaluator does."""
        scope.module.spend(1)
        return self._WAYS[type(node)](self, node, scope)

    def value(self, node: Node, scope: Scope) -> Value:
        """The value of an expression."""
        return self._evaluate(node, scope)

    def beside(self, node: Node, scope: Scope) -> Marks:
        """The marks of an expression whose value is not taken; where it has none, it has no marks either."""
        try:
            self._evaluate(node, scope)
        except EvaluationError:
            return CLEAN
        return self.of(node, scope)

    def _traversal(self, node: Traversal, scope: Scope) -> Marks:
        if node.root in scope.names:
            return self._followed(self._named(node.root, scope), node.steps, scope)
        return self._followed(*scope.module.marks(node.root, node.steps), scope)

    def _named(self, name: str, scope: Scope) -> Marks:
        """The marks of a name of a loop, or of `each`, `count` or an iterator."""
        while isinstance(scope, Round):
            loop = scope.loop
            if name == loop.node.first and loop.node.second:
                return CLEAN  # a key, or in a set an item that has no mark of its own
            if name in (loop.node.first, loop.node.second):
                if loop.marks is None:
                    loop.marks = self.of(loop.node.collection, loop.scope)
                return CLEAN if scope.key is None else loop.marks.inside(str(scope.key))
            scope = loop.scope
        if name in scope.origins:
            return self._item_of(scope.origins[name])
        return CLEAN if name == "count" else DOUBT

    def _item_of(self, origin: Origin) -> Marks:
        """The marks of `each` and of what is like it."""
        collection = self.of(origin.collection, origin.scope)
        if collection.deep is False:
            return CLEAN
        if collection.here is not False or origin.key is None:
            return DOUBT
        return Marks(parts={"value": collection.inside(str(origin.key))})

    def _followed(self, marks: Marks, steps: tuple[Step, ...], scope: Scope) -> Marks:
        for step in steps:
            key = self._evaluate(step, scope) if isinstance(step, Node) else step
            marks = marks.some_part() if isinstance(key, Unknown) else marks.part(to_text(key))
            if isinstance(step, Node) and (marked := self.of(step, scope).here) is not False:
                marks = marks.under(marked if isinstance(key, int) else None)  # Terraform drops that of a name
        return marks

    def _access(self, node: Access, scope: Scope) -> Marks:
        return self._followed(self.of(node.source, scope), node.steps, scope)

    def _splat(self, node: Splat, scope: Scope) -> Marks:
        source, marks = self._evaluate(node.source, scope), self.of(node.source, scope)
        if isinstance(source, Unknown):
            return unknown_marks(marks.here)
        if not is_list(source):
            return by_index([] if source is None else [self._followed(marks, node.steps, scope)], marks.here)
        items = [marks.inside(str(index)) for index in range(len(source))]
        return by_index([self._followed(item, node.steps, scope) for item in items], marks.here)

    def _binary(self, node: Binary, scope: Scope) -> Marks:
        sides = self.of(node.left, scope), self.of(node.right, scope)
        if node.operator in ("==", "!="):
            return Marks(any_of(*(side.deep for side in sides)))
        return Marks(any_of(*(side.here for side in sides)))

    def _conditional(self, node: Conditional, scope: Scope) -> Marks:
        condition, asked = self._evaluate(node.condition, scope), self.of(node.condition, scope).here
        if isinstance(condition, Unknown):
            then, other = self.beside(node.then, scope), self.beside(node.otherwise, scope)
            is_clean = then.deep is False and other.deep is False
            return Marks(any_of(asked, then.here, other.here), open=not is_clean)
        chosen, left = (node.then, node.otherwise) if to_bool(condition) else (node.otherwise, node.then)
        marks = self.of(chosen, scope).under(any_of(asked, self.beside(left, scope).here))
        return marks if marks.here or marks.deep is False else fitted(marks, self._evaluate(node, scope))

    def _object(self, node: Object, scope: Scope) -> Marks:
        here: Certain = False
        parts: dict[str, Marks] = {}
        for key_node, value_node in node.items:
            key = self._evaluate(key_node, scope)
            here = any_of(here, self.of(key_node, scope).here)
            if isinstance(key, Unknown):
                return unknown_marks(here)
            parts[to_text(key)] = self.of(value_node, scope)
        return Marks(here, parts)

    def _for(self, node: For, scope: Scope) -> Marks:
        collection, marks = self._evaluate(node.collection, scope), self.of(node.collection, scope)
        here = marks.here
        if isinstance(collection, (Unknown, Lazy)):
            return unknown_marks(here)
        items: list[Marks] = []
        keyed: dict[str, list[Marks]] = {}
        for inner in rounds(node, collection, scope):
            if node.condition is not None:
                chosen, here = self._evaluate(node.condition, inner), any_of(here, self.of(node.condition, inner).here)
                if isinstance(chosen, Unknown):
                    return unknown_marks(here)
                if not to_bool(chosen):
                    continue
            value = self.of(node.value, inner)
            if node.key is None:
                items.append(value)
                continue
            key, here = self._evaluate(node.key, inner), any_of(here, self.of(node.key, inner).here)
            if isinstance(key, Unknown):
                return unknown_marks(here)
            keyed.setdefault(to_text(key), []).append(value)
        if node.key is None:
            return by_index(items, here)
        return Marks(here, {key: by_index(values) if node.groups else values[0] for key, values in keyed.items()})

    def _template(self, node: Template, scope: Scope) -> Marks:
        return Marks(any_of(*self._texts(node.parts, scope)))

    def _texts(self, parts: tuple[str | Node, ...], scope: Scope) -> Iterator[Certain]:
        for part in parts:
            if isinstance(part, TemplateIf):
                yield self.of(part.condition, scope).here
                yield from self._branches(part, scope)
            elif isinstance(part, TemplateFor):
                yield self.of(part.collection, scope).here
                collection = self._evaluate(part.collection, scope)
                if isinstance(collection, Unknown):
                    yield None
                    continue
                for inner in rounds(part, collection, scope):
                    yield from self._texts(part.parts, inner)
            elif isinstance(part, Node):
                yield self.of(part, scope).here

    def _branches(self, node: TemplateIf, scope: Scope) -> Iterator[Certain]:
        """Both branches count; one that is not taken and has no value may not."""
        for branch in (node.then, node.otherwise):
            try:
                yield from list(self._texts(branch, scope))
            except EvaluationError:
                yield None

    _WAYS: ClassVar[dict[type[Node], Callable[[Sensitivity, Any, Scope], Marks]]] = {
        Literal: lambda _, _node, _scope: CLEAN,
        Broken: lambda _, _node, _scope: DOUBT,
        Traversal: _traversal,
        Access: _access,
        Splat: _splat,
        Unary: lambda self, node, scope: Marks(self.of(node.operand, scope).here),
        Binary: _binary,
        Conditional: _conditional,
        Tuple: lambda self, node, scope: by_index([self.of(item, scope) for item in node.items]),
        Object: _object,
        For: _for,
        Template: _template,
        Call: marks_of_call,
    }
