"""What an application remembers from one request to the next in the memory of its process: `process_state`."""

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
from infraguard.collectors.repository.nature.places import is_application
from infraguard.collectors.repository.python.modules import Call, Module, literal, resource
from infraguard.collectors.repository.remembering import once
from infraguard.model.evidence import Resource
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, text_or_empty

KINDS: Final = ("process_state",)
#: A limiter; or a word for what is remembered, in a file that makes a collection outside of a function, or for `self`.
CONCERNS: Final = pattern(
    rb"\bLimiter\(|\A(?=[\s\S]*(?i:session|idempot|limit|attempt|lockout|blacklist|blocklist|denylist|revoked|subscri"
    rb"|conversation|histor|chats|carts|otp|nonce|uploads|jobs|connections|buckets))"
    rb"[\s\S]*?^(?:[ \t]+self\.| {4})?\w+(?:[ \t]*:[^=\n]+)?[ \t]*=[ \t]*"
    rb"(?:\{|\[|(?:dict|list|set|(?:collections\.)?(?:defaultdict|deque|OrderedDict|Counter))\()",
    re.MULTILINE,
)
_LIMITERS: Final = ("slowapi", "flask_limiter")
_SHARED: Final = pattern(r"(?i:redis|valkey|memcache|mongodb)")
_NAME: Final = pattern(r"\w+\Z")
#: Words of names for what the next request asks for, and of names for what every process may have of its own.
_REMEMBERS: Final = frozenset(
    {
        *("session", "sessions", "idempotency", "idempotent", "limiter", "ratelimit", "limits", "attempts", "lockouts"),
        *("blacklist", "blocklist", "denylist", "revoked", "subscribers", "subscriptions", "conversation"),
        *("conversations", "history", "histories", "chats", "carts", "otp", "otps", "nonces", "uploads", "jobs"),
        *("connections", "buckets"),
    }
)
_OWN: Final = frozenset({"cache", "caches", "cached", "registry", "pool", "pools", "metrics", "counter", "stats", "db"})
_WORD: Final = pattern(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)


def read(module: Module) -> Iterator[Resource]:
    """What a module keeps: counts of a limiter, and collections that it changes whenever somebody asks."""
    for call in module.calls:
        if call.last == "Limiter" and call.name.startswith(_LIMITERS):
            yield from _limiter(module, call)
    found = [*_of_module(module), *(state for each in module.classes for state in _of_class(module, each))]
    if found and not _shares(module):
        yield from found


def _of_module(module: Module) -> Iterator[Resource]:
    mutable = {name for name, value in module.names.items() if is_mutable(module, value)}
    remembering = {name for name in mutable if _remembers(module, name)}
    for function in module.functions if mutable else ():
        local = {argument.arg for argument in function.args.args}
        meant = {name for name in mutable if name in remembering or _counts(module, function.name, name)}
        for name in sorted({changed(node) for node in ast.walk(function)} & meant - local):
            mutable.discard(name)
            if not takes_tasks_out(module, name):
                yield _state(module, module.names[name].lineno, name)


def is_kept(tree: Tree, found: Resource) -> bool:
    """Whether it is kept here: a setting elsewhere may give a limiter another place for what it counts."""
    place = found.attributes.get("in_memory")
    if "by_default" in found.attributes:
        return not _is_set(tree, "RATELIMIT_STORAGE_UR[IL]")
    if found.kind == "process_state" and isinstance(place, Unknown) and (name := _NAME.search(place.depends_on[0])):
        return not _is_set(tree, re.escape(name[0]))
    return True


def _is_set(tree: Tree, name: str) -> bool:
    """Whether a line of the repository gives the setting a store that all processes share."""
    setting = pattern(rf"\b{name}\b[^\n]*{_SHARED.pattern}")

    def search() -> bool:
        return any(setting.search(text_or_empty(tree, path)) for path in tree.paths if _may_set(path))

    return once(tree, ("setting", name), search)


def _may_set(path: str) -> bool:
    return is_application(path) or bool(re.search(r"(?:^|/)\.env|compose|\.(?:ya?ml|tf|toml|cfg|ini)\Z", path))


def _limiter(module: Module, call: Call) -> Iterator[Resource]:
    if literal(call.argument("enabled")) is False:
        return
    place = call.argument("storage_uri")
    text = module.text(place) if place is not None else None
    said = text or (ast.unparse(place) if place is not None else "")
    attributes: dict[str, Any] = {"name": "what the limiter counts", "in_memory": True}
    if place is None:
        attributes["by_default"] = True
    elif text is None and not _SHARED.search(said):
        attributes["in_memory"] = Unknown(
            f"where the limiter counts is {said[:60]}", (said,), remedy="name the storage where the limiter is made"
        )
    elif not said.startswith("memory"):
        return
    yield resource("process_state", module.path, call.node.lineno, "limiter", attributes)


def _of_class(module: Module, node: ast.ClassDef) -> Iterator[Resource]:
    """Collections of a class of which a process has one: a middleware, what the module makes once, the class's own."""
    if re.search(r"(?i)mock|fake|stub", node.name):
        return
    own = {
        to.id
        for each in node.body
        for to, value in _assigned(each)
        if isinstance(to, ast.Name) and is_mutable(module, value)
    }
    methods = [each for each in node.body if isinstance(each, _FUNCTIONS)]
    made = {
        to.attr
        for method in methods
        if method.name == "__init__"
        for each in ast.walk(method)
        for to, value in _assigned(each)
        if isinstance(to, ast.Attribute) and is_mutable(module, value)
    }
    kept = own | (made if _is_made_once(module, node) else set())
    for name in sorted(kept):
        is_changed = any(
            name in {changed(each, of=("self", "cls", node.name)) for each in ast.walk(method)}
            for method in methods
            if method.name != "__init__"
        )
        if is_changed and _remembers(module, f"{node.name}_{name}") and not takes_tasks_out(module, f"self.{name}"):
            yield _state(module, node.lineno, f"{node.name}.{name}")


def _assigned(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(node, ast.Assign):
        yield from ((target, node.value) for target in node.targets)
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        yield node.target, node.value


def _is_made_once(module: Module, node: ast.ClassDef) -> bool:
    is_middleware = any(module.name_of(base).endswith("Middleware") for base in node.bases) or "Middleware" in node.name
    return is_middleware or any(
        isinstance(value, ast.Call) and module.name_of(value.func) == node.name for value in module.names.values()
    )


def _shares(module: Module) -> bool:
    """Whether the module speaks to a store that all processes share: what it has itself may be for want of that."""
    return any(_SHARED.search(full) for full in module.imports.values()) or any(
        _SHARED.search(each.attr if isinstance(each, ast.Attribute) else each.arg)
        for each in ast.walk(module.tree)
        if isinstance(each, (ast.Attribute, ast.arg))
    )


def _remembers(module: Module, name: str) -> bool:
    """Whether a name says that it holds what the next request asks for; sessions may be those of a database."""
    words = {word.lower() for word in _WORD.findall(name)}
    if any("sqlalchemy" in full for full in module.imports.values()):
        words -= {"session", "sessions"}
    if "WebSocket" not in module.source and "websocket" not in module.source:
        words.discard("connections")
    return (_is_limit(words) or bool(words & _REMEMBERS)) and not words & _OWN


def _counts(module: Module, function: str, name: str) -> bool:
    """Whether a function limits how often somebody asks, by its own name, and may count in what it changes."""
    words = {word.lower() for word in _WORD.findall(function)}
    return _is_limit(words) and _remembers(module, f"rate_limit_{name}")


def _is_limit(words: set[str]) -> bool:
    return "rate" in words and bool(words & {"limit", "limiter", "limits", "limited", "limiting"})


def _state(module: Module, line: int, name: str) -> Resource:
    return resource("process_state", module.path, line, name, {"name": name, "in_memory": True})
