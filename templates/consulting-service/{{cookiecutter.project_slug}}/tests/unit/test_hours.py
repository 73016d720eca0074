from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from tests.conftest import START, TODAY, People


def asked(people: People, **changes: str) -> dict[str, str]:
    return {
        "consultant_id": str(people.consultant_id),
        "engagement_id": str(people.engagement_id),
        "work_date": str(TODAY),
        "hours": "8",
        **changes,
    }


def test_hours_are_written_handed_in_and_approved(people: People) -> None:
    sheet = people.approved_hours(TODAY)
    (listed,) = (
        people.signed_in("consultant")
        .get("/timesheets", params={"since": str(TODAY), "until": str(TODAY)})
        .json()
    )
    assert listed["id"] == sheet
    assert listed["status"] == "approved"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"hours": "0"}, 422),
        ({"hours": "24.01"}, 422),
        ({"hours": "NaN"}, 422),
        ({"work_date": str(TODAY + timedelta(days=1))}, 422),
        ({"work_date": str(START - timedelta(days=1))}, 422),
        ({"engagement_id": "00000000-0000-0000-0000-000000000000"}, 404),
        ({"consultant_id": "00000000-0000-0000-0000-000000000000"}, 404),
        ({"surprise": "x"}, 422),
    ],
)
def test_hours_that_cannot_be_are_refused(
    people: People, changes: dict[str, str], status: int
) -> None:
    response = people.signed_in("consultant").post("/timesheets", json=asked(people, **changes))
    assert response.status_code == status, response.text


def test_a_day_has_24_hours_and_one_entry_an_engagement(people: People) -> None:
    consultant = people.signed_in("consultant")
    partner = people.signed_in("partner")
    assert consultant.post("/timesheets", json=asked(people, hours="20")).status_code == 201
    assert consultant.post("/timesheets", json=asked(people, hours="1")).status_code == 409
    second = {
        "client_id": str(people.client_id),
        "name": "Second",
        "budget": "1",
        "tax_rate": "0.19",
        "starts_on": str(START),
        "status": "active",
    }
    other = partner.post("/engagements", json=second).json()["id"]
    assert (
        consultant.post(
            "/timesheets", json=asked(people, engagement_id=other, hours="4.01")
        ).status_code
        == 422
    )
    assert (
        consultant.post(
            "/timesheets", json=asked(people, engagement_id=other, hours="4")
        ).status_code
        == 201
    )


def test_nobody_approves_hours_of_their_own(people: People) -> None:
    partner = people.signed_in("partner")
    sheet = partner.post("/timesheets", json=asked(people)).json()["id"]
    assert partner.post(f"/timesheets/{sheet}/submit").status_code == 200
    assert partner.post(f"/timesheets/{sheet}/approve").status_code == 403


def test_hours_go_one_way(people: People) -> None:
    sheet = people.approved_hours(TODAY)
    consultant, partner = people.signed_in("consultant"), people.signed_in("partner")
    assert consultant.post(f"/timesheets/{sheet}/submit").status_code == 409
    assert partner.post(f"/timesheets/{sheet}/reject").status_code == 409
    assert consultant.post(f"/timesheets/{sheet}/approve").status_code == 403


def test_rejected_hours_can_be_handed_in_again(people: People) -> None:
    consultant, partner = people.signed_in("consultant"), people.signed_in("partner")
    sheet = consultant.post("/timesheets", json=asked(people)).json()["id"]
    assert consultant.post(f"/timesheets/{sheet}/submit").status_code == 200
    assert partner.post(f"/timesheets/{sheet}/reject").json()["status"] == "rejected"
    assert consultant.post(f"/timesheets/{sheet}/submit").json()["status"] == "submitted"
    assert (
        partner.post("/timesheets/00000000-0000-0000-0000-000000000000/approve").status_code == 404
    )


def test_a_consultant_sees_and_writes_nobody_elses_hours(people: People) -> None:
    partner, consultant = people.signed_in("partner"), people.signed_in("consultant")
    asked_for = {"full_name": "Bob", "email": "bob@example.com", "weekly_hours": "40"}
    bob = partner.post("/consultants", json=asked_for).json()["id"]
    assert consultant.post("/timesheets", json=asked(people, consultant_id=bob)).status_code == 404
    assert partner.post("/timesheets", json=asked(people, consultant_id=bob)).status_code == 201
    period = {"since": str(TODAY), "until": str(TODAY)}
    assert consultant.get("/timesheets", params=period).json() == []
    assert len(partner.get("/timesheets", params={**period, "status": "draft"}).json()) == 1


def test_hours_are_exported_without_formulas(people: People) -> None:
    consultant = people.signed_in("consultant")
    formula = '=HYPERLINK("https://evil.example")'
    assert consultant.post("/timesheets", json=asked(people, notes=formula)).status_code == 201
    response = consultant.get("/timesheets.csv", params={"since": str(START), "until": str(TODAY)})
    (row,) = csv.DictReader(io.StringIO(response.text))
    assert row["hours"] == "8.00"
    assert row["notes"] == f"'{formula}"


def test_an_engagement_ends_and_takes_no_more_hours(people: People) -> None:
    partner, consultant = people.signed_in("partner"), people.signed_in("consultant")
    path = f"/engagements/{people.engagement_id}"
    assert partner.patch(path, json={"status": "closed"}).json()["status"] == "closed"
    assert consultant.post("/timesheets", json=asked(people)).status_code == 422
    missing = "/engagements/00000000-0000-0000-0000-000000000000"
    assert partner.patch(missing, json={"status": "closed"}).status_code == 404


def test_clients_engagements_and_rates_are_kept(people: People) -> None:
    partner = people.signed_in("partner")
    client = {"name": "Example Ltd", "billing_email": "a@example.com", "currency": "GBP"}
    made = partner.post("/clients", json=client).json()
    assert made["payment_days"] == 30
    assert partner.post("/clients", json=client).status_code == 409
    assert partner.post("/clients", json={**client, "currency": "JPY"}).status_code == 422
    assert [one["name"] for one in partner.get("/clients").json()] == [
        "Example Ltd",
        "Ćevap & Söhne",
    ]
    assert len(partner.get("/clients", params={"after": "Example Ltd"}).json()) == 1
    listed = partner.get(
        "/engagements", params={"client_id": str(people.client_id), "status": "active"}
    ).json()
    assert [one["name"] for one in listed] == ["Migration"]
    path = f"/engagements/{people.engagement_id}/rates"
    rate = {
        "consultant_id": str(people.consultant_id),
        "effective_from": str(TODAY),
        "hourly_rate": "150",
    }
    assert partner.post(path, json=rate).status_code == 201
    assert partner.post(path, json={**rate, "hourly_rate": "-1"}).status_code == 422
    assert [one["hourly_rate"] for one in partner.get(path).json()] == ["150.0000", "123.4567"]
    engagement = {
        "client_id": str(people.engagement_id),
        "name": "x",
        "budget": "1",
        "tax_rate": "0",
    }
    assert (
        partner.post("/engagements", json={**engagement, "starts_on": str(TODAY)}).status_code
        == 404
    )
