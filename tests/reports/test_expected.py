"""Every format on one report, as a whole."""

from __future__ import annotations

import pytest

from infraguard.reports.formats import FORMATS
from infraguard.reports.options import RenderOptions
from tests.reports.sample import CLEAN, NOTHING, POLICIES, REPORT
from tests.reports.stored import assert_as_stored

PLAIN = RenderOptions(policies=POLICIES)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_writes_what_is_stored(name: str) -> None:
    ending = "txt" if name == "console" else name
    assert_as_stored(f"report.{ending}", "".join(FORMATS[name](REPORT, PLAIN)))


def test_console_in_colour() -> None:
    assert_as_stored("report-color.txt", "".join(FORMATS["console"](REPORT, RenderOptions(color=True, width=100))))


def test_console_on_a_narrow_terminal_without_unicode() -> None:
    options = RenderOptions(width=50, unicode=False, verbose=True, folder="examples/insecure")
    assert_as_stored("report-narrow-ascii-verbose.txt", "".join(FORMATS["console"](REPORT, options)))


def test_console_of_a_clean_scan() -> None:
    assert_as_stored("clean.txt", "".join(FORMATS["console"](CLEAN, PLAIN)))


def test_console_when_nothing_was_judged() -> None:
    assert_as_stored("nothing.txt", "".join(FORMATS["console"](NOTHING, PLAIN)))


def test_sarif_below_the_root_of_a_repository() -> None:
    assert_as_stored("report-folder.sarif", "".join(FORMATS["sarif"](REPORT, RenderOptions(folder="services/billing"))))
