"""CSV that a spreadsheet opens as text, row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

#: A cell that begins so is a formula to a spreadsheet, and may be an attack on whoever opens it.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def guarded(cell: Any) -> str:
    """Give a cell's text, with an apostrophe before it where it would be a formula. Negative numbers are none."""
    text = "" if cell is None else str(cell)
    if text.startswith(FORMULA_STARTS) and not _is_number(text):
        return f"'{text}"
    return text


def csv_rows(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Write rows one at a time: the first one's keys are the header."""
    line = io.StringIO()
    writer = csv.writer(line)
    for number, row in enumerate(rows):
        if number == 0:
            writer.writerow([guarded(name) for name in row])
        writer.writerow([guarded(cell) for cell in row.values()])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isascii() and (
        text.removeprefix("-").replace(".", "", 1).isdigit()
    )
