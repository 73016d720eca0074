"""Logging as it is set up: the format of a line, the id of a request in it, and the masking of personal data."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, Final

from msgspec.structs import replace

from infraguard.collectors.repository.application.logged.log_masks import masks
from infraguard.collectors.repository.application.logged.plain_lines import bare_handlers
from infraguard.collectors.repository.application.logged.request_ids import request_ids
from infraguard.collectors.repository.python.modules import Call, Module, literal, module_of, resource
from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import Resource
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable

KINDS: Final = ("log_setup", "request_id", "log_masking")
CONCERNS: Final = pattern(
    rb"structlog\.(?:configure|contextvars)|merge_contextvars|bind_contextvars|contextualize|jsonlogger|loguru.*\.add\(|"
    rb"logger\.(?:add|configure)\(|dictConfig|fileConfig|basicConfig|^[ \t]*LOGGING\b|"
    rb"\bFormatter\b|ProcessorFormatter|ecs_logging|"
    rb"aws_lambda_powertools|CorrelationId|RequestI[dD]\w*(?:Middleware|Filter)|django_guid|logfire\.configure|json_log|"
    rb"set_correlation_id|inject_lambda_context|logzero|stackdriver|google\.cloud\.logging|event_dict|logging\.Filter|addFilter|ContextVar\(|"
    rb"makeRecord|(?:\.|def )(?:request|correlation|trace)_id\b",
    re.MULTILINE,
)
#: Libraries whose formatter or handler writes JSON with a level, whatever else is set.
_JSON_LIBRARIES: Final = pattern(
    r"pythonjsonlogger|jsonlogger|json_log_formatter|ecs_logging|logstash|aws_lambda_powertools|google\.cloud\.logging|"
    r"logmatic|stackdriver|json_logging|jslog4kube|djangojsonlogger|django_datadog_logger"
)
#: What names the level, or takes all that a record has.
_WITH_LEVEL: Final = pattern(r"level|\brecord\.__dict__|\bvars\(record\)")
#: What is given a configuration that another module has.
_GIVEN_BY_ANOTHER: Final = (("LOGGING",), ("dictConfig",))
_LEVELS: Final = ("add_log_level", "add_logger_name", "level", "levelname", "filter_by_level", "severity")


def read(module: Module) -> Iterator[Resource]:
    """What a module sets up of logging."""
    speaks = any(re.search(r"log(?:ging|uru|fire)?\b|structlog", name) for name in module.imports.values())
    yield from _setups(module)
    yield from request_ids(module)
    if speaks or "event_dict" in module.source:
        yield from masks(module)


def _setups(module: Module) -> Iterator[Resource]:
    for call in module.calls:
        found = _of_call(module, call)
        if found:
            yield _setup(module, call.node.lineno, **found)
    for settings in _settings_of_django(module):
        if isinstance(settings, ast.Dict):
            yield _setup(module, settings.lineno, "django", *_of_configuration(module, settings))
        elif isinstance(settings, ast.Call):
            where = ("LOGGING", module.name_of(settings.func))
            elsewhere = Unknown("its configuration is taken from elsewhere", where, remedy="write LOGGING out")
            yield _setup(module, settings.lineno, "django", elsewhere, has_level=True)
    for each in module.classes:
        bases = [module.name_of(base) for base in each.bases]
        if any(base.endswith("Formatter") for base in bases) and _calls_in(module, each, r"(?:^|\.)dumps$"):
            yield _setup(module, each.lineno, "logging", "json", has_level=bool(_WITH_LEVEL.search(ast.unparse(each))))
        elif library := next((base for base in bases if _JSON_LIBRARIES.search(base)), ""):
            made = [call for call in module.calls if call.name == each.name]
            for call in made[:1]:
                has_level = "level" in ast.unparse(each) or _level_of(module, call)
                yield _setup(module, call.node.lineno, library.partition(".")[0], "json", has_level=has_level)


def with_configuration(tree: Tree, setup: Resource) -> Resource:
    """A set-up whose configuration another module has, be it that a function returns it, with what stands there."""
    form = setup.attributes.get("format")
    if setup.kind != "log_setup" or not isinstance(form, Unknown) or form.depends_on[:1] not in _GIVEN_BY_ANOTHER:
        return setup
    place, _, name = form.depends_on[-1].rpartition(".")
    ending = f"/{place.replace('.', '/')}.py"
    paths = [path for path in tree.paths if f"/{path}".endswith(ending)] if place else []
    if len(paths) != 1:
        return setup
    try:
        module = module_of(tree, paths[0])
    except (SyntaxProblem, Unreadable):
        return setup
    returned = module.returned(name) or module.names.get(name)
    if not isinstance(returned, ast.Dict):
        return setup
    form, has_level = _of_configuration(module, returned)
    return replace(setup, attributes={**setup.attributes, "format": form, "has_level": has_level})


def _settings_of_django(module: Module) -> list[ast.expr]:
    """What LOGGING is set to; where only branches of conditions set it, each of them."""
    if "LOGGING" in module.names:
        return [module.names["LOGGING"]]
    branches = [node for node in module.tree.body if isinstance(node, (ast.If, ast.Try))]
    inside = (node for branch in branches for node in ast.walk(branch) if isinstance(node, ast.Assign))
    return [node.value for node in inside if any(ast.unparse(target) == "LOGGING" for target in node.targets)]


def _setup(module: Module, line: int, library: str, form: Any, has_level: Any) -> Resource:
    attributes = {"library": library, "format": form, "has_level": has_level}
    return resource("log_setup", module.path, line, f"log/{library}", attributes)


def _of_call(module: Module, call: Call) -> dict[str, Any] | None:
    if call.name in ("structlog.configure", "structlog.configure_once", "structlog.stdlib.recreate_defaults"):
        return {"library": "structlog", "form": _rendered(module), "has_level": "add_log_level" in module.source}
    if call.name in ("logging.config.dictConfig", "dictConfig"):
        form, has_level = _of_configuration(module, _configuration(module, call))
        return {"library": "logging", "form": form, "has_level": has_level}
    if call.name == "logging.basicConfig":
        return {"library": "logging", **_of_basic(module, call)}
    if call.name.startswith("loguru.") and call.last in ("add", "configure"):
        return {"library": "loguru", "form": _serialized(call), "has_level": True}
    if call.last in ("JsonFormatter", "JSONFormatter", "StdlibFormatter", "ProcessorFormatter", "LogstashFormatter"):
        if call.last == "ProcessorFormatter":
            return {"library": "structlog", "form": _rendered(module), "has_level": "level" in module.source}
        if _JSON_LIBRARIES.search(call.name):
            form = "JSON beside plain text" if bare_handlers(module, call.scope) else "json"
            return {"library": call.name.partition(".")[0], "form": form, "has_level": _level_of(module, call)}
    if call.last == "Logger" and "powertools" in call.name:
        return {"library": "powertools", "form": "json", "has_level": True}
    return _of_logzero(call) or _of_file(module, call) or _of_formatter(module, call)


def _of_formatter(module: Module, call: Call) -> dict[str, Any] | None:
    """The formatter of the standard library, with the format that it is given."""
    form = module.text(call.argument("fmt", 0)) if call.name == "logging.Formatter" else None
    return {"library": "logging", "form": "text", "has_level": "levelname" in form} if form else None


def _of_file(module: Module, call: Call) -> dict[str, Any] | None:
    """A set-up that stands in a file; that of Alembic is for migrations."""
    if call.name not in ("logging.config.fileConfig", "fileConfig") or "alembic" in module.source:
        return None
    reason = "what it writes is set in a file that is named when it runs"
    form = Unknown(reason, ("logging.config.fileConfig",), remedy="set up logging by a dictionary in Python")
    return {"library": "logging", "form": form, "has_level": True}


def _of_logzero(call: Call) -> dict[str, Any] | None:
    """Logzero names the level in both of its formats; `json()` chooses one for every logger, an argument for one."""
    asked = call.argument("enable", 0) if call.last == "json" else call.argument("json")
    given = literal(asked) if asked is not None else call.last == "json"
    is_setup = call.name.startswith("logzero.") and call.last in ("json", "setup_logger", "setup_default_logger")
    if not is_setup or not isinstance(given, bool):
        return None
    return {"library": "logzero", "form": "json" if given else "text", "has_level": True}


def _level_of(module: Module, call: Call) -> bool:
    """python-json-logger writes what its format names; without one that names the level, there is none."""
    texts = [module.text(argument) or "" for argument in (*call.node.args, *(k.value for k in call.node.keywords))]
    return any("level" in text for text in texts) or "level" in ast.unparse(call.node) or "ecs" in call.name


def _rendered(module: Module) -> str | Unknown:
    """What structlog writes: JSON where its renderer is there, be it for production only."""
    source = module.source
    if re.search(r"\bJSONRenderer\b|render_to_log_kwargs|LogfmtRenderer|jsonformatter|JsonFormatter", source):
        return "json"
    if re.search(r"\b(?:ConsoleRenderer|KeyValueRenderer)\b", source):
        return "text"
    return Unknown(
        "its renderer is set elsewhere", ("structlog",), remedy="set JSONRenderer where structlog is configured"
    )


def _configuration(module: Module, call: Call) -> ast.expr | None:
    """What `dictConfig` is given: a mapping, also one that a name stands for or a function of this module returns."""
    node = call.argument("config", 0)
    if isinstance(node, ast.Name):
        around = [each for each in module.functions if each.name == call.scope.rpartition(".")[2]]
        assigned = [
            each.value
            for function in around
            for each in ast.walk(function)
            if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == node.id
        ]
        node = assigned[0] if len(assigned) == 1 else module.names.get(node.id, node)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        node = module.returned(node.func.id) or node
    return node


def _of_configuration(module: Module, node: ast.AST | None) -> tuple[Any, Any]:
    source = ast.unparse(node) if node is not None else ""
    is_json = bool(
        _JSON_LIBRARIES.search(source) or re.search(r"(?i)json\w*(?:Formatter|Renderer)|ProcessorFormatter", source)
    )
    imported = module.imports.get(source.partition("(")[0], "") if not is_json else ""
    if imported or not isinstance(node, (ast.Dict, ast.Call)):
        where = ("dictConfig", imported) if imported else ()
        remedy = "write the configuration where it is used"
        return Unknown("its configuration is made elsewhere", where, remedy=remedy), True
    classes = [each.name for each in module.classes if _calls_in(module, each, r"(?:^|\.)dumps$")]
    own = any(name in source for name in classes)
    return ("json" if is_json or own else "text"), own or any(level in source for level in _LEVELS)


def _of_basic(module: Module, call: Call) -> dict[str, Any]:
    form = module.text(call.argument("format"))
    source = module.source
    if call.argument("handlers") is not None and re.search(r"(?i)json\w*Formatter|ProcessorFormatter", source):
        return {"form": "json", "has_level": "level" in source}
    if call.argument("format") is not None and form == "%(message)s" and "structlog" in source:
        return {"form": _rendered(module), "has_level": "add_log_level" in source}
    return {"form": "text", "has_level": form is None or "levelname" in form}


def _serialized(call: Call) -> Any:
    node = call.argument("serialize")
    if node is None:
        return "json" if "serialize': True" in ast.unparse(call.node) else "text"
    given = literal(node)
    if isinstance(given, bool):
        return "json" if given else "text"
    return Unknown(f"serialize is {ast.unparse(node)}", remedy="write serialize=True for what runs in production")


def _calls_in(module: Module, node: ast.AST, pattern: str) -> bool:
    names = (module.name_of(each.func) for each in ast.walk(node) if isinstance(each, ast.Call))
    return any(re.search(pattern, name) for name in names)
