from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from {{ cookiecutter.package_name }} import audit
from {{ cookiecutter.package_name }}.logs import configure_logging
from tests.conftest import TODAY, People

YESTERDAY = TODAY - timedelta(days=1)


def key(name: str) -> dict[str, str]:
    return {"Idempotency-Key": f"test-key-{name}"}


def invoice(people: People, hours: str = "7.50") -> dict[str, Any]:
    people.approved_hours(YESTERDAY, hours)
    response = people.signed_in("finance").post(
        "/invoices", json=people.order(YESTERDAY), headers=key("one")
    )
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()
    return made


def test_an_invoice_is_made_of_approved_hours(people: People) -> None:
    made = invoice(people)
    # 7.50 hours at 123.4567 are 925.92525, and 19 % of 925.93 are 175.9267.
    assert made["number"] == 1
    assert (made["subtotal"], made["tax"], made["total"], made["paid"]) == (
        "925.93",
        "175.93",
        "1101.86",
        "0.00",
    )
    assert made["due_on"] == str(TODAY + timedelta(days=30))


def test_hours_are_invoiced_once(people: People) -> None:
    invoice(people)
    again = people.signed_in("finance").post(
        "/invoices", json=people.order(YESTERDAY), headers=key("two")
    )
    assert again.status_code == 422


def test_the_same_key_gives_the_same_invoice(people: People) -> None:
    made = invoice(people)
    finance = people.signed_in("finance")
    again = finance.post("/invoices", json=people.order(YESTERDAY), headers=key("one"))
    assert (again.status_code, again.json()) == (200, made)
    other = finance.post("/invoices", json=people.order(TODAY), headers=key("one"))
    assert other.status_code == 409
    assert finance.post("/invoices", json=people.order(TODAY)).status_code == 422, "a key is needed"


def test_a_refused_invoice_takes_no_number(people: People) -> None:
    finance = people.signed_in("finance")
    assert (
        finance.post("/invoices", json=people.order(TODAY), headers=key("none")).status_code == 422
    )
    assert invoice(people)["number"] == 1
    wrong = {**people.order(TODAY), "engagement_id": str(people.client_id)}
    assert finance.post("/invoices", json=wrong, headers=key("wrong")).status_code == 404
    backwards = {**people.order(TODAY), "period_start": str(TODAY + timedelta(days=1))}
    assert finance.post("/invoices", json=backwards, headers=key("back")).status_code == 422


def test_hours_without_a_rate_are_refused(people: People) -> None:
    people.approved_hours(YESTERDAY)
    with people.portal.database.session() as session:
        session.execute(text("DELETE FROM rate_cards"))
    response = people.signed_in("finance").post(
        "/invoices", json=people.order(YESTERDAY), headers=key("rate")
    )
    assert response.status_code == 422
    assert "no rate" in response.json()["detail"]


def test_payments_add_up_to_the_total_and_no_further(people: People) -> None:
    made = invoice(people)
    finance = people.signed_in("finance")
    path = f"/invoices/{made['id']}/payments"
    paid = {
        "amount": "1000.00",
        "currency": "EUR",
        "received_on": str(TODAY),
        "reference": "bank 1",
    }
    first = finance.post(path, json=paid, headers=key("pay-1"))
    assert first.status_code == 201
    again = finance.post(path, json=paid, headers=key("pay-1"))
    assert (again.status_code, again.json()) == (200, first.json())
    assert finance.post(path, json={**paid, "amount": "1"}, headers=key("pay-1")).status_code == 409
    assert finance.get(f"/invoices/{made['id']}").json()["status"] == "part_paid"
    assert (
        finance.post(path, json={**paid, "amount": "101.87"}, headers=key("pay-2")).status_code
        == 409
    )
    assert (
        finance.post(path, json={**paid, "currency": "USD"}, headers=key("pay-3")).status_code
        == 422
    )
    assert finance.post(path, json={**paid, "amount": "0"}, headers=key("pay-4")).status_code == 422
    assert (
        finance.post(path, json={**paid, "amount": "101.86"}, headers=key("pay-5")).status_code
        == 201
    )
    settled = finance.get(
        "/invoices", params={"since": str(TODAY), "until": str(TODAY), "status": "paid"}
    ).json()
    assert [(one["number"], one["paid"]) for one in settled] == [(1, "1101.86")]
    missing = f"/invoices/{people.client_id}/payments"
    assert finance.post(missing, json=paid, headers=key("pay-6")).status_code == 404


def test_money_that_moved_is_logged_and_measured(
    people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging(people.portal.settings)
    made = invoice(people)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    events = {line["event"] for line in lines}
    assert {
        "auth.success",
        "authz.granted",
        "audit.appended",
        "invoice.created",
        "request",
        "metrics",
    } <= events
    (created,) = [line for line in lines if line["event"] == "invoice.created"]
    assert created["total"] == made["total"]
    assert created["request_id"]
    (metrics,) = [line for line in lines if "InvoiceGenerationSuccessRate" in line]
    assert metrics["InvoiceGenerationSuccessRate"] == 100
    assert metrics["FailedFinancialTransactions"] == 0
    assert metrics["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "ConsultingPortal"
    assert "@example.com" not in json.dumps(lines)


def test_a_failure_is_counted_and_rolled_back(
    people: People, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    people.approved_hours(YESTERDAY)
    finance = people.signed_in("finance")
    configure_logging(people.portal.settings)

    def broken(*_arguments: object) -> None:
        raise RuntimeError("the audit log is away")

    with monkeypatch.context() as patched:
        patched.setattr(audit, "append", broken)
        assert (
            finance.post("/invoices", json=people.order(YESTERDAY), headers=key("one")).status_code
            == 500
        )
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (metrics,) = [line for line in lines if line.get("FailedFinancialTransactions") == 1]
    assert metrics["InvoiceGenerationSuccessRate"] == 0
    assert [line["level"] for line in lines if line["event"] == "invoice.failed"] == ["error"]
    made = finance.post("/invoices", json=people.order(YESTERDAY), headers=key("one"))
    assert (made.status_code, made.json()["number"]) == (201, 1)


def test_an_invoice_is_printed(people: People) -> None:
    made = invoice(people)
    response = people.signed_in("finance").get(f"/invoices/{made['id']}/pdf")
    assert response.headers["Content-Type"] == "application/pdf"
    (page,) = PdfReader(BytesIO(response.content)).pages
    printed = page.extract_text()
    assert "1101.86 EUR" in printed
    assert "925.93" in printed


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        ("UPDATE invoices SET subtotal = subtotal + 1, total = total + 1", "subtotal"),
        ("UPDATE invoices SET tax = tax + 1, total = total + 1", "tax"),
        ("UPDATE invoices SET paid = 1", "paid"),
        ("UPDATE invoices SET status = 'paid'", "status"),
        ("UPDATE timesheets SET hours = 1", "hours"),
        ("UPDATE timesheets SET status = 'approved'", "hours"),
        ("UPDATE invoice_counters SET last_number = 2", "numbers"),
    ],
)
def test_reconciliation_finds_what_disagrees(people: People, damage: str, kind: str) -> None:
    invoice(people)
    finance = people.signed_in("finance")
    sound = finance.post("/reconciliations").json()
    assert (sound["checked"], sound["discrepancies"]) == (1, [])
    with people.portal.database.session() as session:
        session.execute(text(damage))
    found = finance.post("/reconciliations").json()["discrepancies"]
    assert kind in {one["kind"] for one in found}


def test_the_rate_of_the_day_counts(people: People) -> None:
    partner = people.signed_in("partner")
    rate = {
        "consultant_id": str(people.consultant_id),
        "effective_from": str(TODAY),
        "hourly_rate": "200",
    }
    assert partner.post(f"/engagements/{people.engagement_id}/rates", json=rate).status_code == 201
    people.approved_hours(YESTERDAY, "1")
    people.approved_hours(TODAY, "1")
    order = {**people.order(TODAY), "period_start": str(YESTERDAY)}
    made = people.signed_in("finance").post("/invoices", json=order, headers=key("both")).json()
    assert Decimal(made["subtotal"]) == Decimal("123.46") + Decimal("200.00")
