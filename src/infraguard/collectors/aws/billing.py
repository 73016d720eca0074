"""What AWS itself reports of costs: cost and usage reports, and the data exports that came after them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from infraguard.collectors.aws.answers import Answer, Field, always, at, attributes, maybe, moment
from infraguard.collectors.aws.calls import Calls
from infraguard.collectors.aws.reader import Reader, listing
from infraguard.model.evidence import Resource
from infraguard.model.values import ABSENT, Unknown, Value
from infraguard.readers.patterns import pattern

_EXPORT = "aws_bcmdataexports_export"
_FROM = pattern(r"\bFROM\s+\"?(\w+)", re.IGNORECASE)
_NO_DELIVERY = Unknown(
    "AWS names no delivery of it: the first comes within a day of the report being made",
    remedy="scan again a day after the report was made",
)


def _delivery(answer: Answer) -> Value:
    said = at(answer, ("ReportStatus", "lastDelivery"))
    if not isinstance(said, str):
        return _NO_DELIVERY
    try:  # as in 20260101T120000Z, by the pattern of `LastDelivery` in the API
        return datetime.strptime(said, "%Y%m%dT%H%M%S%z").isoformat()
    except ValueError:
        return Unknown(f"AWS names {said!r} as its last delivery", remedy="look at the report in the billing console")


def _delivered(answer: Answer) -> Value:
    status = at(answer, ("ReportStatus", "lastStatus"))
    return _NO_DELIVERY if status is ABSENT else status


def _table(export: Value) -> Value:
    """What an export is of: the table that its query reads."""
    if isinstance(export, Unknown) or not isinstance(export, dict):
        return export
    query = always("DataQuery", "QueryStatement")(export)
    if not isinstance(query, str):
        return query
    found = _FROM.search(query)
    return found[1].upper() if found else Unknown(f"its query names no table: {query}", remedy="look at the export")


_REPORT: dict[str, Field] = {
    "id": always("ReportName"),
    "report_name": always("ReportName"),
    "time_unit": maybe("TimeUnit"),
    "s3_bucket": maybe("S3Bucket"),
    "s3_region": maybe("S3Region"),
    "last_status": _delivered,
    "last_delivery": _delivery,
}
_EXPORT_FIELDS: dict[str, Field] = {
    "id": always("ExportArn"),
    "arn": always("ExportArn"),
    "name": maybe("ExportName"),
    "status": always("ExportStatus", "StatusCode"),
    "status_reason": maybe("ExportStatus", "StatusReason"),
    "last_refreshed": moment("ExportStatus", "LastRefreshedAt"),
}


def _exports(calls: Calls, kinds: frozenset[str]) -> Iterator[Resource]:
    """Data exports, each with the table that it is of."""
    answers = calls.items("ListExports", "Exports", kinds)

    def table(answer: Answer) -> Value:
        arn = answer.get("ExportArn")
        return _table(calls.one("GetExport", "Export", ExportArn=arn)) if arn else Unknown("it has no ARN")

    for answer, found in zip(answers, calls.map(table, answers), strict=True):
        yield from calls.found(_EXPORT, "ListExports", {**attributes(answer, _EXPORT_FIELDS), "table": found})


READERS = (
    listing(
        *("cur", "aws_cur_report_definition", "DescribeReportDefinitions", "ReportDefinitions", _REPORT),
        of_the_account=True,
    ),
    Reader(
        service="bcm-data-exports",
        operations={_EXPORT: ("ListExports", "GetExport")},
        attributes={_EXPORT: (*_EXPORT_FIELDS, "table")},
        read=_exports,
        of_the_account=True,
    ),
)
