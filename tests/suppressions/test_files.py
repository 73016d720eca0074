"""`.infraguard/waivers.yaml`: all of a waiver is required, and every mistake is named at its place."""

from __future__ import annotations

from datetime import date

import pytest

from infraguard.model.errors import ConfigError
from infraguard.suppressions import read_waivers

GATES = {"database/backup-retention", "database/no-public-access"}
GOOD = """\
waivers:
  - gate: database/backup-retention
    address: module.reports.aws_db_instance.this
    reason: rebuilt every night
    owner: data-team
    expires: 2027-01-31
"""


def test_a_waiver_is_read_with_its_place() -> None:
    (waiver,) = read_waivers(GOOD, GATES)
    assert (waiver.gate, waiver.address) == ("database/backup-retention", "module.reports.aws_db_instance.this")
    assert (waiver.owner, waiver.expires, waiver.location.line) == ("data-team", date(2027, 1, 31), 2)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "waivers: []\n"])
def test_none_is_none(text: str) -> None:
    assert read_waivers(text, GATES) == ()


@pytest.mark.parametrize("key", ["gate", "address", "reason", "owner", "expires"])
def test_each_part_is_required(key: str) -> None:
    lines = [line for line in GOOD.splitlines() if f"{key}:" not in line]
    if key == "gate":
        lines[1] = lines[1].replace("    address", "  - address")
    with pytest.raises(ConfigError, match=f"'{key}' is missing"):
        read_waivers("\n".join(lines), GATES)


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("backup-retention", "backup-retentoin", r"waivers\.yaml:2:11: no gate 'database/backup-retentoin'"),
        ("2027-01-31", "2027-02-31", "'2027-02-31' is no day"),
        ("2027-01-31", "soon", "'soon' is no day"),
        ("2027-01-31", "20270131", "is no day|text is expected"),
        ("module.reports.aws_db_instance.this", '"*"', "waives the whole gate"),
        ("owner:", "ower: x\n    owner:", "unknown key 'ower'"),
        ("waivers:", "waiver:", "unknown key 'waiver'"),
        ("rebuilt every night", '" "', "text is expected"),
        ("  - gate", " - gate: [", r"waivers\.yaml:\d+"),
    ],
)
def test_a_mistake_is_named_at_its_place(before: str, after: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        read_waivers(GOOD.replace(before, after), GATES)
