"""`compose_service` and `compose_project`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec.structs import replace

from infraguard.collectors.repository.compose.builds import built_by
from infraguard.collectors.repository.compose.literals import literal_secrets
from infraguard.collectors.repository.compose.merging import (
    compose_document,
    environment_of,
    is_called_compose,
    is_compose,
    is_for_developers,
    is_override,
    merged_project,
    merged_service,
    resolved,
)
from infraguard.collectors.repository.docker.migrating import only_migrates
from infraguard.collectors.repository.docker.places import Copies
from infraguard.collectors.repository.docker.starting import shell_words, started
from infraguard.collectors.repository.found import UNIT, Family, Found, at, at_one_place, each_file
from infraguard.model.evidence import Resource, Source
from infraguard.model.values import Location, Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, text_or_empty
from infraguard.readers.yaml import Document

KINDS: Final = ("compose_service", "compose_project", "production_service", "named_service")
_PRODUCTION: Final = pattern(r"(?i)(?:.*/)?(?:docker-)?compose[.-](?:prod|production|staging|stage|deploy)\.ya?ml\Z")
#: Where users of an image have their homes.
_HOMES: Final = "/home"
#: Engines by the last part of an image's name, and where each keeps its data.
_ENGINES: Final = {
    "postgres": ("postgresql", "/var/lib/postgresql"),
    "postgis": ("postgresql", "/var/lib/postgresql"),
    "timescaledb": ("postgresql", "/var/lib/postgresql"),
    "timescaledb-ha": ("postgresql", f"{_HOMES}/postgres/pgdata"),
    "pgvector": ("postgresql", "/var/lib/postgresql"),
    "postgresql": ("postgresql", "/bitnami/postgresql"),
    "mysql": ("mysql", "/var/lib/mysql"),
    "mariadb": ("mariadb", "/var/lib/mysql"),
    "mongo": ("mongodb", "/data/db"),
    "redis": ("redis", "/data"),
    "valkey": ("redis", "/data"),
}
_VERSION = pattern(r"(\d+(?:\.\d+)*)")
#: In tags of extensions, whose own version stands first: `0.8.0-pg17`.
_VERSION_OF_POSTGRESQL = pattern(r"pg(\d+)")
_FROM: Final = pattern(r"^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(\S+)", re.IGNORECASE | re.MULTILINE)
#: How services are called that are the database.
_DATABASE: Final = pattern(r"(?i)(?:^|[-_])(?:db|database|postgres\w*|pg)(?:$|[-_])")
#: The address of a file of SQLite, with the folder that it lies in.
_SQLITE_FILE: Final = pattern(r"sqlite(?:\+\w+)?:////(?=[^?]*/)(?P<folder>[^?]*)/[^/?]+(?:\?|\Z)")
_DATABASES: Final = frozenset({"postgresql", "mysql", "mariadb", "mongodb"})


def _read_services(tree: Tree, path: str) -> Iterator[Resource]:
    if not _is_of_developers(tree, path):
        yield from _of_named(tree, path)
        return
    project = merged_project(tree, path)
    for override in (other for other in tree.paths if is_override(other)):
        if posixpath.dirname(override) == posixpath.dirname(path):
            project = _overridden(project, merged_project(tree, override))
    document = compose_document(tree, path)
    services = {
        name: service if "image" in service else {**service, **_built_from(tree, path, service)}
        for name, service in project["services"].items()
    }
    found = {name: _service(path, name, service, project, document) for name, service in services.items()}
    for name, service in services.items():
        found[name].attributes["only_migrates"] = _only_migrates(tree, path, service)
    yield from found.values()
    if found:
        yield _project(path, [one.attributes for one in found.values()])


def _overridden(project: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """A project with another merged onto it: services one by one, and what both declare of volumes and the like."""
    services, over = project["services"], other["services"]
    declared = {
        key: {**before, **value} if isinstance(before := project.get(key), dict) and isinstance(value, dict) else value
        for key, value in other.items()
    }
    merged = {name: merged_service(services.get(name, {}), over.get(name, {})) for name in {**services, **over}}
    return {**project, **declared, "services": merged}


def _of_named(tree: Tree, path: str) -> Iterator[Resource]:
    """What a file says that Compose takes when it is told to: for production, where it is deployed, or for tests."""
    project, document = merged_project(tree, path), compose_document(tree, path)
    kind = "production_service" if _PRODUCTION.match(path) else "named_service"
    for name, service in project["services"].items():
        yield replace(_service(path, name, service, project, document), kind=kind)


def _only_migrates(tree: Tree, path: str, service: Mapping[str, Any]) -> bool:
    """Whether the command of a service migrates the schema, and does nothing else."""
    command = service.get("command") or service.get("entrypoint")
    return bool(command) and only_migrates(started(tree, shell_words(command), Copies(tree, path, ())))


def _service(
    path: str, name: str, service: Mapping[str, Any], project: Mapping[str, Any], document: Document
) -> Resource:
    attributes: dict[str, Any] = {"file": path, "name": name, "builds": "build" in service}
    attributes |= _image(service.get("image"))
    environment = environment_of(service.get("environment"))
    is_told = isinstance(attributes.get("engine"), str)
    if not is_told and (data_path := _own_postgresql(name, service, environment)):
        attributes |= {"engine": "postgresql", "data_path": data_path}
        image = attributes.get("image")
        attributes["engine_version"] = image if isinstance(image, Unknown) else _no_version(image or name)
    attributes["environment"] = environment
    attributes["depends_on"] = list(service.get("depends_on") or [])
    attributes["ports"] = [str(port) for port in service.get("ports") or []]
    attributes["has_healthcheck"] = bool(service.get("healthcheck")) and not _off(service["healthcheck"])
    attributes["literal_secrets"] = literal_secrets(environment, service)
    if service.get("env_file"):
        attributes["env_file"] = service["env_file"]
    engine = attributes.get("engine")
    if engine in _DATABASES:
        attributes["data_volume"] = _data_volume(service, project, str(attributes["data_path"]))
    elif folder := _folder_of_sqlite(environment):
        attributes["data_volume"] = _data_volume(service, project, f"/{folder}")
    if isinstance(service.get("unread"), Unknown):
        unread = ("environment", "literal_secrets", "depends_on", "engine", "builds")
        attributes = {"file": path, "name": name, **dict.fromkeys(unread, service["unread"])}
    place = document.at(f"services.{name}")
    location = Location(file=path, line=place.line if place else 1, column=1)
    return Resource(
        kind="compose_service",
        id=f"{path}#{name}",
        source=Source.REPO,
        unit=UNIT,
        attributes=attributes,
        location=location,
        places={key: found for key in attributes if (found := document.at(f"services.{name}.{key}"))},
    )


def _off(healthcheck: Any) -> bool:
    return isinstance(healthcheck, dict) and (healthcheck.get("disable") is True or healthcheck.get("test") == ["NONE"])


def _image(reference: Any) -> dict[str, Any]:
    """Image and tag, and the engine of a database or cache with its version."""
    if not isinstance(reference, str):
        return {}
    text = resolved(reference)
    if isinstance(text, Unknown):
        return {"image": text, "tag": text, "engine": text, "engine_version": text}
    rest = text.partition("@")[0]
    head, slash, last = rest.rpartition("/")
    name, _, tag = last.partition(":")
    found: dict[str, Any] = {"image": f"{head}{slash}{name}", "tag": tag}
    if name in _ENGINES:
        found["engine"], found["data_path"] = _ENGINES[name]
        version = _VERSION_OF_POSTGRESQL.search(tag) or _VERSION.search(tag)
        found["engine_version"] = int(version[1].partition(".")[0]) if version else _no_version(text)
    return found


def _built_from(tree: Tree, path: str, service: Mapping[str, Any]) -> dict[str, Any]:
    """The image of a database that the one is made from which a service builds; nothing for any other."""
    build = service.get("build")
    for dockerfile, _ in built_by(path, {"build": build}):
        bases = _FROM.findall(text_or_empty(tree, dockerfile))
        name = bases[-1].partition("@")[0].rpartition("/")[2].partition(":")[0] if bases else ""
        if name in _ENGINES:
            return {"image": bases[-1]}
    return {}


def _own_postgresql(name: str, service: Mapping[str, Any], environment: Mapping[str, Any]) -> str:
    """Where an image of one's own keeps the data of PostgreSQL, by what the server is told; empty for any other."""
    if "PGDATA" in environment and isinstance(environment["PGDATA"], str):
        return str(environment["PGDATA"])
    is_server = bool(_DATABASE.search(name)) and "image" in service and "build" not in service
    told = {"POSTGRES_PASSWORD", "POSTGRES_DB"} & environment.keys()
    return "/var/lib/postgresql" if is_server and told and "POSTGRES_HOST" not in environment else ""


def _folder_of_sqlite(environment: Mapping[str, Any]) -> str:
    """Where a service keeps a database of SQLite, by its address; empty for none, or one in memory."""
    found = (_SQLITE_FILE.match(value) for value in environment.values() if isinstance(value, str))
    return next((match["folder"] for match in found if match), "")


def _no_version(image: str) -> Unknown:
    return Unknown(f"{image} names no version", (image,), remedy="name the version in the tag")


def _data_volume(service: Mapping[str, Any], project: Mapping[str, Any], data_path: str) -> str:
    """Where a database keeps its data: `named`, `bind`, `anonymous`, `undeclared`, or `none`."""
    declared = project.get("volumes")
    names = set(declared) if isinstance(declared, dict) else set()
    for entry in service.get("volumes") or []:
        source, target, kind = _mount(entry)
        if not f"{target}/".startswith((f"{data_path}/", "/var/lib/postgresql/")):
            continue
        if kind == "bind" or source.startswith((".", "/", "~", "$")):
            return "bind"
        if not source:
            return "anonymous"
        return "named" if source in names else "undeclared"
    return "none"


def _mount(entry: Any) -> tuple[str, str, str]:
    if isinstance(entry, dict):
        return str(entry.get("source") or ""), str(entry.get("target") or ""), str(entry.get("type") or "")
    parts = str(entry).split(":")
    return ("", parts[0], "") if len(parts) == 1 else (parts[0], parts[1], "")


def _project(path: str, services: list[dict[str, Any]]) -> Resource:
    """What the services are together: the one that is built, its database, its cache."""
    database = next((one for one in services if one.get("engine") == "postgresql"), None)
    cache = next((one for one in services if one.get("engine") == "redis"), None)
    own = [one for one in services if one.get("builds") is True and "engine" not in one]
    api = next((one for one in own if "DATABASE_URL" in one["environment"]), own[0] if own else None)
    attributes: dict[str, Any] = {"file": path, "services": [one["name"] for one in services]}
    if database:
        attributes |= {"database": database["name"], "database_version": database["engine_version"]}
    if cache:
        attributes |= {"cache": cache["name"], "cache_version": cache["engine_version"]}
    unclear = next((one["engine"] for one in services if isinstance(one.get("engine"), Unknown)), None)
    if unclear is not None:
        wanted = ("database", "database_version", "cache", "cache_version")
        attributes |= {key: unclear for key in wanted if key not in attributes}
    if api:
        attributes["api"] = api["name"]
        attributes["api_has_database_url"] = "DATABASE_URL" in api["environment"] or _from_file(api)
        attributes["api_depends_on"] = api["depends_on"]
        names = [attributes.get("database"), attributes.get("cache")]
        known = [name for name in names if isinstance(name, str)]
        attributes["api_waits_for_both"] = bool(known) and all(name in api["depends_on"] for name in known)
    return at_one_place("compose_project", path, attributes, at(path))


def _from_file(api: Mapping[str, Any]) -> Any:
    if "env_file" not in api:
        return False
    file = str(api["env_file"])
    return Unknown(f"the variables of {file} are not read", (file,), remedy="name DATABASE_URL under `environment`")


def _wants(path: str) -> bool:
    return is_called_compose(path)


def _is_of_developers(tree: Tree, path: str) -> bool:
    """Whether Compose takes the file by itself, or it is named after developing where there is none of those."""
    return is_compose(path) or (is_for_developers(path) and not any(map(is_compose, tree.paths)))


def _read(tree: Tree) -> Found:
    return each_file(tree, lambda path: is_called_compose(path) and not is_override(path), KINDS, _read_services)


FAMILY = Family(KINDS, _wants, _read)
