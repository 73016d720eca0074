from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from {{ cookiecutter.package_name }}.permissions import GRANTED, Permission, allows
from {{ cookiecutter.package_name }}.portal import Portal
from {{ cookiecutter.package_name }}.sessions import ATTEMPTS, COOKIE
from tests.conftest import PASSWORD, People


def test_signing_in_gives_a_cookie_that_only_we_read(people: People, api: TestClient) -> None:
    response = api.post("/auth/login", json={"email": "Partner@example.com", "password": PASSWORD})
    assert response.status_code == 204
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    assert api.get("/auth/me").json()["role"] == "partner"
    assert people.client_id


def test_the_id_of_a_session_is_in_no_store(people: People, portal: Portal) -> None:
    token = people.signed_in("partner").cookies[COOKIE]
    kept: Any = portal.redis.keys()
    assert kept
    assert not any(token in key for key in kept)


def test_signing_in_again_ends_the_session_before(people: People) -> None:
    browser = people.signed_in("partner")
    before = browser.cookies[COOKIE]
    assert browser.post(
        "/auth/login", json={"email": "partner@example.com", "password": PASSWORD}
    ).is_success
    assert browser.cookies[COOKIE] != before
    assert people.portal.sessions.find(before) is None


def test_signing_out_ends_the_session_everywhere(people: People) -> None:
    browser = people.signed_in("finance")
    token = browser.cookies[COOKIE]
    assert browser.post("/auth/logout").status_code == 204
    assert people.portal.sessions.find(token) is None


@pytest.mark.parametrize(
    "asked",
    [
        {"email": "partner@example.com", "password": "wrong password"},
        {"email": "nobody@example.com", "password": PASSWORD},
    ],
)
def test_a_wrong_password_and_an_unknown_account_look_alike(
    people: People, api: TestClient, asked: dict[str, str]
) -> None:
    response = api.post("/auth/login", json=asked)
    assert (response.status_code, response.json()) == (
        401,
        {"detail": "wrong e-mail address or password"},
    )
    assert people.client_id


def test_too_many_attempts_have_to_wait(people: People, api: TestClient) -> None:
    wrong = {"email": "partner@example.com", "password": "wrong"}
    statuses = [api.post("/auth/login", json=wrong).status_code for _ in range(ATTEMPTS + 1)]
    assert statuses == [401] * ATTEMPTS + [429]
    assert api.post("/auth/login", json={**wrong, "password": PASSWORD}).status_code == 429
    assert people.client_id


def test_attempts_count_for_the_client_and_not_for_the_load_balancer(people: People) -> None:
    """As Uvicorn tells who asks, with FORWARDED_ALLOW_IPS as Terraform sets it."""
    served: Any = ProxyHeadersMiddleware(people.app, trusted_hosts="10.20.0.0/16")  # type: ignore[arg-type]
    api = TestClient(served, base_url="https://testserver", client=("10.20.3.4", 5000))

    def ask(account: int, address: str) -> int:
        wrong = {"email": f"{account}@example.com", "password": "wrong"}
        # What a client claims comes first, and what the load balancer saw comes last.
        headers = {"X-Forwarded-For": f"203.0.113.{account}, {address}"}
        return api.post("/auth/login", json=wrong, headers=headers).status_code

    assert {ask(account, "198.51.100.7") for account in range(10 * ATTEMPTS)} == {401}
    assert ask(100, "198.51.100.7") == 429
    assert ask(100, "198.51.100.8") == 401


def test_a_new_password_ends_every_other_session(people: People) -> None:
    here, elsewhere = people.signed_in("auditor"), people.signed_in("auditor")
    new = "another long password"
    assert here.post("/auth/password", json={"current": "wrong", "new": new}).status_code == 401
    assert (
        here.post("/auth/password", json={"current": PASSWORD, "new": "short"}).status_code == 422
    )
    assert here.post("/auth/password", json={"current": PASSWORD, "new": new}).status_code == 204
    assert here.get("/auth/me").status_code == 200
    assert elsewhere.get("/auth/me").status_code == 401


def test_a_deactivated_account_is_out_at_once(people: People) -> None:
    admin, finance = people.signed_in("admin"), people.signed_in("finance")
    user_id = finance.get("/auth/me").json()["id"]
    assert admin.post(f"/users/{user_id}/deactivate").status_code == 204
    assert finance.get("/auth/me").status_code == 401
    again = finance.post("/auth/login", json={"email": "finance@example.com", "password": PASSWORD})
    assert again.status_code == 401


def test_an_administrator_lets_people_in(people: People) -> None:
    admin = people.signed_in("admin")
    asked = {"email": "new@example.com", "password": PASSWORD, "role": "finance"}
    assert admin.post("/users", json=asked).json()["role"] == "finance"
    assert admin.post("/users", json=asked).status_code == 409
    assert admin.post("/users", json={**asked, "role": "god"}).status_code == 422


def test_each_route_asks_for_its_permission(people: People) -> None:
    period = {"since": "2026-01-01", "until": "2026-12-31"}
    guarded = {
        "/clients": Permission.READ_CLIENTS,
        "/consultants": Permission.READ_CLIENTS,
        "/engagements": Permission.READ_CLIENTS,
        "/invoices": Permission.READ_INVOICES,
        "/reports/revenue": Permission.READ_REPORTS,
        "/report-runs": Permission.READ_REPORTS,
        "/audit": Permission.READ_AUDIT,
        "/audit/verification": Permission.READ_AUDIT,
    }
    for role in GRANTED:
        browser = people.signed_in(role)
        for path, permission in guarded.items():
            expected = 200 if allows(role, permission) else 403
            assert browser.get(path, params=period).status_code == expected, (role, path)


def test_nobody_reads_anything_without_signing_in(api: TestClient) -> None:
    open_to_all = {"/health", "/ready", "/version", "/auth/login"}
    paths = api.get("/openapi.json").json()["paths"]
    for path, methods in paths.items():
        for method in methods:
            if path in open_to_all:
                continue
            response = api.request(method, path.replace("{name}", "revenue"))
            assert response.status_code in (401, 422), (method, path)
            if response.status_code == 422:
                assert not allows("nobody", Permission.READ_CLIENTS)
