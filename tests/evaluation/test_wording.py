"""What messages say of what is there, and of what is not."""

from __future__ import annotations

import pytest

from infraguard.evaluation.wording import fill
from infraguard.model.evidence import Resource, Source
from infraguard.model.values import Location, Unknown, Value


def job(**attributes: Value) -> Resource:
    return Resource(
        source=Source.REPO, kind="job", id="nightly", unit=".", location=Location("a.yml", 3), attributes=attributes
    )


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ({"days": 7}, "nightly runs every 7 days"),
        ({"days": 0}, "nightly runs every 0 days"),
        ({}, "nightly runs every (no schedule) days"),
        ({"days": ""}, "nightly runs every (no schedule) days"),
        ({"days": []}, "nightly runs every (no schedule) days"),
        ({"days": Unknown("var.days has no value", ("var.days",))}, "nightly runs every unknown days"),
    ],
)
def test_a_message_has_words_of_its_own_for_what_is_not_set(attributes: dict[str, Value], words: str) -> None:
    assert fill("{id} runs every {days|(no schedule)} days", job(**attributes), None, {}) == words


def test_without_words_of_its_own_what_is_not_set_is_absent() -> None:
    assert fill("{id} runs every {days} days", job(), None, {}) == "nightly runs every absent days"


def test_a_parameter_comes_before_what_is_seen() -> None:
    assert fill("{days|none}", job(days=7), None, {"days": 30}) == "30"
