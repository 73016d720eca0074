"""Money: decimal numbers only, rounded half to even to the cent, once for each amount.

Half to even favours neither side over many amounts. A line is rounded, and sums are made of rounded lines, so an
invoice always adds up to what it shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")

#: Currencies that are counted in hundredths, which is what the database's columns hold.
CURRENCIES = frozenset(
    {"AUD", "CAD", "CHF", "CZK", "DKK", "EUR", "GBP", "NOK", "NZD", "PLN", "SEK", "SGD", "USD"}
)


def to_cents(amount: Decimal) -> Decimal:
    """Round an amount half to even to the cent."""
    if not amount.is_finite():
        raise ValueError(f"{amount} is no amount of money")
    return amount.quantize(CENT, rounding=ROUND_HALF_EVEN)


def line_amount(hours: Decimal, hourly_rate: Decimal) -> Decimal:
    """The amount of one line of an invoice."""
    return to_cents(hours * hourly_rate)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The sum of amounts that are rounded already."""
    return sum(amounts, ZERO)


def tax_on(subtotal: Decimal, tax_rate: Decimal) -> Decimal:
    """The tax on a subtotal, where 0.19 means 19 %."""
    return to_cents(subtotal * tax_rate)
