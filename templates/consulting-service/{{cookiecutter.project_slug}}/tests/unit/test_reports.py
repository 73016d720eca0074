from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from redis import RedisError

from {{ cookiecutter.package_name }} import jobs
from {{ cookiecutter.package_name }}.exports.csv_rows import csv_rows, guarded
from {{ cookiecutter.package_name }}.exports.pdf import MAX_ROWS, report_pdf, undrawable
from {{ cookiecutter.package_name }}.portal import Portal
from {{ cookiecutter.package_name }}.services.report_runs import month_before
from tests.conftest import START, TODAY, People
from tests.unit.test_invoices import invoice

PERIOD = {"since": str(START), "until": str(TODAY)}


def test_revenue_is_what_was_invoiced(people: People) -> None:
    invoice(people)
    (row,) = people.signed_in("finance").get("/reports/revenue", params=PERIOD).json()
    assert row == {
        "month": f"{TODAY:%Y-%m}",
        "client": "Ćevap & Söhne",
        "currency": "EUR",
        "net": "925.93",
        "tax": "175.93",
        "total": "1101.86",
        "paid": "0.00",
    }


def test_utilisation_is_sold_hours_of_working_time(people: People) -> None:
    people.approved_hours(TODAY, "8")
    monday = TODAY - timedelta(days=TODAY.weekday())
    week = {"since": str(monday), "until": str(monday + timedelta(days=6))}
    (row,) = people.signed_in("partner").get("/reports/utilisation", params=week).json()
    assert row == {
        "consultant": "Ada Example",
        "hours": "8.00",
        "capacity": "40.00",
        "utilisation_percent": "20.00",
    }


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (0, "not_due"),
        (30, "not_due"),
        (31, "days_1_30"),
        (61, "days_31_60"),
        (120, "days_61_90"),
        (121, "over_90"),
    ],
)
def test_ageing_sorts_what_is_owed_by_its_age(people: People, days: int, bucket: str) -> None:
    invoice(people)
    until = TODAY + timedelta(days=days)
    period = {"since": str(TODAY), "until": str(until)}
    (row,) = people.signed_in("auditor").get("/reports/ageing", params=period).json()
    assert (row[bucket], row["total"]) == ("1101.86", "1101.86")


def test_reports_are_cached_until_something_changes(people: People) -> None:
    finance = people.signed_in("finance")
    assert finance.get("/reports/revenue", params=PERIOD).json() == []
    assert finance.get("/reports/revenue", params=PERIOD).json() == []
    assert people.portal.cache.hit_rate() == 50
    invoice(people)
    assert len(finance.get("/reports/revenue", params=PERIOD).json()) == 1


def test_without_redis_reports_are_slower_and_not_gone(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_arguments: object, **_options: object) -> object:
        raise RedisError("away")

    monkeypatch.setattr(portal.redis, "execute_command", away)
    assert portal.cache.rows("revenue", "x", lambda: [{"n": 1}]) == [{"n": 1}]
    portal.cache.data_changed()


def test_reports_are_exported(people: People) -> None:
    invoice(people)
    finance = people.signed_in("finance")
    as_csv = finance.get("/reports/revenue", params={**PERIOD, "format": "csv"})
    (row,) = csv.DictReader(io.StringIO(as_csv.text))
    assert row["total"] == "1101.86"
    as_pdf = finance.get("/reports/revenue", params={**PERIOD, "format": "pdf"})
    assert as_pdf.headers["Content-Disposition"] == 'attachment; filename="revenue.pdf"'
    assert "1101.86" in PdfReader(BytesIO(as_pdf.content)).pages[0].extract_text()


def test_what_is_no_report_is_refused(people: People) -> None:
    finance = people.signed_in("finance")
    assert finance.get("/reports/profit", params=PERIOD).status_code == 404
    backwards = {"since": str(TODAY), "until": str(START)}
    assert finance.get("/reports/revenue", params=backwards).status_code == 422
    assert finance.get("/reports/revenue", params={**PERIOD, "format": "xls"}).status_code == 422


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\uff1d"])
def test_no_cell_is_a_formula(start: str) -> None:
    assert guarded(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


def test_numbers_stay_numbers() -> None:
    assert [guarded(cell) for cell in ("-1.50", 2, None, "a")] == ["-1.50", "2", "", "a"]
    assert "".join(csv_rows([{"a": 'x"y', "b": "1,2"}])) == 'a,b\r\n"x""y","1,2"\r\n'
    assert not list(csv_rows([]))


def test_letters_of_western_europe_and_the_euro_sign_are_drawn() -> None:
    # The font that comes with the library has not all that the image's has.
    name = "Łukasz Müller" if not undrawable("Ł") else "Lukas Müller"
    text = f"{name} & Søn, Café: 1.234,50 €"
    page = PdfReader(BytesIO(report_pdf(text, "Ñandú", [{"façade": "àéîõüçßøÅ€£"}]))).pages[0]
    said = page.extract_text()
    for drawn in (text, "Ñandú", "façade", "àéîõüçßøÅ€£"):
        assert drawn in said
        assert undrawable(drawn) == ""


def test_letters_that_the_font_has_not_are_told(caplog: pytest.LogCaptureFixture) -> None:
    assert undrawable("a漢b") == "漢"
    report_pdf("漢", "", [])
    assert "pdf.undrawable" in caplog.text


def test_a_pdf_has_an_end_and_hostile_text_is_text() -> None:
    rows = [{"client": "<b>&amp; <img src=x>"}] * (MAX_ROWS + 3)
    pages = PdfReader(BytesIO(report_pdf("Revenue", "x", rows))).pages
    assert "3 more rows" in pages[-1].extract_text()
    assert "<img src=x>" in pages[0].extract_text()
    assert PdfReader(BytesIO(report_pdf("Revenue", "x", []))).pages[0].extract_text()


def test_reports_run_on_schedule_and_stay_as_they_were(people: People) -> None:
    assert jobs.main(["reports"], people.portal) == 0
    assert jobs.main(["reports"], people.portal) == 0
    finance = people.signed_in("finance")
    runs = finance.get("/report-runs").json()
    assert sorted(run["name"] for run in runs) == ["ageing", "revenue", "utilisation"]
    (run,) = [run for run in runs if run["name"] == "utilisation"]
    assert finance.get(f"/report-runs/{run['id']}").json()[0]["consultant"] == "Ada Example"
    assert finance.get(f"/report-runs/{people.client_id}").status_code == 404


def test_the_month_before_is_a_whole_month() -> None:
    assert month_before(date(2026, 3, 31)) == (date(2026, 2, 1), date(2026, 2, 28))
    assert month_before(date(2026, 1, 1)) == (date(2025, 12, 1), date(2025, 12, 31))
