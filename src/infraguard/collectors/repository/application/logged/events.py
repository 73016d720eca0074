"""Events that the application logs, of the kinds that must be: a few witnesses of each."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from infraguard.collectors.repository.python.modules import Call, Module, resource
from infraguard.model.evidence import Resource
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern

KINDS: Final = ("log_event",)
CONCERNS: Final = pattern(
    rb"(?i)\b(?:log|logger|_log|_logger|logging|audit_log|event_log)\s*(?:\(\))?\.(?:a?(?:info|warning|warn|error|exception|critical|debug|log|success))\("
)
_METHODS: Final = frozenset(
    prefix + name
    for prefix in ("", "a")
    for name in ("info", "warning", "warn", "error", "exception", "critical", "debug", "log", "success")
)
_FOR_DEBUGGING: Final = Unknown(
    "lines for debugging alone tell of it, and production may leave these out",
    remedy="log what must be known afterwards by `info` or above",
)
_LOGGER: Final = pattern(r"(?i)log(?:ger|ging|uru)?(?:\(\))?$|getlogger\(\)$|get_logger\(\)$|structlog")
#: What a message, its fields or the function around it speak of.
_CATEGORIES: Final = {
    "authentication": pattern(
        r"(?i)log(?:ged)?[ _.-]?(?:in|out)\b|authenticat|sign(?:ed)?[ _-]?(?:in|out|up)\b|"
        r"password(?![ _]reset_)|"
        r"(?:invalid|wrong|bad|incorrect)[ _]credentials?|\bauth[._](?:success|fail|ok|login)|invalid token|"
        r"(?:token|session) (?:expired|created|revoked)|\b(?:2|m)fa\b"
    ),
    "authorization": pattern(
        r"(?i)denied|forbidden|un?authori[sz]|not[ _](?:allowed|permitted)|"
        r"permission(?:[ _](?:missing|required|check)|s? error)|"
        r"(?:no|not have|lacks?|missing|without|insufficient)[ _](?:\w+[ _]){0,2}permission|"
        r"\bauthz|access[ _](?:control|refused|granted)"
    ),
    "financial": pattern(
        r"(?i)invoice|payment|refund|payout|\bcharge|billing|ledger|(?:financial|bank|money)[ _]transaction|reconcil"
    ),
    "slow": pattern(r"(?i)\bslow|\btook\b|duration|elapsed|latency|exceeded .*(?:time|threshold)|_ms\b"),
}
#: What a program is refused itself, and what it asks others for, is no refusal and no login of those who use it.
_OWN: Final = {
    "authentication": pattern(
        r"(?i)\b(?:fetch|request|acquir|obtain|retriev|gett?|refresh|renew)(?:s|ed|es|ing|e)? (?:[\w-]+ ){0,4}token"
    ),
    "authorization": pattern(
        r"(?i)\bS3\b|\bbucket|\bAWS\b|\bIAM\b|\bDynamoDB\b|\berrno\b|\b(?:file|folder|director(?:y|ies)|path)\b"
    ),
}


def read(module: Module) -> Iterator[Resource]:
    """The first event of each kind that a module logs, and the first of each in lines for debugging."""
    seen: set[str] = set()
    for call in module.calls:
        if call.last not in _METHODS or not _LOGGER.search(call.name.rpartition(".")[0]):
            continue
        for category in _categories(module, call):
            is_for_debugging = call.last.endswith("debug")
            label = f"event/{category}/debug" if is_for_debugging else f"event/{category}"
            if label not in seen:
                seen.add(label)
                values = {"category": category, "is_seen": _FOR_DEBUGGING if is_for_debugging else True}
                yield resource("log_event", module.path, call.node.lineno, label, values)


def _categories(module: Module, call: Call) -> Iterator[str]:
    message = module.text(call.argument("event", 0)) or ""
    fields = " ".join(keyword.arg or "" for keyword in call.node.keywords)
    said = f"{message} {fields} {call.scope.rpartition('.')[2]}"
    found = (category for category, words in _CATEGORIES.items() if words.search(said))
    yield from (category for category in found if category not in _OWN or not _OWN[category].search(message))
    has_cause = any(
        keyword.arg == "exc_info" and not (isinstance(keyword.value, ast.Constant) and not keyword.value.value)
        for keyword in call.node.keywords
    )
    if call.last.removeprefix("a") in ("exception", "critical", "error") or has_cause:
        yield "error"
