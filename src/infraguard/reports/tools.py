"""What other tools found, in the console report: the worst first, each in one line and its own words."""

from __future__ import annotations

from typing import Final

from infraguard.model.findings import ToolFinding, ToolResult
from infraguard.reports.options import RenderOptions
from infraguard.reports.ordering import tool_finding_order
from infraguard.reports.page import Page
from infraguard.reports.text import shortened
from infraguard.reports.words import SEVERITY_STYLES, many, place_words

#: More findings of one tool are counted, unless everything was asked for.
MAX_LISTED: Final = 20


def tools_part(page: Page, results: tuple[ToolResult, ...], options: RenderOptions) -> None:
    """One part for each tool, also for one that found nothing: that it ran is worth a line."""
    for result in results:
        seen = sorted((one for one in result.findings if not one.suppression), key=tool_finding_order)
        suppressed = len(result.findings) - len(seen)
        count = many(len(seen), "finding") if seen else "nothing found"
        more = f", {suppressed} suppressed" if suppressed else ""
        page.heading((f"{result.tool} {result.version}".rstrip(), "bold"), (f"  {count}{more}", "dim"))
        for said in result.switched_off:
            page.prose((f"Switched off by the repository: {said}.", "yellow"), indent=2)
        listed = seen if options.verbose else seen[:MAX_LISTED]
        for finding in listed:
            _finding(page, finding, options)
        if len(listed) < len(seen):
            page.line((f"and {len(seen) - len(listed)} more: --verbose lists them", "dim"), indent=2)


def _finding(page: Page, finding: ToolFinding, options: RenderOptions) -> None:
    place = place_words(finding.location, options.folder)
    page.line(
        (f"{finding.severity.value:<8}  ", SEVERITY_STYLES[finding.severity]),
        (place, "cyan"),
        f"  {finding.rule}" if place else finding.rule,
        indent=2,
    )
    page.prose(shortened(finding.message), indent=12)
