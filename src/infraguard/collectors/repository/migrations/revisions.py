"""Alembic's revisions: one `alembic_migration` a file, one `alembic_chain` a folder of them."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Any, Final

from infraguard.collectors.repository.found import Family, Found, at, gap_of
from infraguard.collectors.repository.migrations.chains import Revision, chains
from infraguard.collectors.repository.migrations.creations import creations
from infraguard.collectors.repository.migrations.django import django_migrations
from infraguard.collectors.repository.migrations.hazards import hazards
from infraguard.collectors.repository.migrations.operations import Operation, operations
from infraguard.collectors.repository.nature.places import is_aside
from infraguard.collectors.repository.nature.stores import databases
from infraguard.collectors.repository.python.modules import Module, literal, module_of, resource
from infraguard.collectors.repository.remembering import once
from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import Gap, Resource
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable, text_or_empty

KINDS: Final = (
    *("alembic_migration", "alembic_chain", "django_migration"),
    *("migration_test", "migration_preview", "schema_creation"),
)
_REVISION: Final = pattern(rb"(?m)^down_revision\b")
#: A revision lies in the environment's folder, in one below it, or in one for its year below that.
_ABOVE: Final = 3
_CREATED: Final = pattern(r"Create Date:\s*(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)")
_TESTS_DOWN: Final = pattern(
    r"command\.downgrade|alembic[\w \t\"',-]*downgrade|pytest_alembic|pytest-alembic|up_down_consistency"
    r"|MigrationContext|django_test_migrations|MigratorTestCase|MigrationExecutor\("
    r"|manage\.py\s+migrate\s+\w+\s+(?:zero|\d{4})\b|call_command\(\s*[\"']migrate[\"']\s*,\s*[\"']\w+[\"']\s*,\s*[\"'](?:zero|\d{4})"
)
_TESTED_IN: Final = pattern(
    r"(?:.*/)?(?:[^/]*test[^/]*(?:/.*)?\.py|\.github/workflows/[^/]+\.ya?ml|Makefile|tox\.ini|noxfile\.py|[^/]+\.sh|\.gitlab-ci\.yml|pyproject\.toml)\Z"
)
_PREVIEWS: Final = pattern(r"alembic[^\n]*upgrade[^\n]*--sql|command\.upgrade\([^)]*sql\s*=\s*True|\bsqlmigrate\b")
_RUNNERS: Final = pattern(r"\b(?:make|tox|nox|just|task|invoke|poe)\s+[\w-]+")


def revision_files(tree: Tree) -> list[str]:
    """The files that hold a revision of Alembic, and that its environment comes to.

    Where some have an environment beside their folder, those without one are left over: Alembic reads them never.
    """
    return once(tree, "revision files", lambda: _with_environment(tree, list(_revision_files(tree))))


def _with_environment(tree: Tree, paths: list[str]) -> list[str]:
    def has_environment(path: str) -> bool:
        above = list(accumulate(path.split("/")[:-1], posixpath.join, initial=""))[-_ABOVE:]
        return any(posixpath.join(folder, "env.py") in tree for folder in above)

    return [path for path in paths if has_environment(path)] or paths


def _revision_files(tree: Tree) -> Iterator[str]:
    for path in tree.paths:
        if path.endswith(".py") and not is_aside(path):
            try:
                if _REVISION.search(tree.read_bytes(path)):
                    yield path
            except Unreadable:
                continue


def _read(tree: Tree) -> Found:
    resources: list[Resource] = []
    gaps: list[Gap] = []
    folders: dict[str, list[Revision]] = {}
    broken: set[str] = set()
    for path in revision_files(tree):
        folder = path.rpartition("/")[0]
        try:
            module = module_of(tree, path)
        except (SyntaxProblem, Unreadable) as error:
            gaps.append(gap_of(error, path, ("alembic_migration", "sqlalchemy_model", "sqlalchemy_column")))
            broken.add(folder)
            continue
        found = _revision(module)
        if found is None:
            continue
        folders.setdefault(folder, []).append(found)
        resources.append(_migration(module, found, is_sqlite=databases(tree) == ("sqlite",)))
    resources.extend(chains(folders, broken))
    resources.extend(_tests(tree))
    created, django = creations(tree), django_migrations(tree)
    return Found((*resources, *django.resources, *created.resources), (*gaps, *django.gaps, *created.gaps))


def _revision(module: Module) -> Revision | None:
    revision = literal(module.names.get("revision"))
    if not isinstance(revision, str):
        return None
    down = literal(module.names.get("down_revision"))
    parents = (down,) if isinstance(down, str) else tuple(down) if isinstance(down, (list, tuple)) else ()
    labels = literal(module.names.get("branch_labels")) is not None
    return Revision(module.path, revision, parents, labels, module.names["revision"].lineno)


def _migration(module: Module, found: Revision, *, is_sqlite: bool) -> Resource:
    up, down = list(operations(module, "upgrade")), list(operations(module, "downgrade"))
    raises = _raises(module)
    is_merge = len(found.parents) > 1
    attributes: dict[str, Any] = {
        "revision": found.revision,
        "down_revisions": list(found.parents),
        "is_merge": is_merge,
        "is_first": not found.parents,
        "created_at": _created(module),
        "upgrade_operations": len(up),
        "downgrade_operations": len(down),
        "is_reversible": _is_reversible(up, down, raises, module),
        "unrunnable": [each for operation in (*up, *down) for each in _unrunnable(operation)],
        "hazards": hazards(module, up, is_sqlite=is_sqlite),
    }
    lines = {"is_reversible": _line_of(module, "downgrade"), "hazards": _line_of(module, "upgrade")}
    if attributes["hazards"]:
        lines["hazards"] = attributes["hazards"][0]["line"]
        attributes["hazard"] = "; ".join(dict.fromkeys(each["what"] for each in attributes["hazards"]))
    made = resource("alembic_migration", module.path, found.line, "", attributes)
    made.places.update({key: at(module.path, line) for key, line in lines.items()})
    return made


def _created(module: Module) -> str | None:
    match = _CREATED.search(ast.get_docstring(module.tree) or "")
    return f"{match[1]}T{match[2]}+00:00" if match else None


def _line_of(module: Module, function: str) -> int:
    return next((each.lineno for each in module.functions if each.name == function), 1)


def _raises(module: Module) -> bool:
    node = next((each for each in module.functions if each.name == "downgrade"), None)
    return node is not None and any(isinstance(statement, ast.Raise) for statement in node.body)


def _is_reversible(up: list[Operation], down: list[Operation], raises: bool, module: Module) -> bool | Unknown:
    """Whether `downgrade` undoes something, where `upgrade` does something. A merge does nothing, and need not."""
    if raises:
        return False
    changes = [each for each in up if not _is_data_only(each)]
    if down or not changes:
        return True
    node = next((each for each in module.functions if each.name == "downgrade"), None)
    called = node is not None and any(isinstance(each, ast.Call) for each in ast.walk(node))
    if called:
        return Unknown(
            "downgrade calls what is written elsewhere", (module.path,), remedy="write its operations in the migration"
        )
    return False


def _is_data_only(operation: Operation) -> bool:
    """SQL that changes rows and no table, or brings an extension: nothing of the schema is to be undone."""
    return bool(
        operation.sql
        and re.match(
            r"(?is)\s*(?:UPDATE|INSERT|DELETE|SELECT|SET|WITH|ANALYZE|COMMENT|CREATE\s+EXTENSION)\b", operation.sql
        )
    )


def _unrunnable(operation: Operation) -> Iterator[str]:
    if operation.name == "drop_constraint" and operation.node is not None:
        arguments = operation.node.args
        named = [keyword.value for keyword in operation.node.keywords if keyword.arg == "constraint_name"]
        first = arguments[0] if arguments else named[0] if named else None
        if isinstance(first, ast.Constant) and first.value is None:
            yield f"line {operation.line} drops a constraint without its name"


def _tests(tree: Tree) -> Iterator[Resource]:
    """Where migrations are tried downwards, and where their SQL is shown before it is applied."""
    texts = {path: text for path in tree.paths if _TESTED_IN.match(path) and (text := _text(tree, path))}
    pipelines = (".github/workflows/", ".gitlab-ci")
    workflows = {path: text for path, text in texts.items() if path.startswith(pipelines)}
    for path, text in texts.items():
        found = _TESTS_DOWN.search(text)
        if found:
            line = text.count("\n", 0, found.start()) + 1
            yield resource("migration_test", path, line, "", {"goes_down": True})
        found = _PREVIEWS.search(text)
        if found:
            line = text.count("\n", 0, found.start()) + 1
            runs = True if path in workflows else _runs(path, workflows.values())
            yield resource("migration_preview", path, line, "preview", {"runs_in_workflow": runs})


def _runs(path: str, workflows: Iterable[str]) -> bool | Unknown:
    """Whether a workflow runs a script; what runs a Makefile or tox may run it, or not."""
    name = path.rpartition("/")[2]
    every = list(workflows)
    if any(name in each for each in every):
        return True
    runner = next((found[0] for each in every if (found := _RUNNERS.search(each))), "")
    if not runner:
        return False
    return Unknown(f"{runner!r} may run what {path} has, and may not", (path,), remedy="call it in the workflow itself")


def _text(tree: Tree, path: str) -> str:
    """The text of a file; nothing of migrations themselves, and of what cannot be read."""
    return "" if "/versions/" in path else text_or_empty(tree, path)


def _wants(path: str) -> bool:
    return path.endswith(".py") and not is_aside(path)


FAMILY = Family(KINDS, _wants, _read)
