"""The readers of the application over its Python files: each file is parsed once, and only if some reader asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from msgspec.structs import replace

from infraguard.collectors.repository.application import applied as whose
from infraguard.collectors.repository.application import settings
from infraguard.collectors.repository.application.connections import engines
from infraguard.collectors.repository.application.connections.addresses import put_together
from infraguard.collectors.repository.application.connections.connection_tls import guarded_mode
from infraguard.collectors.repository.application.connections.connectors import is_of_users
from infraguard.collectors.repository.application.connections.given_addresses import is_given_without_tls
from infraguard.collectors.repository.application.connections.layered import as_layered
from infraguard.collectors.repository.application.connections.per_request import is_made_for_each_request
from infraguard.collectors.repository.application.jobs import load, reports, scheduled_jobs, startup_migrations
from infraguard.collectors.repository.application.jobs.scripts import is_script
from infraguard.collectors.repository.application.jobs.started_containers import with_containers
from infraguard.collectors.repository.application.languages.unread_code import unread_code
from infraguard.collectors.repository.application.logged import events, log_masks, logs, logs_elsewhere
from infraguard.collectors.repository.application.logged.plain_lines import told
from infraguard.collectors.repository.application.schema import models, sql_scripts
from infraguard.collectors.repository.application.serving import process_state, session_engines, web
from infraguard.collectors.repository.application.serving.kept_by_services import with_kept_uploads
from infraguard.collectors.repository.application.telemetry import metrics, tracing
from infraguard.collectors.repository.application.used import is_used
from infraguard.collectors.repository.found import Family, Found, gap_of
from infraguard.collectors.repository.nature.drivers import speaks_sql, speaks_to_documents
from infraguard.collectors.repository.nature.places import is_application, is_aside
from infraguard.collectors.repository.nature.stores import databases
from infraguard.collectors.repository.python.modules import Module, module_of, told_apart
from infraguard.collectors.repository.python.source import is_template
from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import Gap, Resource
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable, text_or_empty


class Reader(NamedTuple):
    """What one reader gives, what a file must hold to concern it, and how it reads."""

    kinds: tuple[str, ...]
    concerns: re.Pattern[bytes]
    read: Callable[[Module], Iterable[Resource]]


READERS: Final = (
    Reader(metrics.KINDS, metrics.CONCERNS, metrics.read),
    Reader(logs.KINDS, logs.CONCERNS, logs.read),
    Reader(logs_elsewhere.KINDS, logs_elsewhere.CONCERNS, logs_elsewhere.read),
    Reader(events.KINDS, events.CONCERNS, events.read),
    Reader(tracing.KINDS, tracing.CONCERNS, tracing.read),
    Reader(web.KINDS, web.CONCERNS, web.read),
    Reader(process_state.KINDS, process_state.CONCERNS, process_state.read),
    Reader(engines.KINDS, engines.CONCERNS, engines.read),
    Reader(reports.KINDS, reports.CONCERNS, reports.read),
    Reader(scheduled_jobs.KINDS, scheduled_jobs.CONCERNS, scheduled_jobs.read),
    Reader(settings.KINDS, settings.CONCERNS, settings.read),
)
#: What is told from files that are no Python.
_TEXTS: Final = (
    (tracing.STARTER_FILES, tracing.of_text),
    (scheduled_jobs.SCHEDULE_FILES, scheduled_jobs.of_text),
    (settings.INJECTION_FILES, settings.of_text),
    (web.PROXY_FILES, web.of_text),
)
KINDS: Final = tuple(
    dict.fromkeys(
        (
            *(kind for reader in READERS for kind in reader.kinds),
            *models.KINDS,
            *load.KINDS,
            *sql_scripts.KINDS,
            *startup_migrations.KINDS,
            *whose.KINDS,
            "connection_pooler",
        )
    )
)
#: What only the code of a service tells. Tests of load are told by files of their own, in whichever language, and whose
#: a set-up is, in Python only.
_IN_CODE: Final = tuple(kind for kind in KINDS if kind not in (*load.KINDS, *whose.KINDS))
#: What there is of a database of SQL alone.
_OF_SQL: Final = frozenset((*models.KINDS, *sql_scripts.KINDS))
_POOLER: Final = pattern(r"image:\s*[\"']?\S*(?:pgbouncer|pgcat|pgpool|supavisor|odyssey)")


def _read(tree: Tree) -> Found:
    resources: list[Resource] = []
    gaps: list[Gap] = []
    for path in tree.paths:
        if is_application(path):
            _read_python(tree, path, resources, gaps)
        elif not is_aside(path) or path.startswith(".github/workflows/"):
            resources.extend(_of_text(tree, path))
    schema = models.read_schema(tree)
    elsewhere = unread_code(tree, _in_code(tree))
    resources.extend((*elsewhere.resources, *web.of_operations(tree)))
    if any(each.kind == "session_store" and "by_default" not in each.attributes for each in resources):
        resources = [each for each in resources if "by_default" not in each.attributes]
    resources = with_containers(tree, _with_tracing_settled(tree, resources))
    used = [each for each in resources if is_used(tree, each) and logs_elsewhere.is_elsewhere(tree, each)]
    used = [logs.with_configuration(tree, each) for each in used]
    used = [with_kept_uploads(tree, each) for each in told(tree, used) if process_state.is_kept(tree, each)]
    own = (each for each in used if each.kind != "database_engine" or not is_of_users(tree, each.location.file))
    settled = (_settled(tree, each) for each in own)
    migrating = startup_migrations.startup_migrations(tree)
    written = (*schema.resources, *load.load_tests(tree), *sql_scripts.scripts(tree), *migrating)
    told_whose = (whose.applied(tree, each) for each in settled)
    return Found((*told_whose, *whose.web_applications(tree), *written), (*gaps, *schema.gaps, *elsewhere.gaps))


def _with_tracing_settled(tree: Tree, resources: list[Resource]) -> list[Resource]:
    def sources() -> Iterator[str]:
        return (text_or_empty(tree, path) for path in tree.paths if is_application(path))

    setups = [tracing.with_rate(each, sources) for each in resources if each.kind == "tracing_setup"]
    is_provided = any("provided_in" in each.attributes for each in setups)
    found = iter(tracing.settled(setups, sources()) if is_provided else setups)
    return [next(found) if each.kind == "tracing_setup" else each for each in resources]


def _settled(tree: Tree, each: Resource) -> Resource:
    """What one file does not decide alone, by the rest of the repository."""
    if each.kind == "session_store":
        return session_engines.settled(tree, each)
    return _connected(tree, each) if each.kind == "database_engine" else log_masks.settled(tree, each)


def _connected(tree: Tree, engine: Resource) -> Resource:
    """A connection whose address, or whose TLS, is decided elsewhere, by what the rest of the repository says of it.

    Another module may refuse all modes of a setting but one. One that a program opens once needs no pool.
    """
    place = engine.location
    if engine.attributes.get("is_single") and is_script(tree, module_of(tree, place.file), place.line):
        engine = replace(engine, attributes={**engine.attributes, "is_script": True})
    if is_made_for_each_request(tree, engine):
        engine = replace(engine, attributes={**engine.attributes, "pool": "one for each request"})
    engine = as_layered(tree, engine)
    tls = engine.attributes["tls"]
    if isinstance(tls, Unknown) and databases(tree) == ("sqlite",):  # the address is elsewhere, and can be no other
        return replace(engine, attributes={**engine.attributes, "is_sqlite": True})
    name = tls.depends_on[0].rpartition(".")[2] if isinstance(tls, Unknown) and tls.depends_on else ""
    if isinstance(tls, Unknown) and (put_together(tree) or is_given_without_tls(tree, name)):
        return replace(engine, attributes={**engine.attributes, "tls": "prefer"})
    if not name.isidentifier():
        return engine
    for path in tree.paths:
        if is_application(path) and path.rpartition("/")[2] in _SETTINGS:
            try:
                mode = guarded_mode(module_of(tree, path), name)
            except (SyntaxProblem, Unreadable):
                continue
            if mode:
                return replace(engine, attributes={**engine.attributes, "tls": mode})
    return engine


#: Where an application checks its settings.
_SETTINGS: Final = frozenset({"settings.py", "config.py", "configuration.py"})


def _read_python(tree: Tree, path: str, resources: list[Resource], gaps: list[Gap]) -> None:
    try:
        content = tree.read_bytes(path)
        concerned = [reader for reader in READERS if reader.concerns.search(content)]
    except Unreadable as error:
        gaps.append(gap_of(error, path, KINDS))
        return
    if not concerned:
        return
    try:
        module = module_of(tree, path)
    except (SyntaxProblem, Unreadable) as error:
        if is_template(content):
            return
        kinds = tuple(dict.fromkeys(kind for reader in concerned for kind in reader.kinds))
        gaps.append(gap_of(error, path, kinds))
        return
    resources.extend(told_apart(each for reader in concerned for each in reader.read(module)))


def _of_text(tree: Tree, path: str) -> Iterator[Resource]:
    readers = [read for files, read in _TEXTS if files.match(path)]
    is_compose = "compose" in path and path.endswith((".yml", ".yaml"))
    if not readers and not is_compose:
        return
    try:
        text = tree.read(path)
    except Unreadable:
        return
    for read in readers:
        yield from read(text, path)
    if is_compose and _POOLER.search(text):
        from infraguard.collectors.repository.python.modules import resource

        yield resource("connection_pooler", path, 1, "pooler", {"software": "pgbouncer"})


def _in_code(tree: Tree) -> tuple[str, ...]:
    """What the code of a service may tell; nothing of databases where its manifests ask for none."""
    if speaks_sql(tree):
        return _IN_CODE
    none = _OF_SQL if speaks_to_documents(tree) else {*_OF_SQL, "database_engine", "connection_pooler"}
    return tuple(kind for kind in _IN_CODE if kind not in none)


FAMILY = Family(KINDS, is_application, _read)
