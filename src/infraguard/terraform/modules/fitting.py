"""Values brought to the types that the provider's schema gives them, as Terraform does before it plans."""

from __future__ import annotations

from typing import Final

from infraguard.model.values import Unknown, Value
from infraguard.terraform.evaluation.failures import EvaluationError
from infraguard.terraform.evaluation.operators import as_set
from infraguard.terraform.evaluation.types import Conversion, Type
from infraguard.terraform.evaluation.values import BlockValue, Lazy, is_list
from infraguard.terraform.provider_schema.shapes import Shape, nesting

#: No type of a provider has defaults: its objects have no optional attributes.
_CONVERSION: Final = Conversion(lambda _: None)


def argument(value: Value, shape: Shape, path: str, name: str) -> Value:
    """The value of an argument as its schema has it; `path` is what the argument stands in.

    What is a nested block for the provider may stand as an argument in JSON: an object, or a list of them.
    """
    full = f"{path}{name}"
    if name not in shape.blocks or value is None or isinstance(value, (Unknown, Lazy)):
        return fitted(value, shape.arguments.get(name), full)
    nested = nesting(shape, name)
    blocks = [_block(each, nested.shape, full) for each in (value if is_list(value) else [value])]
    if not nested.kind and len(blocks) == 1:
        return blocks[0]
    return as_set(blocks) if nested.kind == "set" else blocks


def _block(value: Value, shape: Shape, path: str) -> Value:
    if not isinstance(value, dict):
        return value
    each = {name: argument(item, shape, f"{path}.", name) for name, item in value.items()}
    return BlockValue({name: item for name, item in each.items() if item is not None}, path, shape.nullable)


def fitted(value: Value, wanted: Type | None, name: str) -> Value:
    """The value as its type has it; what Terraform would refuse is unknown. `name` is that of the argument.

    Without a type, which is so where no schema is at hand, it stays as it is. The provider of AWS takes what is null in
    a map, such as a tag, for absent.
    """
    if wanted is None or value is None or (wanted.kind == "string" and type(value) is str):
        return value
    try:
        converted = _CONVERSION.convert(value, wanted)
    except EvaluationError as error:
        reason = f"{name} has a value of the wrong type: {error}"
        return Unknown(reason=reason, depends_on=(name,), remedy="give a value of the type that the provider takes")
    if wanted.kind == "map" and isinstance(converted, dict):
        return {key: item for key, item in converted.items() if item is not None}
    return converted
