"""`format` and `formatlist`, with the verbs of Terraform's documentation of `format`."""

from __future__ import annotations

import json
import re

from infraguard.model.values import Value
from infraguard.readers.patterns import pattern
from infraguard.terraform.evaluation.conversion import to_bool, to_number, to_text, to_whole
from infraguard.terraform.evaluation.digits import exact_digits, rounded_digits
from infraguard.terraform.evaluation.failures import EvaluationError, Exhausted
from infraguard.terraform.evaluation.numbers import is_below, parts, shortest
from infraguard.terraform.evaluation.values import is_list
from infraguard.terraform.functions.characters import characters
from infraguard.terraform.functions.jsontext import json_text

_VERB = pattern(
    r"%(?P<flags>[-+# 0]*+)(?P<width>[0-9]*+)(?:\.(?P<precision>[0-9]*+))?+(?:\[(?P<index>[0-9]++)\])?+(?P<verb>.)",
    re.DOTALL,
)
#: Wider fields are refused, so that no call makes a string without bound.
MAX_WIDTH = 10_000


def format_text(pattern: str, *arguments: Value) -> str:
    """The pattern with its verbs replaced. Raises `EvaluationError` for too few or too many arguments."""
    used = 0
    last = 0

    def verb(match: re.Match[str]) -> str:
        nonlocal used, last
        if match["verb"] == "%":
            return "%"
        last = int(match["index"].lstrip("0")[:9] or 0) if match["index"] else last + 1
        used = max(used, last)
        if not 0 < last <= len(arguments):
            raise EvaluationError(f"not enough arguments: {last} are needed, and there are {len(arguments)}")
        return _field(match, arguments[last - 1])

    result = _VERB.sub(verb, pattern)
    if used < len(arguments):
        raise EvaluationError(f"too many arguments: only {used} are used by the format string")
    return result


def _field(match: re.Match[str], value: Value) -> str:
    width, precision = int((match["width"] or "0")[:9]), match["precision"]
    if width > MAX_WIDTH or (precision and int(precision[:9]) > MAX_WIDTH):
        raise EvaluationError("a field is too wide")
    flags = match["flags"]
    verb = "#" if match["verb"] == "v" and "#" in flags else match["verb"]
    text, is_number = _verb(verb, int(precision or "0") if precision is not None else None, value)
    if is_number and "+" in flags and not text.startswith("-"):
        text = f"+{text}"
    elif is_number and " " in flags and not text.startswith("-"):
        text = f" {text}"
    if not width:
        return text
    width += len(text) - len(characters(text))
    if "-" in flags:
        return text.ljust(width)
    return text.zfill(width) if "0" in flags and is_number else text.rjust(width)


def _verb(verb: str, precision: int | None, value: Value) -> tuple[str, bool]:
    """The text of one field, and whether it is a number."""
    if value is None:
        raise Exhausted("Terraform refuses a null of a type, and leaves one without a type open")
    if verb == "v":
        plain = isinstance(value, (str, int, float))
        return (to_text(value) if plain else json_text(value)), isinstance(value, (int, float))
    if verb == "#":
        return json_text(value), False
    if verb == "s":
        text = to_text(value)
        return (text if precision is None else "".join(characters(text)[:precision])), False
    if verb == "q":
        return json.dumps(to_text(value), ensure_ascii=False), False
    if verb == "t":
        return to_text(to_bool(value)), False
    if verb in "dbox":
        return format(to_whole(value), verb), True
    if verb == "X":
        return format(to_whole(value), "X"), True
    if verb in "eEfgG":
        return _real(verb, precision, value), True
    raise EvaluationError(f'the format verb "%{verb}" is not supported')


def _real(verb: str, precision: int | None, value: Value) -> str:
    """A number in the forms of Go: `f` without an exponent, `e` with one, and `g` as suits its size."""
    number = to_number(value)
    mantissa, exponent, _ = parts(number)
    sign = "-" if is_below(number) else ""
    digits, point = exact_digits(abs(mantissa), exponent) if mantissa else ("", 1)
    kept = 6 if precision is None else precision
    if verb == "f":
        digits, point = rounded_digits(digits, point, point + kept)
        return sign + _plainly(digits, point, kept)
    if verb in "eE":
        digits, point = rounded_digits(digits, point, 1 + kept)
        return sign + _with_exponent(digits, point, kept, verb)
    is_shortest = precision is None
    digits, point = shortest(number) if is_shortest and mantissa else rounded_digits(digits, point, kept or 1)
    most = 6 if is_shortest else len(digits) if (kept or 1) > len(digits) >= point else kept or 1
    if -4 <= point - 1 < most:
        return sign + _plainly(digits, point, max(len(digits) - point, 0))
    return sign + _with_exponent(digits, point, max(len(digits) - 1, 0), "e" if verb == "g" else "E")


def _plainly(digits: str, point: int, after: int) -> str:
    whole = digits[: max(point, 0)].ljust(max(point, 0), "0") or "0"
    fraction = ("0" * -min(point, 0) + digits[max(point, 0) :])[:after].ljust(after, "0")
    return f"{whole}.{fraction}" if after else whole


def _with_exponent(digits: str, point: int, after: int, letter: str) -> str:
    fraction = digits[1 : 1 + after].ljust(after, "0")
    return f"{digits[:1] or '0'}{'.' if after else ''}{fraction}{letter}{point - 1:+03d}"


def format_list(pattern: str, *arguments: Value) -> list[str]:
    """`format` over lists in step; an argument that is no list is repeated."""
    lengths = {len(argument) for argument in arguments if is_list(argument)}
    if len(lengths) > 1:
        raise EvaluationError("the lists have different lengths")
    rounds = lengths.pop() if lengths else 1
    return [
        format_text(pattern, *(argument[index] if is_list(argument) else argument for argument in arguments))
        for index in range(rounds)
    ]
