"""What a connection to a database asks of TLS: a mode of libpq, or where that is decided."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, Final

from infraguard.collectors.repository.python.modules import Call, Module, literal
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern

_SSL_IN_URL: Final = pattern(r"[?&]ssl(?:mode)?=([\w-]+)")
_SSL_IN_TEXT: Final = pattern(r"\bssl(?:mode)?=([\w-]+)")
#: An address of which the parts are put in, each in its place: none of them brings arguments with it.
_IN_PARTS: Final = pattern(r"[\w+]+://[^/@?]*@[^/@?]+/[^/@?]*\Z")
_SHOWN: Final = 60
#: Where drivers and their pools take an address, or its parts.
_ADDRESSES: Final = frozenset({"dsn", "conninfo", "url", "kwargs", "db_url"})
_HAS_HOST: Final = pattern(r"://|\bhost\s*=")
_REMEDY: Final = "write sslmode=verify-full where the connection is made, or judge the running database"


def tls_of(module: Module, call: Call, url: str | None) -> Any:
    """The mode that a connection asks for: in its arguments, in its URL, or set elsewhere."""
    arguments = call.argument("connect_args")
    for node in (arguments, *(keyword.value for keyword in call.node.keywords if keyword.arg is None)):
        found = _mode_in(module, node)
        if found is not None:
            return found
    if url is not None:
        match = _SSL_IN_URL.search(url)
        if match:
            return match[1]
        if ("{}" not in url and "://" in url) or _IN_PARTS.match(url):
            return "prefer"
    match = next((found for text in _texts(module) if (found := _SSL_IN_URL.search(text))), None)
    if match:
        return match[1]
    shown = ast.unparse(_as_given(call.node.args[0]))[:60] if call.node.args else "its URL"
    return decided_elsewhere(shown)


def _as_given(node: ast.expr) -> ast.expr:
    """An address before another driver was written into it: `url.replace("postgresql://", "postgresql+asyncpg://")`."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "replace":
        texts = [literal(each) for each in node.args]
        if any(not isinstance(text, str) or "ssl" in text for text in texts):
            break
        node = node.func.value
    return node


def _texts(module: Module) -> Iterator[str]:
    """The texts of a module that something is made of: a comment, or what documents a function, asks for nothing."""
    if not _SSL_IN_URL.search(module.source):
        return
    documents = {id(each.value) for each in ast.walk(module.tree) if isinstance(each, ast.Expr)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
            yield node.value


def tls_of_driver(module: Module, call: Call) -> Any:
    """The same of a call of a driver or of its pool, which takes an address or the parts of one.

    Where all is said and nothing asks for TLS, it is the default of libpq and asyncpg: encrypted if the server likes.
    """
    spread = [keyword.value for keyword in call.node.keywords if keyword.arg is None]
    for node in (call.node, *spread):
        found = mode_in_tree(module, node) if node is call.node else _mode_in(module, node)
        if found is not None:
            return found
    given = [*call.node.args, *(keyword.value for keyword in call.node.keywords if keyword.arg in _ADDRESSES)]
    texts = [module.text(node) for node in given]
    match = next((found for text in texts if text and (found := _SSL_IN_TEXT.search(text))), None)
    if match:
        return match[1]
    is_open = any(text is None and not isinstance(node, ast.Constant) for node, text in zip(given, texts, strict=True))
    has_host = call.argument("host") is not None or any(text and _HAS_HOST.search(text) for text in texts)
    told = [_told(module, call, node) for node in spread]
    has_host = has_host or any("host" in keys for keys in told)
    if not (is_open or not has_host or not all(told)):
        return "prefer"
    name = _setting(given[0]) if len(given) == 1 and not spread else ""
    return decided_elsewhere(name or shown(call.node))


def _told(module: Module, call: Call, node: ast.expr) -> frozenset[str]:
    """The arguments of a mapping that is written out where it is given, or where a name or a function stands for it.

    There are none where it may have others: it is made elsewhere, takes in another mapping, or is changed on its way.
    """
    if isinstance(node, ast.Name):
        around = [each for each in module.functions if each.name == call.scope.rpartition(".")[2]]
        body = [each for function in around for each in ast.walk(function)] or list(module.tree.body)
        made = [each.value for each in body if isinstance(each, ast.Assign) and _targets(each, node.id)]
        uses = sum(isinstance(each, ast.Name) and each.id == node.id for each in ast.walk(module.tree))
        reads = sum(
            isinstance(each, ast.Subscript) and isinstance(each.ctx, ast.Load) and ast.unparse(each.value) == node.id
            for each in ast.walk(module.tree)
        )
        is_as_made = len(made) == 1 and uses == 2 + reads  # where it is made, where it is given, and where it is read
        return _told(module, call, made[0]) if is_as_made and not isinstance(made[0], ast.Name) else frozenset()
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.args:
        node = module.returned(node.func.id) or node
    if not isinstance(node, ast.Dict):
        return frozenset()
    keys = [literal(key) if key is not None else None for key in node.keys]
    is_whole = all(isinstance(key, str) for key in keys) and "dsn" not in keys  # an address may have a mode in it
    return frozenset(map(str, keys)) if is_whole else frozenset()


def shown(node: ast.Call | ast.Dict) -> str:
    """A call or a mapping as it is written, or with what is in it left out where that is long."""
    text = ast.unparse(node)
    short = f"{ast.unparse(node.func)}(...)" if isinstance(node, ast.Call) else "{...}"
    return text if len(text) <= _SHOWN else short


def _setting(node: ast.expr) -> str:
    """The setting or the variable of the environment that an expression is; no name where it is another one."""
    if isinstance(node, (ast.Name, ast.Attribute)):
        return ast.unparse(node)
    key = node.slice if isinstance(node, ast.Subscript) else None
    if (
        isinstance(node, ast.Call)
        and len(node.args) == 1
        and ast.unparse(node.func).endswith(("getenv", "environ.get"))
    ):
        key = node.args[0]
    found = literal(key) if key is not None else None
    return found if isinstance(found, str) else ""


def _mode_in(module: Module, node: ast.AST | None) -> Any:
    """The sslmode or the ssl of a mapping of arguments; None where it says nothing of TLS."""
    if isinstance(node, ast.Name) and node.id in module.names:
        node = module.names[node.id]
    is_literal = isinstance(node, ast.Call) and module.name_of(node.func) == "dict"
    if isinstance(node, (ast.Name, ast.Call, ast.Attribute)) and not is_literal:
        name = module.name_of(node.func if isinstance(node, ast.Call) else node).rpartition(".")[2]
        made = [function for function in module.functions if function.name == name]
        nodes: list[ast.AST] = list(made)
        if isinstance(node, ast.Name):
            nodes += [
                each.value for each in ast.walk(module.tree) if isinstance(each, ast.Assign) and _targets(each, node.id)
            ]
        for each in nodes:
            found = mode_in_tree(module, each)
            if found is not None:
                return found
        return None
    return mode_in_tree(module, node) if node is not None else None


def _targets(node: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)


def mode_in_tree(module: Module, root: ast.AST) -> Any:
    """The sslmode, or what ssl stands for, in a mapping or a call anywhere below; None where nothing says it."""
    for node in ast.walk(root):
        pairs: list[tuple[Any, ast.expr]] = []
        if isinstance(node, ast.Dict):
            pairs = [
                (literal(key), value) for key, value in zip(node.keys, node.values, strict=True) if key is not None
            ]
        elif isinstance(node, ast.Call):
            pairs = [(keyword.arg, keyword.value) for keyword in node.keywords]
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            pairs = [(literal(node.targets[0].slice), node.value)]
        for key, value in pairs:
            if key == "sslmode":
                return module.text(value) or decided_elsewhere(ast.unparse(value))
            if key == "ssl":
                return ssl_of(module, value)
    return None


def ssl_of(module: Module, node: ast.expr) -> Any:
    """What asyncpg's `ssl` stands for: a mode, a context that verifies, or nothing."""
    text = module.text(node)
    if text is not None:
        return text
    shown = ast.unparse(node)
    if isinstance(node, ast.Call) and module.name_of(node.func).endswith("create_default_context"):
        return "verify-full"
    if literal(node) is True:
        return "require"
    return "prefer" if literal(node) in (False, None) and isinstance(node, ast.Constant) else decided_elsewhere(shown)


def decided_elsewhere(shown: str) -> Unknown:
    """The mode of a connection of which something else decides it, as it is shown."""
    return Unknown(f"whether TLS is demanded is set in {shown}", (shown,), remedy=_REMEDY)


def guarded_mode(module: Module, name: str) -> str | None:
    """The mode that a setting must have where settings are checked: anything else is refused there.

    `if self.sslmode != "verify-full": raise ...`, whatever the default and the environment say.
    """
    for node in ast.walk(module.tree):
        if not (isinstance(node, ast.If) and isinstance(node.test, ast.Compare)):
            continue
        left, refuses = node.test.left, any(isinstance(each, (ast.Raise, ast.Yield)) for each in ast.walk(node))
        is_name = isinstance(left, ast.Attribute) and left.attr == name
        if is_name and refuses and isinstance(node.test.ops[0], ast.NotEq):
            return module.text(node.test.comparators[0])
    return None
