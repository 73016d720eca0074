"""Reports and invoices as PDF, the same bytes for the same content."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape  # nosec B406 # writes text, and parses nothing

import structlog
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

log = structlog.get_logger(__name__)

#: DejaVu, which the image has, knows most of the world's letters; Vera comes with the library and knows fewer.
_FONTS = (Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"), Path("Vera.ttf"))

#: Beyond this many rows a PDF serves nobody: the CSV has them all.
MAX_ROWS = 2000


@cache
def _font() -> TTFont:
    font = TTFont("Text", str(next((path for path in _FONTS if path.is_file()), _FONTS[-1])))
    pdfmetrics.registerFont(font)
    return font


def report_pdf(title: str, subtitle: str, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Lay a report out as a table."""
    heads = [name.replace("_", " ") for name in rows[0]] if rows else ["no rows"]
    table = [heads, *[[str(cell) for cell in row.values()] for row in rows[:MAX_ROWS]]]
    story: list[Flowable] = [_line(title, 16), _line(subtitle, 9), Spacer(1, 6 * mm), _table(table)]
    if len(rows) > MAX_ROWS:
        story.append(_line(f"{len(rows) - MAX_ROWS} more rows are in the CSV.", 9))
    return _document(title, story)


def invoice_pdf(
    issuer: str,
    facts: Mapping[str, str],
    lines: Sequence[Sequence[str]],
    sums: Mapping[str, str],
) -> bytes:
    """Lay an invoice out: who, what, and how much."""
    story: list[Flowable] = [_line(issuer, 16), Spacer(1, 6 * mm)]
    story += [_line(f"{name}: {value}", 9) for name, value in facts.items()]
    heads = ["Date", "Hours", "Rate", "Amount"]
    story += [Spacer(1, 6 * mm), _table([heads, *lines]), Spacer(1, 6 * mm)]
    story += [_line(f"{name}: {value}", 11) for name, value in sums.items()]
    return _document("Invoice", story)


def undrawable(text: str) -> str:
    """The letters that the font has not: on paper they would be boxes."""
    glyphs = _font().face.charToGlyph
    return "".join(letter for letter in text if letter.isprintable() and ord(letter) not in glyphs)


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    boxes = undrawable(text)
    if boxes:
        log.warning("pdf.undrawable", letters=sorted(set(boxes)))
    return Paragraph(escape(text), style)


def _line(text: str, size: int) -> Paragraph:
    style = ParagraphStyle("line", fontName=_font().fontName, fontSize=size, leading=size * 1.4)
    return _paragraph(text, style)


def _table(cells: Sequence[Sequence[str]]) -> Table:
    small = ParagraphStyle("cell", fontName=_font().fontName, fontSize=8, leading=10)
    table = Table([[_paragraph(cell, small) for cell in row] for row in cells], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#e8edf2")),
                ("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.HexColor("#9aa5b1")),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
    )
    return table


def _document(title: str, story: list[Flowable]) -> bytes:
    file = io.BytesIO()
    SimpleDocTemplate(
        file,
        pagesize=landscape(A4),
        title=title,
        invariant=1,
        leftMargin=15 * mm,
        rightMargin=15 * mm,
        topMargin=15 * mm,
        bottomMargin=15 * mm,
    ).build(story)
    return file.getvalue()
