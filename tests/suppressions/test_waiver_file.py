"""`.infraguard/waivers.yaml`: what must be there, and where a mistake is."""

from __future__ import annotations

from datetime import date

import pytest

from infraguard.model.errors import ConfigError
from infraguard.suppressions import read_waivers

GATES = ("database/backup-retention", "tls/minimum-version")
WHOLE = {
    "gate": "database/backup-retention",
    "address": "module.db",
    "reason": "rebuilt nightly",
    "owner": "data-team",
    "expires": "2027-01-31",
}


def text(**changed: str | None) -> str:
    entries = [f"{key}: {value}" for key, value in {**WHOLE, **changed}.items() if value is not None]
    return "waivers:\n  - " + "\n    ".join(entries) + "\n"


def test_a_waiver_is_read_with_its_place() -> None:
    (waiver,) = read_waivers(text(unit="live"), GATES)
    assert (waiver.gate, waiver.address, waiver.unit) == ("database/backup-retention", "module.db", "live")
    assert waiver.expires == date(2027, 1, 31)
    assert str(waiver.location) == ".infraguard/waivers.yaml:2"
    assert waiver.words == ("waived until 2027-01-31 by data-team: rebuilt nightly (.infraguard/waivers.yaml:2)")


@pytest.mark.parametrize("nothing", ["", "# only a comment\n", "waivers: []\n"])
def test_a_file_may_be_empty(nothing: str) -> None:
    assert read_waivers(nothing, GATES) == ()


@pytest.mark.parametrize("name", list(WHOLE))
def test_none_of_the_five_can_be_left_out(name: str) -> None:
    with pytest.raises(ConfigError, match=f"waivers.yaml:2:5: '{name}' is missing"):
        read_waivers(text(**{name: None}), GATES)


@pytest.mark.parametrize(
    ("changed", "place", "why", "hint"),
    [
        ({"gate": "database/backup-retetion"}, "2:11", "no gate 'database/backup-retetion'", GATES[0]),
        ({"expires": "31.01.2027"}, "6:14", "'31.01.2027' is no day", "YYYY-MM-DD"),
        ({"expires": "2027-02-30"}, "6:14", "'2027-02-30' is no day", "YYYY-MM-DD"),
        ({"expires": "20270131"}, "6:14", "text is expected here", ""),
        ({"address": '"*"'}, "3:14", "means everything", "leave the gate out"),
        ({"reason": '""'}, "4:13", "text is expected here", ""),
        ({"until": "2027-01-31"}, "7:5", "unknown key 'until'", "unit"),
    ],
)
def test_a_mistake_has_its_place_and_what_is_near(changed: dict[str, str], place: str, why: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_waivers(text(**changed), GATES, shown="here/waivers.yaml")
    assert caught.value.message.startswith(f"here/waivers.yaml:{place}: ")
    assert why in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize("broken", ["waivers:\n  - gate: [\n", "waiver: []\n", "- gate: x\n", "waivers: 5\n"])
def test_what_is_no_file_of_waivers_is_refused(broken: str) -> None:
    with pytest.raises(ConfigError, match=r"waivers\.yaml:\d"):
        read_waivers(broken, GATES)
