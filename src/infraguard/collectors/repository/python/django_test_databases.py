"""The database that tests of a project of Django use: that of its settings, of which Django makes another for them.

One of SQLite is then in memory: https://docs.djangoproject.com/en/stable/topics/testing/overview/#the-test-database.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from infraguard.collectors.repository.found import UNIT, at
from infraguard.collectors.repository.nature.parts import part_around
from infraguard.collectors.repository.nature.places import is_aside
from infraguard.collectors.repository.python.imports import imports_of
from infraguard.collectors.repository.python.source import parse_python
from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import Resource, Source
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, text_or_empty

#: Files that name the settings of tests, those that pytest reads before the program that runs them otherwise.
_PYTEST: Final = pattern(r"(?:.*/)?(?:pytest\.ini|setup\.cfg|tox\.ini|pyproject\.toml|conftest\.py|Makefile)\Z")
_MANAGE: Final = pattern(r"(?:.*/)?manage\.py\Z")
_NAMED: Final = pattern(r"DJANGO_SETTINGS_MODULE[\"']?[\s\],=:]+[\"']?(?P<name>[\w.]+)|--ds[= ]+(?P<option>[\w.]+)")
_CLASS: Final = pattern(r"DJANGO_CONFIGURATION[\"']?[\s\],=:]+[\"']?(?P<name>\w+)")
_SOFTWARE: Final = pattern(
    r"\bdb\.backends\.(?P<backend>sqlite3|spatialite|postgresql\w*|postgis|mysql|oracle)\b"
    r"|[\"'](?P<scheme>sqlite|postgres(?:ql)?|postgis|mysql|mariadb|oracle)(?:\+\w+)?://"
)
_NAMES: Final = {"sqlite3": "sqlite", "spatialite": "sqlite", "postgres": "postgresql", "postgis": "postgresql"}
#: The variable that settings take the address of a database from, as `env.db("DATABASE_URL")` does.
_VARIABLE: Final = pattern(r"[\"'](?P<name>[A-Z]\w*_UR[IL])[\"']|(?P<default>dj_database_url\.config\()")
#: What gives tests their environment.
_GIVES: Final = pattern(r"\.github/workflows/.*\.ya?ml\Z")
_SCHEME: Final = r"[\"']?\s*[:=]\s*[\"']?(?P<scheme>[a-z]+)\w*(?:\+\w+)?://"
#: How settings ask whether tests read them.
_ASKS_FOR_TESTS: Final = pattern(r"(?i)[\"']test[\"']\s+in\s+sys\.argv|\bif\s+(?:\w+\.)*(?:is_?)?test(?:ing|s)?\b")
_MAX_DEPTH: Final = 4


def django_test_databases(tree: Tree) -> Iterator[Resource]:
    """A `test_database` for each program that runs a project of Django, by the settings that its tests read."""
    for manage in tree.paths:
        if _MANAGE.match(manage) and not is_aside(manage):
            folder = manage.rpartition("/")[0]
            named, chosen = _named(tree, folder, manage)
            path = _module(tree, folder, named)
            found = _databases(tree, path, (chosen,), _MAX_DEPTH) if path else None
            if found is not None:
                yield _resource(tree, manage, path, found)


def _named(tree: Tree, folder: str, manage: str) -> tuple[str, str]:
    """The settings that tests in a folder read, by the module's name, and the class that is taken of it."""
    prefix = f"{folder}/" if folder else ""
    around = [path for path in tree.paths if _PYTEST.match(path) and (path.startswith(prefix) or "/" not in path)]
    texts = [text_or_empty(tree, path) for path in (*sorted(around, key=len, reverse=True), manage)]
    names = (match["name"] or match["option"] for text in texts for match in _NAMED.finditer(text))
    classes = (match["name"] for text in texts for match in _CLASS.finditer(text))
    return next(names, ""), next(classes, "")


def _module(tree: Tree, folder: str, name: str) -> str:
    ends = [f"{name.replace('.', '/')}{end}" for end in (".py", "/__init__.py")] if name else []
    places = [f"{folder}/{end}" if folder else end for end in ends]
    return next((place for place in places if place in tree), "")


class _Databases(NamedTuple):
    """Where settings set the databases, of which software, and all that is said there."""

    file: str
    line: int
    software: set[str]
    said: str


def _databases(tree: Tree, path: str, chosen: tuple[str, ...], depth: int) -> _Databases | None:
    """What the settings in a file, or else in one that it imports, set; None where none does.

    `chosen` names the classes of settings that may set them.
    """
    text = text_or_empty(tree, path)
    try:
        module = parse_python(text.encode(), path)
    except SyntaxProblem:
        return None
    classes = _classes(module, chosen)
    for statement in _settings(module, classes):
        said = ast.get_source_segment(text, statement) or ""
        found = {match["backend"] or match["scheme"] for match in _SOFTWARE.finditer(said)} or _given(tree, said)
        return _Databases(path, statement.lineno, {_NAMES.get(each, each.partition("_")[0]) for each in found}, said)
    for other in imports_of(tree, path) if depth else ():
        if other != path and (below := _databases(tree, other, classes, depth - 1)):
            return below
    return None


def _given(tree: Tree, said: str) -> set[str]:
    """The software of the addresses that workflows give in the variable that settings read."""
    named = _VARIABLE.search(said)
    if named is None:
        return set()
    given = pattern(rf"\b{named['name'] or 'DATABASE_URL'}{_SCHEME}")
    texts = (text_or_empty(tree, path) for path in tree.paths if _GIVES.match(path))
    return {match["scheme"] for text in texts for match in given.finditer(text)}


def _classes(module: ast.Module, chosen: tuple[str, ...]) -> tuple[str, ...]:
    """The classes of settings that are chosen, and after them what they are made of, also in other files."""
    found = list(chosen)
    declared = {each.name: each for each in module.body if isinstance(each, ast.ClassDef)}
    for name in found:
        bases = declared[name].bases if name in declared else []
        found += [base.id for base in bases if isinstance(base, ast.Name) and base.id not in found]
    return tuple(found)


def _settings(module: ast.Module, classes: tuple[str, ...]) -> Iterator[ast.stmt]:
    """The statement of a module that sets the databases, or the whole condition under which it is set."""
    declared = {each.name: each for each in module.body if isinstance(each, ast.ClassDef)}
    body = [each for name in classes if name in declared for each in declared[name].body] or module.body
    for statement in body:
        inner: Any = ast.walk(statement) if isinstance(statement, (ast.If, ast.Try)) else (statement,)
        if any(_sets_databases(each) for each in inner):
            yield statement


def _sets_databases(node: ast.AST) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return any(_begins(target) == "DATABASES" for target in targets)


def _begins(node: ast.AST) -> str:
    while isinstance(node, ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _resource(tree: Tree, manage: str, settings: str, found: _Databases) -> Resource:
    others = sorted(found.software - {"sqlite"})
    is_decided = bool(found.software) and not (others and "sqlite" in found.software)
    reason = f"which database {found.file} has for tests is decided by the environment"
    untold = Unknown(reason, ("DATABASES",), remedy="give tests settings of their own, with SQLite")
    is_known = is_decided or ("sqlite" in found.software and bool(_ASKS_FOR_TESTS.search(found.said)))
    return Resource(
        kind="test_database",
        id=f"{manage}#{settings}",
        source=Source.REPO,
        unit=UNIT,
        attributes={
            "software": (others or ["sqlite"])[0],
            "in_memory": "sqlite" in found.software if is_known else untold,
            "parts": part_around(tree, manage),
            "framework": "django",
        },
        location=at(found.file, found.line),
    )
