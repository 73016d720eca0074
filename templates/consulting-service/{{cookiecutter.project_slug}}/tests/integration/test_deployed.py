"""A deployment, asked from outside: BASE_URL is its address."""

from __future__ import annotations

import os
from collections.abc import Iterator

import httpx2
import pytest

from {{ cookiecutter.package_name }}.middleware import SECURITY_HEADERS

pytestmark = pytest.mark.integration


@pytest.fixture
def deployed() -> Iterator[httpx2.Client]:
    """Somebody on the internet."""
    address = os.environ.get("BASE_URL") or pytest.skip("BASE_URL names no deployment")
    with httpx2.Client(base_url=address, timeout=10) as client:
        yield client


@pytest.mark.parametrize("path", ["/health", "/ready", "/version"])
def test_it_serves(deployed: httpx2.Client, path: str) -> None:
    assert deployed.get(path).status_code == 200


def test_its_answers_are_careful(deployed: httpx2.Client) -> None:
    headers = deployed.get("/health").headers
    assert {name: headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert headers["X-Request-ID"]


@pytest.mark.parametrize("path", ["/clients", "/invoices", "/audit", "/reports/revenue"])
def test_nobody_reads_without_signing_in(deployed: httpx2.Client, path: str) -> None:
    assert deployed.get(path).status_code == 401


@pytest.mark.parametrize("path", ["/metrics", "/docs", "/openapi.json"])
def test_what_is_for_us_is_not_for_everybody(deployed: httpx2.Client, path: str) -> None:
    if deployed.get("/version").json()["environment"] == "development":
        pytest.skip("development shows its documentation")
    assert deployed.get(path).status_code == 404


def test_a_wrong_password_is_refused(deployed: httpx2.Client) -> None:
    wrong = {"email": "nobody@example.com", "password": "not the password"}
    assert deployed.post("/auth/login", json=wrong).status_code in (401, 429)
