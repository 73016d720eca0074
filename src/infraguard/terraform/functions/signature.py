"""How arguments reach a function: counted, converted, and refused as Terraform refuses them."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from infraguard.model.values import Unknown, Value
from infraguard.terraform.evaluation.conversion import to_bool, to_number, to_text, to_whole
from infraguard.terraform.evaluation.failures import EvaluationError
from infraguard.terraform.evaluation.values import SetValue, is_list, kind_of

#: Checks and converts one argument.
Convert = Callable[[Value], Value]

text: Convert = to_text
number: Convert = to_number
whole: Convert = to_whole
boolean: Convert = to_bool


def anything(value: Value) -> Value:
    """Any value, null included."""
    return value


def some(value: Value) -> Value:
    """Any value but null."""
    if value is None:
        raise EvaluationError("an argument must not be null")
    return value


def items(value: Value) -> list[Value]:
    """A list, a tuple or a set."""
    if not is_list(value):
        raise EvaluationError(f"a list is required, not {kind_of(value)}")
    return value


def ordered(value: Value) -> list[Value]:
    """A list or a tuple, and no set."""
    if isinstance(value, SetValue):
        raise EvaluationError("a list is required, not a set")
    return items(value)


def mapping(value: Value) -> dict[str, Value]:
    """A map or an object."""
    if not isinstance(value, dict):
        raise EvaluationError(f"a map is required, not {kind_of(value)}")
    return value


def mapping_or_null(value: Value) -> dict[str, Value] | None:
    """A map, an object or null."""
    return None if value is None else mapping(value)


def texts(value: Value) -> list[str]:
    """A list whose items can be strings."""
    return [to_text(item) for item in items(value)]


def booleans(value: Value) -> list[bool | Unknown]:
    """A list whose items can be booleans, or are not known; null is none that is true."""
    return [item if isinstance(item, Unknown) else item is not None and to_bool(item) for item in items(value)]


class Function(Struct, frozen=True):
    """A function with the conversions of its parameters; `rest` takes any further arguments.

    `looks_only_at_the_top` is for functions whose result is right although something inside an argument is unknown.
    """

    run: Callable[..., Value]
    parameters: tuple[Convert, ...] = ()
    rest: Convert | None = None
    optional: int = 0
    looks_only_at_the_top: bool = False

    def __call__(self, arguments: list[Value]) -> Value:
        least, most = len(self.parameters) - self.optional, len(self.parameters)
        if len(arguments) < least or (len(arguments) > most and self.rest is None):
            expected = f"{least} or more" if self.rest else " to ".join(dict.fromkeys((str(least), str(most))))
            raise EvaluationError(f"{expected} arguments are required, and there are {len(arguments)}")
        converted = [convert(value) for convert, value in zip(self.parameters, arguments, strict=False)]
        if self.rest is not None:
            converted.extend(self.rest(value) for value in arguments[most:])
        return self.run(*converted)
