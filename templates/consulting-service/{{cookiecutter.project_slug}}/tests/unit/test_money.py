from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from {{ cookiecutter.package_name }} import money

rates = st.decimals(min_value=0, max_value=10_000, places=4)
hours = st.decimals(min_value=Decimal("0.01"), max_value=24, places=2)
amounts = st.decimals(min_value=0, max_value=10**12, places=2)
tax_rates = st.decimals(min_value=0, max_value=Decimal("0.9999"), places=4)


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        ("0.005", "0.00"),
        ("0.015", "0.02"),
        ("0.025", "0.02"),
        ("0.0250001", "0.03"),
        ("2.675", "2.68"),
    ],
)
def test_halves_go_to_the_even_cent(exact: str, rounded: str) -> None:
    assert money.to_cents(Decimal(exact)) == Decimal(rounded)


@given(worked=hours, rate=rates)
def test_a_line_is_within_half_a_cent_of_what_is_exact(worked: Decimal, rate: Decimal) -> None:
    amount = money.line_amount(worked, rate)
    assert abs(Fraction(amount) - Fraction(worked) * Fraction(rate)) <= Fraction(1, 200)
    assert amount.as_tuple().exponent == -2


@given(st.lists(amounts), tax_rates)
def test_an_invoice_adds_up_to_what_it_shows(lines: list[Decimal], tax_rate: Decimal) -> None:
    subtotal = money.total(lines)
    tax = money.tax_on(subtotal, tax_rate)
    assert Fraction(subtotal) == sum(map(Fraction, lines), Fraction(0))
    assert 0 <= tax <= subtotal
    assert subtotal + tax == money.to_cents(subtotal + tax)


@pytest.mark.parametrize("nothing", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_no_amount(nothing: str) -> None:
    with pytest.raises(ValueError, match="no amount"):
        money.to_cents(Decimal(nothing))
