"""Types that several topics share."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ..money import CURRENCIES


def _known_currency(code: str) -> str:
    if code not in CURRENCIES:
        raise ValueError(f"one of {', '.join(sorted(CURRENCIES))} is expected")
    return code


Currency = Annotated[str, AfterValidator(_known_currency)]
Amount = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2, allow_inf_nan=False)]
Rate = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=4, allow_inf_nan=False)]
Hours = Annotated[Decimal, Field(gt=0, le=24, decimal_places=2, allow_inf_nan=False)]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$")]
Email = Annotated[str, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]


class Asked(BaseModel):
    """What a caller sends: nothing but what is known."""

    model_config = ConfigDict(extra="forbid")


class Given(BaseModel):
    """What a caller gets, read from a row."""

    model_config = ConfigDict(from_attributes=True)
