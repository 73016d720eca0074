"""nox and invoke: commands that functions of a Python file run. The file is parsed, and never run."""

from __future__ import annotations

import ast
import shlex
from collections.abc import Iterator, Sequence

from msgspec import Struct

from infraguard.collectors.repository.python.source import parse_python
from infraguard.collectors.repository.suites.recipes import Followed, Hidden, Recipe, joined
from infraguard.readers.tree import Tree

_MAX_DEPTH = 3
_RUN = frozenset({"run", "run_always", "run_install"})
#: What stands for a word that only a run knows.
_COMPUTED = "X"


class _Session(Struct, frozen=True):
    """A function that a runner knows by a name. `is_default` says that it runs when none is named."""

    name: str
    function: ast.FunctionDef | ast.AsyncFunctionDef
    tags: tuple[str, ...]
    is_default: bool


class _Holder(Struct, frozen=True):
    """The file of the functions, and what its names stand for."""

    path: str
    folder: str
    functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef]
    texts: dict[str, list[str]]


def follow_nox(tree: Tree, words: list[str], folder: str) -> Followed:
    """The commands of the sessions that nox is asked for."""
    path = joined(folder, _value(words, ("-f", "--noxfile")) or "noxfile.py")
    if path not in tree:
        return Hidden("no noxfile was found where nox runs")
    module = parse_python(tree.read_bytes(path), path)
    sessions = list(_sessions(module, "session"))
    names = _values(words, ("-s", "-e", "--session", "--sessions", "--reuse-venv-session"))
    tags = _values(words, ("-t", "--tag", "--tags"))
    if any("$" in name for name in (*names, *tags)):
        return Hidden(f"which sessions {shlex.join(words)} runs is decided when the workflow runs")
    wanted = [name.partition("(")[0].rsplit("-", 1)[0] if "(" in name or "-3." in name else name for name in names]
    defaults = _default_sessions(module)
    chosen = [
        session
        for session in sessions
        if session.name in wanted
        or (tags and set(tags) & set(session.tags))
        or (not names and not tags and (session.name in defaults if defaults is not None else session.is_default))
    ]
    if not chosen:
        return Hidden(f"no session of {path} is the one that nox is asked for")
    holder = _Holder(path, folder, _functions(module), _texts(module))
    return [recipe for session in chosen for recipe in _recipes(session.function, holder)]


def follow_invoke(tree: Tree, words: list[str], folder: str) -> Followed:
    """The commands of the tasks that invoke is asked for."""
    path = joined(folder, "tasks.py")
    if path not in tree:
        return Hidden("no tasks.py was found where invoke runs")
    module = parse_python(tree.read_bytes(path), path)
    names = [word.replace("-", "_") for word in words[1:] if not word.startswith("-")]
    chosen = [task for task in _sessions(module, "task") if task.name.replace("-", "_") in names]
    holder = _Holder(path, folder, _functions(module), _texts(module))
    return [recipe for task in chosen for recipe in _recipes(task.function, holder)]


def _functions(module: ast.Module) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    return {node.name: node for node in module.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def _sessions(module: ast.Module, decorator: str) -> Iterator[_Session]:
    for function in _functions(module).values():
        for node in function.decorator_list:
            called = node.func if isinstance(node, ast.Call) else node
            if ast.unparse(called).rpartition(".")[2] != decorator:
                continue
            given = {word.arg: word.value for word in node.keywords} if isinstance(node, ast.Call) else {}
            name, default = given.get("name"), given.get("default")
            yield _Session(
                str(name.value) if isinstance(name, ast.Constant) else function.name,
                function,
                tuple(_strings(given.get("tags"))),
                not (isinstance(default, ast.Constant) and default.value is False),
            )


def _default_sessions(module: ast.Module) -> list[str] | None:
    for node in module.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "nox.options.sessions":
            return _strings(node.value)
    return None


def _texts(module: ast.Module) -> dict[str, list[str]]:
    """The words that names of the file stand for: a text, or a list of texts."""
    found: dict[str, list[str]] = {}
    for node in module.body:
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            found[node.targets[0].id] = [node.value.value]
        elif isinstance(node.value, ast.List | ast.Tuple) and len(_strings(node.value)) == len(node.value.elts):
            found[node.targets[0].id] = _strings(node.value)
    return found


def _recipes(function: ast.AST, holder: _Holder, depth: int = _MAX_DEPTH) -> Iterator[Recipe]:
    """Each `session.run(...)` of a function and of the functions of the file that it calls."""
    for node in ast.walk(function):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr in _RUN:
            words = _words(node, holder.texts)
            if words:
                where = f"{holder.path}:{node.lineno}"
                text = words[0] if len(words) == 1 and " " in words[0] else shlex.join(words)  # invoke takes a line
                hidden = f"which program {where} runs is computed" if words[0] == _COMPUTED else ""
                yield Recipe(text, where, holder.folder, stops=True, ignored=_is_forgiven(node), hidden=hidden)
        elif isinstance(node.func, ast.Name) and node.func.id in holder.functions and depth:
            yield from _recipes(holder.functions[node.func.id], holder, depth - 1)


def _words(call: ast.Call, texts: dict[str, list[str]]) -> list[str]:
    """The words of a command, with `X` for what is computed; what the caller of nox adds is left out."""
    words: list[str] = []
    for argument in call.args:
        value = argument.value if isinstance(argument, ast.Starred) else argument
        if isinstance(value, ast.Constant):
            words.append(str(value.value))
        elif isinstance(value, ast.Name) and value.id in texts:
            words += texts[value.id]
        elif ast.unparse(value) == "sys.executable":
            words.append("python")
        elif not isinstance(argument, ast.Starred) or (not words and "posargs" not in ast.unparse(value)):
            words.append(_pieces(value))
    return ["python", *words[1:]] if words[:1] == [_COMPUTED] and words[1:2] == ["-m"] else words


def _pieces(node: ast.expr) -> str:
    """A text put together at run time, with a variable for what is not written."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else _COMPUTED for part in node.values)
    return _COMPUTED


def _is_forgiven(call: ast.Call) -> bool:
    """`success_codes` that take a failure for a success, or `warn=True` of invoke."""
    for word in call.keywords:
        if word.arg == "success_codes" and any(isinstance(n, ast.Constant) and n.value for n in ast.walk(word.value)):
            return True
        if word.arg == "warn" and isinstance(word.value, ast.Constant) and word.value.value is True:
            return True
    return False


def _strings(node: ast.expr | None) -> list[str]:
    if not isinstance(node, ast.List | ast.Tuple):
        return []
    return [str(item.value) for item in node.elts if isinstance(item, ast.Constant)]


def _value(words: Sequence[str], options: tuple[str, ...]) -> str:
    return next(iter(_values(words, options)), "")


def _values(words: Sequence[str], options: tuple[str, ...]) -> list[str]:
    """What follows any of the options, up to the next option; `--` ends them all."""
    found: list[str] = []
    taking = False
    for word in words[1:]:
        name, equals, value = word.partition("=")
        if word == "--":
            break
        if name in options:
            taking = True
            found += [value] if equals else []
        elif word.startswith("-"):
            taking = False
        elif taking:
            found.append(word)
    return found
