"""Files that handlers of requests leave on the local disk: those that they write, but for temporary ones.

A file is temporary where it lies in a place for such files, or where it is removed in the course of the same request:
by the handler, by a function that is given its path, after the response, or by what prepares the path. What is removed
only where the request fails is there after all others.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from infraguard.collectors.repository.python.modules import Module, literal
from infraguard.readers.patterns import pattern

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_TEMPORARY: Final = pattern(
    r"tempfile|/tmp\b|TemporaryDirectory|NamedTemporary|gettempdir|mkdtemp|mkstemp|(?i:\bte?mp_?(?:dir|path|folder|file))"
)
_OPENS: Final = frozenset({"open", "io.open", "aiofiles.open"})
#: What a path writes by itself, and the libraries that have such paths.
_WRITES: Final = frozenset({"write_bytes", "write_text"})
_PATHS: Final = frozenset({"pathlib", "anyio", "aiopath"})
_REMOVES: Final = frozenset({"remove", "unlink", "rmtree", "removedirs", "rmdir"})
#: Functions of other modules whose names say that they remove what they are given.
_CLEANS: Final = pattern(r"(?i)(?:\A|_)(?:remove|delete|unlink|clean_?up|clean|discard|purge)(?:_|\Z)")
_WRAPS: Final = frozenset({"Path", "str", "fspath", "PurePath", "abspath"})
#: How many functions are followed, one within another.
_DEPTH: Final = 3


def kept_files(module: Module, handler: Function) -> list[int]:
    """The lines of a handler that write a file which is there after the request."""
    calls = (node for node in ast.walk(handler) if isinstance(node, ast.Call))
    written = [(call, path) for call in calls if (path := _opens_to_write(module, call)) is not None]
    return [call.lineno for call, path in written if not _is_temporary(module, handler, _bare(path))]


def files_between_steps(module: Module) -> list[int]:
    """The lines at which wizards of Django put what is uploaded on the disk, for the request of their next step."""
    wizards = (each for each in module.classes if any("Wizard" in module.name_of(base) for base in each.bases))
    return [node.lineno for each in wizards for node in each.body if _is_disk_of_uploads(module, node)]


def _is_disk_of_uploads(module: Module, node: ast.stmt) -> bool:
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
        return False
    is_for_uploads = any(isinstance(target, ast.Name) and target.id == "file_storage" for target in node.targets)
    return is_for_uploads and module.name_of(node.value.func).endswith("FileSystemStorage")


def _opens_to_write(module: Module, call: ast.Call) -> ast.expr | None:
    """The path that a call writes to: of `open(path, "wb")`, `path.open("wb")` or `path.write_bytes(content)`."""
    if module.name_of(call.func) in _OPENS:
        return call.args[0] if len(call.args) > 1 and _writes(call.args[1]) else None
    if not isinstance(call.func, ast.Attribute) or len(call.args) != 1:
        return None
    has_paths = any(name.partition(".")[0] in _PATHS for name in module.imports.values())
    is_write = call.func.attr in _WRITES or (call.func.attr == "open" and _writes(call.args[0]))
    return call.func.value if has_paths and is_write else None


def _writes(mode: ast.expr) -> bool:
    given = literal(mode)
    return isinstance(given, str) and re.fullmatch(r"[wax][bt+]{0,2}", given) is not None


def _is_temporary(module: Module, handler: Function, path: ast.expr) -> bool:
    assigned = assigned_in(handler)
    parts = made_of(module, path, assigned)
    if any(_TEMPORARY.search(each) for each in parts):
        return True
    same = parts | _aliases(path, assigned)
    if any(any(_removed(module, prepares, 1)) for prepares in _prepares(module, handler, same)):
        return True
    own = {each for each in same if each.startswith("self.")}
    by_others = (each for function in module.functions if own for each in _removed(module, function, 0))
    return not same.isdisjoint(_removed(module, handler, _DEPTH)) or not own.isdisjoint(by_others)


def assigned_in(function: Function) -> list[tuple[str, ast.expr]]:
    """What each name of a function is made of, in order."""
    found: list[tuple[str, ast.expr]] = []
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            found += [(ast.unparse(target), node.value) for target in node.targets]
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value:
            found.append((ast.unparse(node.target), node.value))
        elif isinstance(node, ast.withitem) and node.optional_vars:
            found.append((ast.unparse(node.optional_vars), node.context_expr))
    return found


def made_of(module: Module, path: ast.expr, assigned: list[tuple[str, ast.expr]]) -> set[str]:
    """A path, and all expressions that it is made of, as they are written."""
    found: set[str] = set()
    waiting: list[ast.expr] = [path]
    while waiting:
        expression = waiting.pop()
        written = ast.unparse(expression)
        if written in found:
            continue
        found.add(written)
        for node in ast.walk(expression):
            if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
                key = ast.unparse(node)
                found.add(key)
                waiting += [value for name, value in assigned if name == key]
                waiting += [module.names[key]] if key in module.names else []
    return found


def removes(module: Module, function: Function) -> bool:
    """Whether a function removes some file, or leaves that to what it calls."""
    return next(_removed(module, function, _DEPTH), None) is not None


def _aliases(path: ast.expr, assigned: list[tuple[str, ast.expr]]) -> set[str]:
    """The names that a path is given besides: `p = Path(path)`."""
    same = {ast.unparse(path)}
    for name, value in assigned:
        if ast.unparse(_bare(value)) in same:
            same.add(name)
    return same


def _removed(module: Module, function: ast.AST, depth: int) -> Iterator[str]:
    """What a function removes, as it is written: itself, by functions that it calls, or by tasks that it leaves."""
    for call in (node for node in _where_it_goes_well(function) if isinstance(node, ast.Call)):
        if _names_removal(module, call.func):
            yield from map(_written, call.args[:1] or [_owner(call.func)])
            continue
        first, *given = call.args or [call.func]
        if _names_removal(module, first) and isinstance(first, ast.Attribute):
            yield from (_written(_owner(first)), *map(_written, given))
        yield from _by_function(module, call.func, call.args, depth)
        yield from _by_function(module, first, given, depth)


def _where_it_goes_well(function: ast.AST) -> Iterator[ast.AST]:
    """All that a function does, but for what it does when it fails: after an error, and before it raises one."""
    waiting: list[ast.AST] = [function]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.If):
            blocks = [block for block in (node.body, node.orelse) if block and not isinstance(block[-1], ast.Raise)]
            waiting += [node.test, *itertools.chain.from_iterable(blocks)]
        else:
            waiting += [each for each in ast.iter_child_nodes(node) if not isinstance(each, ast.ExceptHandler)]


def _by_function(module: Module, function: ast.expr, given: list[ast.expr], depth: int) -> Iterator[str]:
    """What of its arguments a function removes: one of this module by what it does, and others by their names."""
    name = module.name_of(function)
    if not isinstance(function, (ast.Name, ast.Attribute)) or not name:
        return
    own = [each for each in module.functions if each.name == name.rpartition(".")[2]]
    for each in own if depth else ():
        removed = set(_removed(module, each, depth - 1))
        named = [argument.arg for argument in each.args.args if argument.arg not in ("self", "cls")]
        yield from (_written(value) for key, value in zip(named, given, strict=False) if key in removed)
    if not own and _CLEANS.search(name.rpartition(".")[2]):
        yield from map(_written, given)


def _prepares(module: Module, handler: Function, names: set[str]) -> Iterator[Function]:
    """The functions that prepare a path for a handler, and take it back after the request: `Depends(work_file)`."""
    arguments = [*handler.args.args, *handler.args.kwonlyargs]
    defaults: dict[str, ast.AST] = dict(
        zip([each.arg for each in handler.args.args[::-1]], handler.args.defaults[::-1], strict=False)
    )
    for argument in arguments if names else ():
        if argument.arg not in names:
            continue
        for given in (defaults.get(argument.arg), argument.annotation):
            calls = [node for node in ast.walk(given) if isinstance(node, ast.Call)] if given else []
            depends = [each.args[0] for each in calls if each.args and module.name_of(each.func).endswith("Depends")]
            wanted = {module.name_of(each) for each in depends}
            yield from (each for each in module.functions if each.name in wanted)


def _names_removal(module: Module, function: ast.expr) -> bool:
    """Whether an expression is a function that removes files: `os.remove`, `path.unlink`; a list's `remove` is none."""
    if not isinstance(function, (ast.Name, ast.Attribute)):
        return False
    name = module.name_of(function)
    last = name.rpartition(".")[2]
    return last in _REMOVES and (last != "remove" or name in ("os.remove", "aiofiles.os.remove"))


def _owner(function: ast.expr) -> ast.expr:
    return function.value if isinstance(function, ast.Attribute) else function


def _written(expression: ast.expr) -> str:
    return ast.unparse(_bare(expression))


def _bare(expression: ast.expr) -> ast.expr:
    """A path without what only wraps it: `Path(path)`, `str(path)`."""
    while isinstance(expression, ast.Call) and len(expression.args) == 1 and not expression.keywords:
        name = expression.func.attr if isinstance(expression.func, ast.Attribute) else ast.unparse(expression.func)
        if name not in _WRAPS:
            break
        expression = expression.args[0]
    return expression
