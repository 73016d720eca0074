"""Applications that migrate their schema by code of their own when they start: `startup_migration`."""

from __future__ import annotations

import ast
import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any, Final

from msgspec import Struct

from infraguard.collectors.repository.nature.places import is_application
from infraguard.collectors.repository.python.modules import Module, module_of, resource, told_apart
from infraguard.model.environments import environment_named
from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import Environment, Resource
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable, text_or_empty

KINDS: Final = ("startup_migration",)
_MARK: Final = pattern(
    r"(?i:migrate_\w*\(|migrations?\()|command\.upgrade\(|\bflask_migrate\b|[\"']alembic[\"' ,]+upgrade\b"
    r"|call_command\(\s*[\"']migrate[\"']"
)
_MIGRATES: Final = pattern(
    r"(?:alembic\.)?command\.upgrade\Z|alembic_command\.upgrade\Z|alembic\.\w*command\.upgrade\Z|flask_migrate\.upgrade\Z"
)
_PROGRAM: Final = pattern(
    r"(?:^|\.)(?:run|call|check_call|check_output|Popen|system|create_subprocess_(?:exec|shell))\Z"
)
_COMMAND: Final = pattern(r"alembic[\"',\s\[\]-]+(?:-\w+[\"',\s]+\S+[\"',\s]+)*upgrade|manage\.py[\"', ]+migrate")
#: A way of one's own that is called after migrating, and what its module does then.
_OWN: Final = pattern(
    r"(?i)(?:run|apply|execute|perform)_(?:\w+_)?migrations?\Z|migrate_(?:\w+_)?(?:schemas?|database|db|tables?)\Z"
)
_CHANGES: Final = pattern(r"(?i)[\"']\s*(?:CREATE|ALTER)\s+TABLE\s")
#: Functions that run once, before the first request: by their names, by what decorates them, by what they make.
_HOOKS: Final = pattern(r"(?:on_)?start(?:up|ing)\w*\Z|when_ready\Z|post_worker_init\Z|lifespan\w*\Z")
_DECORATED: Final = pattern(
    r"on_event\([\"']startup|before_first_request|before_serving|on_startup|asynccontextmanager.*lifespan"
)
_APPLICATIONS: Final = frozenset(
    {
        *("FastAPI", "Flask", "Starlette", "Quart", "Sanic", "Litestar", "APIFlask", "OpenAPI"),
        *("get_wsgi_application", "get_asgi_application"),
    }
)
_SERVES: Final = pattern(r"(?:uvicorn|hypercorn|waitress)\.\w+\Z|(?:^|\.)(?:app|application|socketio)\.run\Z|run_app\Z")
_ELSEWHERE: Final = pattern(
    r"(?:.*/)?(?:env|manage|setup|cli|conftest)\.py\Z|(?:.*/)?(?:cli|commands|management|scripts|versions)/"
)
_SETTING: Final = pattern(r"(?i)settings|config|environ|getenv|\benv\b|options|args|flag")
_NOT_THERE: Final = pattern(r"(?i)^(?!.*(?:\bnot\b|!=)).*(?:\bdev|develop|\blocal|\btest|debug|sqlite)")
#: What is not done where one tries things: `settings.environment not in ("test", "local")`.
_ELSEWHERE_ONLY: Final = pattern(r"[^=!<>]*(?:!=|\bnot in\b)(?P<names>(?:[\s(\[{,]*+['\"]\w++['\"][\s)\]},]*+)+)\Z")
_TEXT: Final = pattern(r"['\"]\w+['\"]")
_LOCAL: Final = frozenset({"local", "testing", "tests", "ci", "unittest", "pytest"})
#: A run of its own, whose mode says what it is for.
_ASIDE: Final = pattern(r"(?i)==[^=]*migrat")
#: A shorter name is that of something else in another module, and a longer way is none that a reader would follow.
_NAMED: Final = 6
_MAX_STEPS: Final = 5


class _Use(Struct, frozen=True):
    """A place that comes to a migration: the function it stands in (nothing at the top), and what it is asked under."""

    module: Module
    function: ast.FunctionDef | ast.AsyncFunctionDef | None
    line: int
    runs: bool | Unknown


def startup_migrations(tree: Tree) -> list[Resource]:
    """Each call that migrates, and that something comes to which runs when the application starts."""
    paths = [
        path for path in tree.paths if path.endswith(".py") and is_application(path) and not _ELSEWHERE.match(path)
    ]
    return [found for path in paths for found in told_apart(_of_file(tree, path, paths))]


def _of_file(tree: Tree, path: str, paths: Sequence[str]) -> Iterator[Resource]:
    text = text_or_empty(tree, path)
    if not _MARK.search(text) or "context.run_migrations" in text:
        return
    module = _module(tree, path)

    def migrates(module: Module, node: ast.AST) -> bool:
        return _calls(module, node) or _calls_own(tree, module, node)

    for use in _uses(module, migrates) if module else ():
        runs = _at_start(tree, use, paths)
        if runs is not False:
            name = use.function.name if use.function else "module"
            yield resource("startup_migration", path, use.line, f"migrates/{name}", {"runs": runs})


def _at_start(tree: Tree, use: _Use, paths: Sequence[str]) -> bool | Unknown:
    """Whether the application comes there when it starts; unknown where a setting decides."""
    waiting, seen, doubt = [(use, 0)], set[str](), None
    while waiting:
        here, steps = waiting.pop(0)
        if _is_root(tree, here, paths):
            if here.runs is True:
                return True
            doubt = doubt or here.runs
            continue
        name = here.function.name if here.function else ""
        if len(name) < _NAMED or name in seen or steps >= _MAX_STEPS:
            continue
        seen.add(name)
        for each in _users(tree, here.module, name, paths):
            runs = each.runs if here.runs is True else here.runs
            waiting.append((_Use(each.module, each.function, each.line, runs), steps + 1))
    return doubt if isinstance(doubt, Unknown) else False


def _is_root(tree: Tree, use: _Use, paths: Sequence[str]) -> bool:
    """Whether an application starts here: a hook, what makes or serves it, the top of a module that is used."""
    if use.function is None:
        return _starts(use.module, use.module.tree) or _is_imported(tree, use.module.path, paths)
    decorators = " ".join(f"{ast.unparse(each)} {use.function.name}" for each in use.function.decorator_list)
    if _HOOKS.match(use.function.name) or _DECORATED.search(decorators):
        return True
    return _starts(use.module, use.function)


def _starts(module: Module, node: ast.AST) -> bool:
    names = [module.name_of(each.func) for each in ast.walk(node) if isinstance(each, ast.Call)]
    return any(name.rpartition(".")[2] in _APPLICATIONS or _SERVES.search(name) for name in names)


def _is_imported(tree: Tree, path: str, paths: Sequence[str]) -> bool:
    stem = path.removesuffix("/__init__.py").removesuffix(".py").rpartition("/")[2]
    imported = pattern(
        rf"(?m)^[ \t]*(?:from\s+[\w.]*\b{re.escape(stem)}\b|(?:from\s+\S+\s+)?import\s[^\n]*\b{re.escape(stem)}\b)"
    )
    return any(imported.search(text_or_empty(tree, each)) for each in paths if each != path)


def _users(tree: Tree, home: Module, name: str, paths: Sequence[str]) -> Iterator[_Use]:
    """Where the application calls the function, or hands it on to be called."""

    def names(module: Module, node: ast.AST) -> bool:
        said = module.name_of(node) if isinstance(node, (ast.Name, ast.Attribute)) else ""
        is_load = isinstance(getattr(node, "ctx", None), ast.Load)
        is_told = module.path == home.path or said != name or name in module.imports
        return is_load and said.rpartition(".")[2] == name and is_told

    word = pattern(rf"\b{re.escape(name)}\b(?!\s*=[^=])")
    for path in paths:
        module = _module(tree, path) if word.search(text_or_empty(tree, path)) else None
        if module is not None:
            yield from _uses(module, names)


def _module(tree: Tree, path: str) -> Module | None:
    try:
        return module_of(tree, path)
    except (SyntaxProblem, Unreadable):
        return None


def _calls(module: Module, node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = module.name_of(node.func)
    if _MIGRATES.search(name):
        return True
    text = ast.unparse(node)
    return bool(_PROGRAM.search(name) and _COMMAND.search(text)) or (
        name.endswith("call_command") and bool(node.args) and module.text(node.args[0]) == "migrate"
    )


def _calls_own(tree: Tree, module: Module, node: ast.AST) -> bool:
    """Whether a function of the repository is called after migrating, and stands beside statements that do."""
    name = module.name_of(node.func) if isinstance(node, ast.Call) else ""
    home, _, function = name.rpartition(".")
    if not _OWN.match(function):
        return False
    if not home:
        return bool(_CHANGES.search(module.source))
    end = f"{home.lstrip('.').replace('.', '/')}.py"
    return any(_CHANGES.search(text_or_empty(tree, path)) for path in tree.paths if f"/{path}".endswith(f"/{end}"))


def _uses(module: Module, is_wanted: Any) -> Iterator[_Use]:
    """The places of a module that are wanted, each with its function and with the settings that it is asked under."""
    waiting: deque[tuple[ast.AST, ast.FunctionDef | ast.AsyncFunctionDef | None, bool | Unknown]] = deque(
        (node, None, True) for node in module.tree.body
    )
    while waiting:
        node, function, runs = waiting.popleft()
        if is_wanted(module, node):
            yield _Use(module, function, getattr(node, "lineno", 1), runs)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            function = node
        elif isinstance(node, ast.If):
            test = ast.unparse(node.test)
            waiting.extend([(node.test, function, runs), *((each, function, runs) for each in node.orelse)])
            serves = "__name__" in test and _has_server(module, node)
            under = _under(test, runs, serves=serves)
            waiting.extend((each, function, under) for each in node.body if under is not False)
            continue
        waiting.extend((child, function, runs) for child in ast.iter_child_nodes(node))


def _under(test: str, runs: bool | Unknown, *, serves: bool) -> bool | Unknown:
    """Whether what stands under a test runs; a script's own part does not, unless it serves."""
    if "__name__" in test:
        return runs if serves else False
    if _NOT_THERE.search(test) or _ASIDE.search(test):
        return False
    if _SETTING.search(test) and runs is True and not _is_asked_of_trials(test):
        reason = f"whether the schema is migrated at start is asked of {test[:60]}"
        return Unknown(reason, (test[:60],), remedy="migrate in a step of its own before the new version starts")
    return runs


def _is_asked_of_trials(test: str) -> bool:
    """Whether a test keeps something from being done where one tries things only, so that production does it."""
    asked = _ELSEWHERE_ONLY.match(test)
    names = [name.strip("'\"") for name in _TEXT.findall(asked["names"])] if asked else []
    return bool(names) and all(
        name.lower() in _LOCAL or environment_named(name) is Environment.DEVELOPMENT for name in names
    )


def _has_server(module: Module, node: ast.AST) -> bool:
    return any(isinstance(each, ast.Call) and _SERVES.search(module.name_of(each.func)) for each in ast.walk(node))
