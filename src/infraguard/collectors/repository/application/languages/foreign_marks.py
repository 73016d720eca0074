"""What code in other languages than Python says in full by a few words: an agent that it loads, a logger of JSON.

What such words do not say stays unknown. A library that is only depended on does nothing yet, but for those that start
with the framework.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from infraguard.collectors.repository.application.languages.foreign import code_files
from infraguard.collectors.repository.application.logged.log_masks import masked_by
from infraguard.collectors.repository.application.telemetry.tracing import with_measures
from infraguard.collectors.repository.python.modules import resource
from infraguard.model.evidence import Resource
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, text_or_empty

#: What an application sets up in one place: where that is found, nothing else is looked for.
SAID_ONCE: Final = frozenset({"log_setup"})
_LOADS: Final = r"""(?:require\(|import\s+(?:[\w{{}}*, ]+\s+from\s+)?|import\()['"]{}['"]"""
#: What traces by being loaded, started or depended on, by the agent's name.
_TRACERS: Final = {
    "newrelic": pattern(
        _LOADS.format("newrelic") + r"|^[ \t]*gem ['\"]newrelic_rpm['\"]|\bnewrelic\.NewApplication\("
        r"|\s(?:-r|--require|--import)[\s=]newrelic\b",
        re.MULTILINE,
    ),
    "ddtrace": pattern(
        r"require\(['\"]dd-trace(?:/init)?['\"]\)\.init|['\"]dd-trace/init['\"]|\btracer\.init\(|\bDatadog\.configure\b"
        r"|\bddtracer?\.Start\(|\s(?:-r|--require|--import)[\s=]dd-trace\b"
    ),
    "elasticapm": pattern(
        r"['\"]elastic-apm-node/start['\"]|require\(['\"]elastic-apm-node['\"]\)\.start"
        r"|^[ \t]*gem ['\"]elastic-apm['\"]",
        re.MULTILINE,
    ),
    "opentelemetry": pattern(
        r"\bnew NodeSDK\(|auto-instrumentations-node/register|opentelemetry-spring-boot-starter"
        r"|OpenTelemetry::SDK\.configure|\botel(?:http\.NewHandler|(?:gin|mux|echo)\.Middleware|chi\.\w+)"
        r"|micrometer-tracing-bridge|spring-cloud-starter-sleuth|\.AddOpenTelemetry\("
    ),
    "aws_xray_sdk": pattern(r"(?i)\bxray\.express\.openSegment|capturehttpsglobal\(|\bxray\.Handler\("),
    "applicationinsights": pattern(
        r"(?i)app-?insights\.setup\(|applicationinsights-runtime-attach|AddApplicationInsightsTelemetry"
    ),
    "sentry": pattern(r"\b(?:tracesSampleRate|traces_sample_rate)\b[\"']?\s*[:=]\s*(?:1\b|0?\.0*[1-9])"),
    "others": pattern(r"^[ \t]*gem ['\"](?:scout_apm|skylight|appsignal|honeycomb-beeline)['\"]", re.MULTILINE),
}
_PROMETHEUS: Final = pattern(
    r"\bnew\s+(?:\w+\.)?(?P<type>Histogram|Summary|Counter|Gauge)\(\s*\{(?P<given>[^}]*\bname:\s*['\"`](?P<name>\w+)[^}]*)"
)
_LABELS: Final = pattern(r"labelNames:\s*\[([^\]]*)\]")
_BUNDLE: Final = pattern(r"\b\w*[bB]undle\(\s*\{(?P<given>[^)]*)\}")
_WORD: Final = pattern(r"['\"`](\w+)['\"`]")
#: Loggers that write JSON with a level, whatever else is set.
_JSON: Final = {
    "pino": pattern(
        _LOADS.format("(?:pino|pino-http|nestjs-pino|express-pino-logger)") + r"|\bfastify\(\{\s*logger:\s*true"
    ),
    "winston": pattern(r"\bwinston\b[\s\S]*(?:\bjson\(\)|logstash\(\)|ecsFormat|JSON\.stringify)"),
    "bunyan": pattern(r"\bbunyan\.createLogger\("),
    "java": pattern(
        r"(?:Logstash|Json|Ecs|LoggingEventCompositeJson)Encoder\b|JsonTemplateLayout|JsonLayout|EcsLayout"
        r"|logging\.structured\.format\.console"
    ),
    "go": pattern(r"\bzap\.NewProduction\(|\bslog\.NewJSONHandler\(|logrus\.JSONFormatter|\bzerolog\.New\(os\.Std"),
    "monolog": pattern(r"monolog\.formatter\.json|\bformatter['\"]?\s*(?::|=>)\s*['\"]?[\w\\\\]*[jJ]son"),
    "dotnet": pattern(r"CompactJsonFormatter|Serilog[\w.]*JsonFormatter|\.AddJsonConsole\("),
}
#: What makes the lines of these loggers ones for people.
_PRETTY: Final = pattern(r"pino-pretty|prettyPrint")
_ONLY_HERE: Final = pattern(r"(?i)\bprod(?:uction)?\b|isdev|\bdevelopment\b|is_?local|node_env")
_PLAIN: Final = pattern(r"\bcreateLogger\(\s*\{[\s\S]*\b(?:printf|simple|cli|colorize)\(")
_REDACTS: Final = pattern(r"\bredact:\s*[\[{]")
#: How much of what follows lists the fields.
_LISTED: Final = 400
_FILTERS: Final = pattern(
    r"filter_parameters\s*\+?=[^\n\]]*(?:\n[^\]]*)?:(?:e?mail|\w*name|phone|address|ssn|\w*birth|nino)\w*"
)
_RAILS_ID: Final = pattern(r"(?m)^[ \t]*config\.log_tags\s*=\s*\[[^\]]*:(?:request_id|uuid)")
_LOGS_IDS: Final = pattern(_LOADS.format("(?:pino-http|nestjs-pino|express-pino-logger)"))


def marked(tree: Tree) -> Iterator[Resource]:
    """What the code of other languages says in full."""
    for path in code_files(tree):
        text = text_or_empty(tree, path)
        yield from _tracing(text, path)
        yield from _metrics(text, path)
        yield from _logging(text, path)


def _tracing(text: str, path: str) -> Iterator[Resource]:
    for library, mark in _TRACERS.items():
        if found := mark.search(text):
            values = {"library": library, "traces": True}
            yield from with_measures(resource("tracing_setup", path, _line(text, found), f"tracing/{library}", values))


def _metrics(text: str, path: str) -> Iterator[Resource]:
    if "prom-client" in text:
        for found in _PROMETHEUS.finditer(text):
            listed = _LABELS.search(found["given"])
            labels = _WORD.findall(listed[1]) if listed else []
            values = {"name": found["name"], "type": found["type"].lower(), "labels": labels, "library": "prometheus"}
            yield resource("metric", path, _line(text, found), f"metric/{found['name']}", values)
    if "express-prom-bundle" in text and not path.endswith(".json") and (bundle := _BUNDLE.search(text)):
        asked = {name: re.search(rf"include{name}:\s*true", bundle["given"]) for name in ("Path", "Method")}
        labels = ["status_code", *(name.lower() for name, is_asked in asked.items() if is_asked)]
        name = "http_request_duration_seconds"
        values = {"name": name, "type": "histogram", "labels": labels, "library": "prometheus"}
        yield resource("metric", path, _line(text, bundle), f"metric/{name}", values)


def _logging(text: str, path: str) -> Iterator[Resource]:
    for library, mark in _JSON.items():
        if found := mark.search(text):
            is_pretty = library in ("pino", "winston") and _PRETTY.search(text) and not _ONLY_HERE.search(text)
            yield _log(path, _line(text, found), library, "text" if is_pretty else "json")
            break
    else:
        if "winston" in text and (found := _PLAIN.search(text)):
            yield _log(path, _line(text, found), "winston", "text")
    if found := _REDACTS.search(text) if "pino" in text else _FILTERS.search(text):
        name = found[0].split()[0].rstrip(":")
        elsewhere = Unknown(f"what {name} masks is named elsewhere", (name,), remedy="list the fields where it is set")
        masks = masked_by(text[found.start() : found.end() + _LISTED]) or elsewhere
        values = {"name": name, "used_here": True, "masks": masks}
        yield resource("log_masking", path, _line(text, found), "masking", values)
    if found := _RAILS_ID.search(text) or _LOGS_IDS.search(text):
        yield resource("request_id", path, _line(text, found), "request-id/both", {"part": "both"})


def _log(path: str, line: int, library: str, form: str) -> Resource:
    values = {"library": library, "format": form, "has_level": True}
    return resource("log_setup", path, line, f"log/{library}", values)


def _line(text: str, found: re.Match[str]) -> int:
    return text.count("\n", 0, found.start()) + 1
