"""What a web application answers with and remembers: HSTS, sessions, and state that handlers keep in the process."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, Final

from infraguard.collectors.repository.application.serving.collections_changed import (
    changed,
    is_mutable,
    takes_tasks_out,
)
from infraguard.collectors.repository.application.serving.handlers import configured, handlers_of
from infraguard.collectors.repository.application.serving.hsts_of_django import hsts_seconds
from infraguard.collectors.repository.application.serving.kept_files import files_between_steps, kept_files
from infraguard.collectors.repository.application.serving.operations import operations
from infraguard.collectors.repository.application.serving.session_engines import ENGINES
from infraguard.collectors.repository.python.modules import Call, Module, literal, resource
from infraguard.model.evidence import Resource
from infraguard.model.values import Default, Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree

KINDS: Final = ("hsts_setting", "session_store", "web_module")
CONCERNS: Final = pattern(
    rb"[Ss]trict-[Tt]ransport-[Ss]ecurity|strict-transport|SECURE_HSTS|Talisman|StrictTransportSecurity|"
    rb"SessionMiddleware|SecureCookieSessionInterface|import session as|"
    rb"SESSION_ENGINE|SESSION_TYPE|starsessions|import session|[\"'][\w]*session[\w ]*:|"
    rb"django\.contrib\.sessions|class \w*Session\w*\(|"
    rb"^[ \t]*@[\w.]+\.(?:route|get|post|put|delete|patch|websocket|api_route)\(|"
    rb"^class \w+\(.*(?:Resource|View)\b",
    re.MULTILINE,
)
_AGE: Final = pattern(r"max-age\s*=\s*\"?(\d+)")


def read(module: Module) -> Iterator[Resource]:
    """HSTS, sessions and kept state of a module."""
    yield from _hsts(module)
    yield from _sessions(module)
    handlers = handlers_of(module)
    if handlers or files_between_steps(module):
        yield _kept(module, handlers)


#: Configurations of proxies, whose header is as good as the application's own; not those of a developer's machine.
PROXY_FILES: Final = pattern(
    r"(?!(?!.*\.tf\Z)(?:.*/)?(?:[\w-]*[._-])?(?:local(?:host)?|dev(?:elopment)?)[/._-])"
    r"(?:.*\.(?:conf(?:\.\w+)?|ya?ml|toml|tf)|(?:.*/)?(?:Caddyfile|_headers|\.htaccess)(?:\.\w+)?"
    r"|(?:.*/)?[\w.-]*(?:nginx|caddy|haproxy|httpd|apache)[\w.-]*\.(?:j2|jnj|jinja2?|tmpl|tpl|template|cfg|erb)"
    r"|(?:.*/)?(?:next|nuxt|svelte|vercel|firebase|staticwebapp)(?:\.config)?\.(?:[cm]?js|ts|json))\Z"
)
#: What each way of writing the header has in it: most files have none of it, and are done with quickly.
_HEADER_PARTS: Final = ("transport-security", "transport_security", "stsseconds", "hsts-max-age")
_PROXY_HEADER: Final = pattern(
    r"(?i)strict-transport-security[\"']?\s*[:=, ]?\s*(?:[\"']?value[\"']?\s*:\s*)?[\"'`]?max-age=(\d+)"
    r"|(?:stsSeconds|\bhsts-max-age)[\"']?\s*[=:]\s*[\"']?(\d+)"
    r"|strict_transport_security\s*\{[^}]*?access_control_max_age_sec\s*=\s*\"?(\d+)"
    r"|strict_transport_security_header_value\s*=\s*\"max-age=(\d+)"
)
#: The name of a header of nginx with a colon to it, which makes it another one, and none that a browser knows.
_MISNAMED: Final = pattern(r"(?i)(\badd_header\s+[\"']?strict-transport-)security(?=:)")


def of_text(text: str, path: str) -> Iterator[Resource]:
    """The header that a proxy adds."""
    lowered = text.lower()
    is_near = any(part in lowered for part in _HEADER_PARTS)
    found = _PROXY_HEADER.search(_MISNAMED.sub(r"\1misnamed", text)) if is_near else None
    if found:
        line = text.count("\n", 0, found.start()) + 1
        age = int(next(filter(None, found.groups())))
        yield resource("hsts_setting", path, line, "hsts", {"max_age": age, "software": "proxy"})


def of_operations(tree: Tree) -> Iterator[Resource]:
    """What is kept by the functions that a description of the API names, in modules where no route decorates any."""
    for module, handlers in operations(tree):
        if not handlers_of(module):
            yield _kept(module, handlers)


def _hsts(module: Module) -> Iterator[Resource]:
    is_named = "strict-transport" in module.source.lower()
    looked_for = set(_looked_for(module)) if is_named else set()
    for node in ast.walk(module.tree) if is_named else ():
        if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)) and id(node) not in looked_for:
            text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
            if text.lower() == "strict-transport-security":
                yield _hsts_setting(module, node.lineno, _age_near(module, node.lineno))
    for line, seconds in hsts_seconds(module):
        yield _hsts_setting(module, line, seconds)
    for call in module.calls:
        if call.last == "Talisman" and "talisman" in call.name.lower():
            given = literal(call.argument("strict_transport_security_max_age"))
            switched_off = literal(call.argument("strict_transport_security")) is False
            yield _hsts_setting(
                module, call.node.lineno, 0 if switched_off else given or Default(31556926, "Flask-Talisman")
            )
        elif call.last == "max_age" and "StrictTransportSecurity" in call.name:
            yield _hsts_setting(module, call.node.lineno, literal(call.argument("seconds", 0)))


def _looked_for(module: Module) -> Iterator[int]:
    """What is compared, looked up or asked for: who judges the headers of others sets none."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Compare):
            yield from map(id, (node.left, *node.comparators))
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            yield id(node.slice)
        elif isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
            yield id(node.args[0])


def _hsts_setting(module: Module, line: int, age: Any) -> Resource:
    return resource("hsts_setting", module.path, line, "hsts", {"max_age": age, "software": "python"})


def _age_near(module: Module, line: int) -> Any:
    """The age that stands in the texts of the module, nearest to the header's name."""
    found: list[tuple[int, int]] = []
    for node in ast.walk(module.tree):
        text = module.text(node) if isinstance(node, (ast.Constant, ast.JoinedStr)) else None
        if isinstance(node, ast.Constant) and isinstance(node.value, bytes):
            text = node.value.decode("latin-1")
        match = _AGE.search(text or "")
        if match and isinstance(node, (ast.Constant, ast.JoinedStr)):
            found.append((abs(node.lineno - line), int(match[1])))
    if found:
        return min(found)[1]
    return Unknown("its max-age is worked out when it runs", remedy="write max-age=31536000 out")


def _sessions(module: Module) -> Iterator[Resource]:
    for call in module.calls:
        added = (
            module.name_of(call.node.args[0])
            if call.last in ("add_middleware", "Middleware") and call.node.args
            else ""
        )
        name = added or call.name
        if name.endswith("SessionMiddleware"):
            store = _starsession(module, call) if "starsessions" in name else "cookie"
            yield _session(module, call.node.lineno, store)
    for key, found in module.names.items():
        value = literal(found)
        if key == "SESSION_ENGINE":
            store = ENGINES.get(str(value), _elsewhere(found, *([value] if isinstance(value, str) else ())))
            yield _session(module, found.lineno, _of_cache(module) if store == "cache" else store)
        elif key == "SESSION_TYPE":
            yield _session(module, found.lineno, _of_type(value, found))
    for node in ast.walk(module.tree) if "SESSION_TYPE" in module.source else ():
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        is_type = isinstance(target, ast.Subscript) and literal(target.slice) == "SESSION_TYPE"
        if is_type and isinstance(node, ast.Assign):
            yield _session(module, node.lineno, _of_type(literal(node.value), node.value))
    yield from _own_sessions(module)
    yield from _tables_of_sessions(module)
    apps = module.names.get("INSTALLED_APPS")
    if apps is not None and _has_sessions(module) and "SESSION_ENGINE" not in module.source:
        yield resource("session_store", module.path, apps.lineno, "session", {"store": "database", "by_default": True})


def _has_sessions(module: Module) -> bool:
    """Whether the sessions of Django are among the applications, or in one of the lists that make them up."""
    lists = (literal(found) for found in module.names.values())
    return any("django.contrib.sessions" in each for each in lists if isinstance(each, (list, tuple)))


def _own_sessions(module: Module) -> Iterator[Resource]:
    """Sessions that the application keeps in Redis by commands of its own, and those of Flask in its cookie."""
    speaks = any("redis" in full or "valkey" in full for full in module.imports.values())
    is_named = re.search(r"(?i)session", module.path.rpartition("/")[2])
    for call in module.calls:
        if call.last in ("setex", "hset", "set", "getex") and speaks:
            key = ast.unparse(call.node.args[0]) if call.node.args else ""
            if is_named or re.search(r"(?i)session", f"{key} {call.scope}"):
                yield _session(module, call.node.lineno, "redis")
                return
    yield from _cookies_of_own(module)
    if "flask.session" in module.imports.values():
        for node in ast.walk(module.tree):
            is_kept = isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
            if is_kept and isinstance(node, ast.Subscript) and module.name_of(node.value) == "flask.session":
                yield _session(module, node.lineno, "flask")
                return


def _cookies_of_own(module: Module) -> Iterator[Resource]:
    """Flask's session in its signed cookie, by a class that says how it is signed."""
    for each in module.classes:
        if any(module.name_of(base).endswith(".SecureCookieSessionInterface") for base in each.bases):
            yield _session(module, each.lineno, "cookie")


def _tables_of_sessions(module: Module) -> Iterator[Resource]:
    """Models whose rows are the sessions of users: a table that is named so, with the token of each."""
    for each in module.classes:
        named = {
            to.id: literal(node.value)
            for node in each.body
            if isinstance(node, ast.Assign)
            for to in node.targets
            if isinstance(to, ast.Name)
        }
        columns = {
            node.target.id
            for node in each.body
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        }
        is_table = re.search(r"(?i)(?:^|_)sessions?$", str(named.get("__tablename__", "")))
        if is_table and any(re.search(r"(?i)token", name) for name in (*named, *columns)):
            yield _session(module, each.lineno, "database")


def _session(module: Module, line: int, store: Any) -> Resource:
    return resource("session_store", module.path, line, "session", {"store": store})


#: Where a cache of Django keeps what is put into it, by how its backend is called.
_CACHES: Final = (
    ("redis", pattern(r"(?i)redis|valkey")),
    ("memory", pattern(r"(?i)locmem|dummy")),
    ("memcached", pattern(r"(?i)memcache")),
    ("database", pattern(r"\bdb\.")),
    ("disk", pattern(r"filebased")),
)


def _of_cache(module: Module) -> Any:
    """Where the cache is that Django keeps sessions in."""
    caches, alias = module.names.get("CACHES"), literal(module.names.get("SESSION_CACHE_ALIAS")) or "default"
    chosen = _entry(caches, alias)
    backend = literal(_entry(chosen, "BACKEND"))
    found = next((store for store, named in _CACHES if isinstance(backend, str) and named.search(backend)), None)
    return found or Unknown(
        f"its cache {alias!r} is set up elsewhere", remedy="name the store where sessions are set up"
    )


def _entry(node: ast.AST | None, name: str) -> ast.expr | None:
    entries = zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ()
    return next((value for key, value in entries if isinstance(key, ast.Constant) and key.value == name), None)


def _of_type(value: Any, node: ast.AST) -> Any:
    names = {"redis": "redis", "filesystem": "disk", "memcached": "memcached", "sqlalchemy": "database"}
    return names.get(str(value), _elsewhere(node))


def _starsession(module: Module, call: Call) -> Any:
    text = module.source
    if "RedisStore" in text:
        return "redis"
    return "cookie" if "CookieStore" in text else "memory" if "InMemoryStore" in text else _elsewhere(call.node)


def _elsewhere(node: ast.AST, *engine: str) -> Unknown:
    return Unknown(f"its store is {ast.unparse(node)[:60]}", engine, remedy="name the store where sessions are set up")


def _kept(module: Module, handlers: list[ast.FunctionDef | ast.AsyncFunctionDef]) -> Resource:
    """One `web_module`: the names of module-level collections that its handlers change, and the files they write."""
    mutable = {name for name, value in module.names.items() if is_mutable(module, value)}
    kept: dict[str, int] = {}
    for handler in handlers:
        local = {argument.arg for argument in handler.args.args}
        for node in ast.walk(handler):
            name = changed(node)
            if name in mutable - local:
                kept.setdefault(name, getattr(node, "lineno", handler.lineno))
    kept = {name: line for name, line in kept.items() if not takes_tasks_out(module, name)}
    kept |= dict(configured(module))
    written = [line for handler in handlers for line in kept_files(module, handler)] + files_between_steps(module)
    line = min([*kept.values(), *written] or [handlers[0].lineno])
    attributes = {"handlers": len(handlers), "keeps": sorted(kept), "writes_files": [str(each) for each in written]}
    return resource("web_module", module.path, line, "", attributes)
