import pytest

from ledger.invoices import reminder, total


@pytest.mark.parametrize(("discount", "amount"), [(0.0, 955), (0.1, 859.5)])
def test_a_discount_lowers_the_total(discount, amount):
    assert total(10, 95.5, discount) == amount


@pytest.mark.parametrize(("days", "word"), [(3, "please"), (15, "second"), (31, "last")])
def test_reminders_grow_sterner(days, word):
    assert word in reminder("Ada", days)
