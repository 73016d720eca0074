"""What holds for every test, and tables at the end of a run: which tool said what of which generated project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol

import pytest
from hypothesis import HealthCheck, settings

#: How long an example takes says how busy the machine is, and nothing of what is tested.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

#: Where a report of a test carries its lines; pytest-xdist brings them from the process that ran the test.
_PROPERTY: Final = "told"

Table = dict[str, dict[str, str]]


class Tell(Protocol):
    """Puts cells into a line of a table that is written when all tests have run."""

    def __call__(self, table: str, line: str, cells: Mapping[str, str]) -> None:
        """`cells` are texts by their columns."""


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    def add(table: str, line: str, cells: Mapping[str, str]) -> None:
        request.node.user_properties.append((_PROPERTY, (table, line, dict(cells))))

    return add


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write the tables."""
    reports = (report for state in ("passed", "failed") for report in terminalreporter.getreports(state))
    for title, table in sorted(_tables(reports).items()):
        terminalreporter.section(title)
        for text in written(table):
            terminalreporter.write_line(text)


def _tables(reports: Iterator[Any]) -> dict[str, Table]:
    tables: dict[str, Table] = {}
    for report in reports:
        for name, value in getattr(report, "user_properties", ()):
            if name == _PROPERTY:
                title, line, cells = value
                tables.setdefault(title, {}).setdefault(line, {}).update(cells)
    return tables


def written(table: Table) -> Iterator[str]:
    """The lines of a table, in columns, sorted by what they are of."""
    columns = list(dict.fromkeys(column for cells in table.values() for column in cells))
    rows = [
        ["", *columns],
        *([line, *(cells.get(one, "") for one in columns)] for line, cells in sorted(table.items())),
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
