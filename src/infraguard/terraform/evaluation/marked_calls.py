"""How the marks of arguments go through function calls."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from infraguard.model.values import Unknown, Value
from infraguard.terraform.evaluation.failures import EvaluationError
from infraguard.terraform.evaluation.files import READERS
from infraguard.terraform.evaluation.marks import CLEAN, Certain, Marks, any_of, by_index, unknown_marks
from infraguard.terraform.evaluation.scope import Scope
from infraguard.terraform.evaluation.values import Lazy, SetValue, is_list, unknowns_in
from infraguard.terraform.functions import FUNCTIONS
from infraguard.terraform.syntax.nodes import Call

if TYPE_CHECKING:
    from infraguard.terraform.evaluation.sensitivity import Sensitivity

#: Functions whose result is, item by item, their argument.
_SAME = frozenset({"tolist", "tomap", "ephemeralasnull"})
#: Functions that look at the argument itself and not at its items.
_AT_THE_TOP = frozenset({"length", "keys"})
#: Functions that move items without looking at them: what they do with items, they do with marks.
_MOVING = frozenset({"chunklist", "concat", "flatten", "merge", "reverse", "setproduct", "slice", "values", "zipmap"})
#: The same, for those that give one of the items.
_CHOOSING = frozenset({"element", "lookup"})


def marks_of_call(walk: Sensitivity, node: Call, scope: Scope) -> Marks:
    """The marks of what a call gives."""
    name = node.name.removeprefix("core::")
    if name == "try":
        return _tried(walk, node, scope)
    if name in ("can", "issensitive"):
        return CLEAN
    values, marks = _arguments(walk, node, scope)
    if name in ("sensitive", "nonsensitive"):
        return marks[0].with_here(name == "sensitive")
    if name in _SAME:
        return marks[0]
    if name in _AT_THE_TOP:
        return Marks(marks[0].here)
    if name in _MOVING or name in _CHOOSING:
        return _moved(name, values, marks)
    deep = any_of(*(each.deep for each in marks))
    return Marks(deep if deep is not False or _is_plain(name, values, scope) else None)


def _tried(walk: Sensitivity, node: Call, scope: Scope) -> Marks:
    """Those of the first argument with a value. What is not known may fail yet, so that no mark of it is certain."""
    for argument in node.arguments:
        try:
            value = walk.value(argument, scope)
        except EvaluationError:
            continue
        return unknown_marks(None) if unknowns_in(value) else walk.of(argument, scope)
    return CLEAN


def _arguments(walk: Sensitivity, node: Call, scope: Scope) -> tuple[list[Value], list[Marks]]:
    values = [walk.value(argument, scope) for argument in node.arguments]
    marks = [walk.of(argument, scope) for argument in node.arguments]
    if node.expands and is_list(values[-1]):
        last, of_last = values.pop(), marks.pop()
        values.extend(last)
        marks.extend(of_last.part(str(index)) for index in range(len(last)))
    return values, marks


def _is_plain(name: str, values: list[Value], scope: Scope) -> bool:
    """Whether a function gives no mark that its arguments do not have: a template may, and what is not known here."""
    if name == "templatestring" or (name not in FUNCTIONS and name not in READERS):
        return False
    if name != "templatefile" or not values or not isinstance(values[0], str):
        return True
    text = scope.module.read_text(posixpath.normpath(values[0]))
    return text is not None and "sensitive" not in text


def _moved(name: str, values: list[Value], marks: list[Marks]) -> Marks:
    """The function over the marks of the items in place of the items."""
    if name == "merge":
        given = [index for index, value in enumerate(values) if value is not None]
        values, marks = [values[index] for index in given], [marks[index] for index in given]
    if any(isinstance(value, (Unknown, Lazy)) for value in (values[:2] if name == "lookup" else values)):
        return unknown_marks(any_of(*(each.here for each in marks)))
    tops: list[Certain] = []
    nested = name == "flatten"
    shadows = [_shadow(value, each, tops, nested=nested) for value, each in zip(values, marks, strict=True)]
    if name == "zipmap":
        tops.append(marks[0].deep)
        shadows[0] = values[0]
    elif name == "lookup":
        shadows[2:] = marks[2:]
        tops[2:] = []
    found = FUNCTIONS[name](shadows)
    marked = _of_result(found).under(any_of(*tops))
    return Marks(marked.deep) if isinstance(found, SetValue) else marked


def _shadow(value: Value, marks: Marks, tops: list[Certain], *, nested: bool) -> Value:
    """The value with the marks of its items in place of them; `tops` is given its own."""
    tops.append(marks.here)
    if isinstance(value, dict):
        return {key: marks.inside(key) for key in value}
    if not is_list(value):
        return value
    each = [(marks.inside(str(index)), item) for index, item in enumerate(value)]
    inner = [_shadow(item, mark, tops, nested=True) if nested and is_list(item) else mark for mark, item in each]
    return type(value)(inner)


def _of_result(value: Value) -> Marks:
    if isinstance(value, Marks):
        return value
    if isinstance(value, dict):
        return Marks(parts={key: _of_result(item) for key, item in value.items()})
    return by_index([_of_result(item) for item in value]) if is_list(value) else CLEAN
