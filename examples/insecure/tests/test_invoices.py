from ledger.invoices import total


def test_total():
    assert total(10, 95.5) == 955
