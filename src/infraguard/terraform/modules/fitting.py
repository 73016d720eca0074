"""Values brought to the types that the provider's schema gives them, as Terraform does before it plans."""

from __future__ import annotations

from typing import Final

from infraguard.model.values import Unknown, Value
from infraguard.terraform.evaluation.failures import EvaluationError
from infraguard.terraform.evaluation.types import Conversion, Type

#: No type of a provider has defaults: its objects have no optional attributes.
_CONVERSION: Final = Conversion(lambda _: None)


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
