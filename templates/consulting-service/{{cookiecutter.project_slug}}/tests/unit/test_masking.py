from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.masking import MASK, masked, masked_text

words = st.text(st.characters(categories=["Ll"], max_codepoint=127), min_size=1, max_size=12)
emails = st.builds(lambda one, two, at: f"{one}.{two}@{at}.example", words, words, words)
around = st.sampled_from(["", " ", "to ", '{"x": "', "<", "("])


@given(before=around, email=emails)
def test_an_email_address_never_stays(before: str, email: str) -> None:
    line = {"event": f"{before}{email}", "deep": [{"list": (email,)}], email: 1}
    assert email not in json.dumps(masked(line))


@pytest.mark.parametrize(
    "secret",
    [
        "4111 1111 1111 1111",
        "5500-0000-0000-0004",
        "DE89 3704 0044 0532 0130 00",
        "GB82WEST12345698765432",
    ],
)
def test_card_and_account_numbers_never_stay(secret: str) -> None:
    assert masked_text(f"paid with {secret} today") == f"paid with {MASK} today"


@pytest.mark.parametrize(
    "text",
    ["2026-11-25T23:00:00.123456Z", "4111 1111 1111 1112", "invoice 1234567890123 of", "7.50"],
)
def test_what_is_none_stays(text: str) -> None:
    assert masked_text(text) == text


@pytest.mark.parametrize(
    "key",
    [
        "password",
        "Authorization",
        "set-cookie",
        "billing_email",
        "userEmail",
        "access_token",
        "IBAN",
        "name",
    ],
)
def test_some_keys_are_masked_whatever_they_hold(key: str) -> None:
    assert masked({key: 42}) == {key: MASK}
    assert masked({key: None}) == {key: None}


def test_a_password_in_an_address_never_stays() -> None:
    assert "hunter2" not in masked_text(
        "cannot reach postgresql+psycopg://app:hunter2@db:5432/portal"
    )


def test_everything_else_stays() -> None:
    line = {
        "status": 200,
        "ok": True,
        "ms": 1.5,
        "route": "/clients",
        "none": None,
        "of": [1, "two"],
    }
    assert masked(line) == line
    assert masked({"when": {1, 2}}) == {"when": [1, 2]}
    assert masked({"what": object}) == {"what": "<class 'object'>"}
