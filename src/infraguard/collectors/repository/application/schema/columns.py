"""Columns of models: their type, whether they hold money, and what a reader of queries would look up by them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from infraguard.collectors.repository.application.schema.other_languages import in_english
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern

#: Kinds of type by the names that SQLAlchemy, PostgreSQL's dialect and Django have for them.
_TYPES: Final = {
    "float": ("Float", "FLOAT", "REAL", "DOUBLE", "DOUBLE_PRECISION", "Double", "FloatField", "float"),
    "numeric": ("Numeric", "NUMERIC", "DECIMAL", "Decimal", "DecimalField", "MONEY", "condecimal", "MoneyField"),
    "integer": (
        *("Integer", "INTEGER", "BigInteger", "BIGINT", "SmallInteger", "SMALLINT", "int", "IntegerField"),
        *("BigIntegerField", "PositiveIntegerField", "SmallIntegerField", "PositiveSmallIntegerField"),
        *("PositiveBigIntegerField", "AutoField", "BigAutoField"),
    ),
    "date": ("Date", "DATE", "date", "DateField"),
    "datetime": ("DateTime", "TIMESTAMP", "datetime", "DateTimeField", "AwareDateTime", "TIMESTAMPTZ"),
    "string": (
        "String",
        "Text",
        "TEXT",
        "VARCHAR",
        "Unicode",
        "UnicodeText",
        "str",
        "CharField",
        "TextField",
        "CITEXT",
    ),
    "boolean": ("Boolean", "BOOLEAN", "bool", "BooleanField"),
    "uuid": ("Uuid", "UUID", "UUIDField"),
    "json": ("JSON", "JSONB", "dict", "JSONField", "ARRAY", "list", "List", "Dict"),
    "enum": ("Enum", "ENUM", "StringEnum"),
}
_BY_NAME: Final = {name: kind for kind, names in _TYPES.items() for name in names}
#: How people end the names of types of their own for moments.
_OWN_TIMES: Final = pattern(r"(?i)(?:date_?time|time_?stamp)(?:tz|utc)?\Z")
_SURE: Final = frozenset(
    {
        *("price", "prices", "fee", "fees", "salary", "wage", "revenue", "subtotal", "payout", "refund", "refunded"),
        *("budget", "turnover", "surcharge", "money", "cost", "costs", "invoiced", "earnings", "expense"),
    }
)
_MAYBE: Final = frozenset(
    {
        *("amount", "amounts", "total", "balance", "rate", "charge", "credit", "debit", "discount", "tax", "paid"),
        *("due", "payment", "commission", "deposit", "vat", "net", "gross", "outstanding"),
    }
)
#: Words that make of a figure something else than money, whatever stands beside them.
_NEVER: Final = frozenset(
    {
        *("score", "ratio", "percent", "percentage", "pct", "probability", "factor", "weight", "count", "confidence"),
        *(
            "id",
            "ids",
            "at",
            "date",
            "status",
            "type",
            "code",
            "name",
            "number",
            "method",
            "currency",
            "error",
            "success",
        ),
        *(
            "conversion",
            "bounce",
            "sample",
            "frame",
            "frames",
            "interest",
            "exchange",
            "growth",
            "churn",
            "hit",
            "miss",
        ),
        *("time", "seconds", "ms", "bytes", "tokens", "distance", "duration", "precision", "quantity", "units", "days"),
        *(
            "hours",
            "minutes",
            "latency",
            "limit",
            "level",
            "index",
            "key",
            "hash",
            "url",
            "path",
            "file",
            "text",
            "note",
        ),
    }
)
#: Words after a name of money that say in what it is counted.
_UNITS: Final = frozenset(
    {"cents", "cent", "usd", "eur", "gbp", "minor", "pence", "per", "hour", "day", "month", "year", "unit", "basis"}
    | {"hourly", "daily", "weekly", "monthly", "quarterly", "yearly", "annual", "annually"}
)
#: Kinds of column that hold no figure at all.
_NO_FIGURES: Final = frozenset({"boolean", "date", "datetime", "json", "enum", "uuid"})
_RATES: Final = frozenset({"hourly", "daily", "day", "billing", "bill", "pay", "billable", "standard", "consultant"})
_FINANCE: Final = pattern(
    r"(?i)invoice|payment|order|bill|ledger|account|transaction|price|pricing|salary|payroll|expense|subscription|"
    r"wallet|quote|refund|payout|budget|cost|tax|fee|money|financ|loan|credit|donation|purchase|sale|rate_?card|checkout"
)
#: Budgets of what may go wrong, or be used, before somebody steps in.
_OTHER_BUDGET: Final = pattern(
    r"(?i)(?:error|risk|failure|retry|latency|downtime|availability|performance|token|context|attention|carbon|thinking)_?budget"
)
#: What a day of trading is told by, and tables of such days.
_OF_TRADING: Final = frozenset({"open", "high", "low", "close", "vwap"})
_TRADED: Final = pattern(r"(?i)price|candle|ohlc|kline|quote|(?:market|daily)_?bar|stock_?data")
_WORD: Final = pattern(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
#: How a date is called that lists are made by; the ends of a period describe a row, and select none.
_DAYS: Final = frozenset({"date", "day", "on"})
_ENDS: Final = frozenset({"start", "starts", "end", "ends", "valid", "period", "from", "until", "birth"})
_QUEUED: Final = frozenset({"status", "state"})
#: What is so called of a person is no step of a process, by which lists are made.
_OF_PEOPLE: Final = frozenset({"marital", "civil", "employment", "smoking", "immigration", "citizenship"})
_ADDRESS: Final = pattern(
    r"(?i)(?:^|_)(?:city|town|zip(?:_?code)?|postal_?code|postcode|street|ciudad|cidade|municipio|"
    r"cep|rua|calle|codigo_?postal)(?:_|$)"
)


def type_kind(name: str) -> str:
    """The kind of a type by its last name, also of one's own that says it at its end; `other` for what is not known."""
    last = name.rpartition(".")[2]
    own = _OWN_TIMES.search(last)
    return _BY_NAME.get(last) or ("datetime" if own else "other")


def is_money(column: str, owner: str, kind: str) -> bool | Unknown:
    """Whether a column holds money, by its name and that of its table.

    Scores, ratios and rates per second are none. A name that may mean money, in a table that has nothing else of it, is
    unknown.
    """
    spoken, about = _spoken(column), _about(owner)
    while len(spoken) > 1 and spoken[-1] in _UNITS:
        spoken.pop()
    words = set(spoken)
    if spoken and spoken[-1] in _OF_TRADING and kind not in _NO_FIGURES and _TRADED.search(about):
        return True
    if not spoken or kind in _NO_FIGURES or words & _NEVER or spoken[-1] not in _SURE | _MAYBE:
        return False
    if spoken[-1] == "budget" and _OTHER_BUDGET.search(f"{owner} {column}"):
        return False
    is_priced = spoken[-1] in ("amount", "amounts", "total") and bool(words & _SURE)
    if spoken[-1] in _SURE or is_priced or ("rate" in words and words & _RATES):
        return True
    if _FINANCE.search(about):
        return spoken[-1] != "rate" or "rate" in owner.lower()
    if len(spoken) > 1 and (spoken[-1] == "rate" or (spoken[-1] == "total" and _counts(spoken[-2]))):
        return False
    return Unknown(
        f"{column!r} of {owner} may be money, and may be not",
        (f"{owner}.{column}",),
        remedy="make it Numeric if it is money, or name it for what it measures",
    )


def _spoken(name: str) -> list[str]:
    """The words of a name, in English."""
    return in_english([word.lower() for word in _WORD.findall(name)])


def _about(owner: str) -> str:
    """What a table is about: its name, as it is and in English."""
    return f"{owner} {' '.join(_spoken(owner))}"


def _counts(word: str) -> bool:
    """Whether a total of it is a number of things: `messages_total`, and not `payments_total`."""
    return word.endswith("s") and word not in _SURE and word.removesuffix("s") not in _SURE | _MAYBE


def is_never_negative(column: str, owner: str, kind: str) -> bool | Unknown:
    """Whether business does not let it be negative: rates, hours, prices, amounts that are billed.

    What may be money, and may be not, may be such an amount.
    """
    words = set(_spoken(column))
    if kind not in ("float", "numeric", "integer") or words & {
        "balance",
        "delta",
        "change",
        "adjustment",
        "discrepancy",
    }:
        return False
    if "hours" in words or "quantity" in words:
        return kind != "integer" or bool(_FINANCE.search(_about(owner)))
    return not words & {"credit", "debit", "net", "outstanding", "refund", "tax"} and is_money(column, owner, kind)


def queried_as(column: str, kind: str, has_reference: bool, beside: Iterable[str] = (), *, often: bool = False) -> str:
    """As what queries look a column up: a reference, a status, a date; nothing otherwise.

    Most moments describe a row, and select none: one counts where queries compare it at several places (`often`). The
    state beside a city or a postal code, which are among the columns `beside`, is one of a country.
    """
    if has_reference:
        return "foreign key"
    words = _spoken(column)
    if words[-1:] == ["state"] and any(_ADDRESS.search(name) for name in beside):
        return ""
    is_queued = len(words) in (1, 2) and words[-1] in _QUEUED and words[0] not in _OF_PEOPLE
    if is_queued and kind in ("string", "enum", "other"):
        return "status"
    if kind == "datetime" and often:
        return "date"
    return "date" if kind == "date" and words and words[-1] in _DAYS and words[0] not in _ENDS else ""
