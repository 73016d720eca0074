"""Whether the repository is a service: a web application in its Python, or a container that starts a server."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct

from infraguard.collectors.repository.compose.merging import is_called_compose
from infraguard.collectors.repository.found import at
from infraguard.collectors.repository.nature.places import is_application, is_aside
from infraguard.collectors.repository.python.source import parse_python
from infraguard.collectors.repository.remembering import once
from infraguard.model.errors import SyntaxProblem
from infraguard.model.values import Location, Unknown
from infraguard.readers.dockerfile import read_dockerfile
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable, bytes_or_empty
from infraguard.readers.yaml import read_document

#: The call that makes an application, by the package that its name comes from.
_MAKERS: Final = {
    "FastAPI": "fastapi",
    "Starlette": "starlette",
    "Flask": "flask",
    "APIFlask": "apiflask",
    "Quart": "quart",
    "Litestar": "litestar",
    "Sanic": "sanic",
    "Bottle": "bottle",
    "Chalice": "chalice",
    "Robyn": "robyn",
    "web.Application": "aiohttp",
    "tornado.web.Application": "tornado",
    "connexion.App": "connexion",
    "FlaskApp": "connexion",
    "AsyncApp": "connexion",
    "falcon.App": "falcon",
    "falcon.asgi.App": "falcon",
    "grpc.server": "grpc",
    "grpc.aio.server": "grpc",
    "cherrypy.quickstart": "cherrypy",
    "make_wsgi_app": "pyramid",
    "get_wsgi_application": "django",
    "get_asgi_application": "django",
}
#: Frameworks that make a service one of Python.
PYTHON_FRAMEWORKS: Final = frozenset(_MAKERS.values())
_LAST: Final = frozenset(name.rpartition(".")[2] for name in _MAKERS)
_MAKES: Final = pattern(
    rb"\b(?:FastAPI|Starlette|Flask|APIFlask|Quart|Litestar|Sanic|Bottle|Chalice|Robyn|Application|App|FlaskApp|"
    rb"AsyncApp|server|quickstart|make_wsgi_app|get_wsgi_application|get_asgi_application)\("
    rb"|(?m:^)class\s+\w+\([^)]*\b(?:FastAPI|Starlette|Flask|APIFlask|Quart|Litestar|Sanic|Bottle|Chalice)\b[^)]*\):"
)
_FRAMEWORKS: Final = pattern(
    rb"\b(?:fastapi|starlette|flask|apiflask|quart|litestar|sanic|bottle|chalice|robyn|aiohttp|tornado|falcon|grpc|"
    rb"cherrypy|pyramid|django|connexion)\b"
)
#: Settings of Django, also within a class as django-configurations has them, and the files that they stand in.
_SETTINGS: Final = pattern(rb"(?m)^[ \t]*(?:ROOT_URLCONF|WSGI_APPLICATION|ASGI_APPLICATION)\s*[:=]")
_SETTINGS_FILES: Final = pattern(r"(?:.*/)?(?:(?:settings|base|configuration)[^/]*|settings/[^/]+)\Z")
SERVERS: Final = pattern(
    r"(?i)(?<![\w.-])(?:uvicorn|gunicorn|hypercorn|daphne|granian|uwsgi|waitress-serve|flask\s+run|fastapi\s+(?:run|dev)|"
    r"runserver|nginx|caddy|httpd|puma|rails\s+s|php-fpm|apache2-foreground|next\s+start|serve)(?![\w-])"
)
#: What a container runs beside a service, on ports of its own: it ships logs and measurements, or keeps data.
ERRANDS: Final = pattern(
    r"(?i)(?:^|[\s/\"'])(?:fluent-?bit|fluentd|filebeat|metricbeat|vector|telegraf|otelcol[\w-]*|cloudwatch-agent|promtail|"
    r"aws-otel-collector|node_exporter|statsd|postgres|mysqld|mariadbd|redis-server|memcached|sshd)(?=[\s\"']|$)"
)
#: What a platform starts as the process that gets the requests.
_WEB: Final = pattern(r"(?m)^web:[ \t]*\S")
_DOCKERFILE: Final = pattern(r"(?i)(?:[\w.-]*[.-])?(?:dockerfile|containerfile)(?:[.-](?!dockerignore)[\w-]+)?\Z")
FRAMEWORK_PACKAGES: Final = frozenset(
    {
        *("fastapi", "starlette", "flask", "apiflask", "quart", "litestar", "sanic", "bottle", "chalice", "robyn"),
        *("tornado", "falcon", "cherrypy", "pyramid", "django", "connexion", "blacksheep", "nicegui", "streamlit"),
    }
)


class Application(Struct, frozen=True):
    """Something that serves: which framework or server, and where it is made or started."""

    framework: str
    location: Location


def applications(tree: Tree) -> tuple[Application, ...]:
    """Every application that the Python makes and every server that a container starts."""
    return once(tree, "applications", lambda: (*_of_python(tree), *_of_containers(tree)))


def is_dockerfile(path: str) -> bool:
    """Whether a file is called like one that an image is built by."""
    return _DOCKERFILE.match(path.rpartition("/")[2]) is not None


def unread_applications(tree: Tree) -> Unknown | None:
    """Python that may make an application and cannot be read."""
    for path in _candidates(tree):
        try:
            parse_python(tree.read_bytes(path), path)
        except (SyntaxProblem, Unreadable) as error:
            return Unknown(f"{path}: {error}", (path,), remedy="state `kind` under [repository] in infraguard.toml")
    return None


def _candidates(tree: Tree) -> Iterator[str]:
    for path in tree.paths:
        if is_application(path):
            try:
                content = tree.read_bytes(path)
            except Unreadable:
                continue
            if _MAKES.search(content) and _FRAMEWORKS.search(content):
                yield path


def _of_python(tree: Tree) -> Iterator[Application]:
    for path in _candidates(tree):
        try:
            module = parse_python(tree.read_bytes(path), path)
        except SyntaxProblem:
            continue
        imported = set(_imported(module))
        for node in ast.walk(module):
            framework = _made_by(node, imported) or _made_of(tree, node, imported)
            if framework and isinstance(node, (ast.Call, ast.ClassDef)):
                yield Application(framework, at(path, node.lineno))
                break
    for path in tree.paths:
        if is_application(path) and _SETTINGS_FILES.match(path):
            content = tree.read_bytes(path)
            found = _SETTINGS.search(content)
            if found:
                yield Application("django", at(path, content.count(b"\n", 0, found.start()) + 1))


def _imported(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def _made_by(node: ast.AST, imported: set[str]) -> str:
    if not isinstance(node, ast.Call):
        return ""
    last = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if last not in _LAST:
        return ""
    name = ast.unparse(node.func)
    for maker, framework in _MAKERS.items():
        if (name == maker or name.endswith(f".{maker}") or (last == maker)) and framework in imported:
            return framework
    return ""


def _made_of(tree: Tree, node: ast.AST, imported: set[str]) -> str:
    """The framework that a class of one's own is derived from, where something makes an application of it."""
    if not isinstance(node, ast.ClassDef):
        return ""
    for base in node.bases:
        framework = _MAKERS.get(ast.unparse(base).rpartition(".")[2], "")
        if framework and framework in imported:
            made = re.compile(rf"(?<!class )\b{re.escape(node.name)}\(".encode())
            if any(made.search(bytes_or_empty(tree, path)) for path in tree.paths if is_application(path)):
                return framework
    return ""


def _of_containers(tree: Tree) -> Iterator[Application]:
    for path in tree.paths:
        name = path.rpartition("/")[2]
        if is_aside(path):
            continue
        try:
            if is_dockerfile(path):
                yield from _of_dockerfile(tree, path)
            elif name == "Procfile" and (web := _WEB.search(tree.read(path))):
                yield Application("container", at(path, tree.read(path).count("\n", 0, web.start()) + 1))
            elif is_called_compose(name):
                yield from _of_compose(tree, path)
        except (SyntaxProblem, Unreadable):
            continue


def _of_dockerfile(tree: Tree, path: str) -> Iterator[Application]:
    """The server that the last stage starts, or the port that it offers."""
    stage: list[Any] = []
    for instruction in read_dockerfile(tree.read(path), path).instructions:
        stage = [] if instruction.name == "FROM" else [*stage, instruction]
    starts = [
        " ".join(each.items) if each.items else each.value for each in stage if each.name in ("CMD", "ENTRYPOINT")
    ]
    if any(ERRANDS.search(command) for command in starts):
        return
    for instruction in stage:
        started = instruction.name in ("CMD", "ENTRYPOINT") and SERVERS.search(
            " ".join(instruction.items) if instruction.items else instruction.value
        )
        if started or instruction.name == "EXPOSE":
            yield Application(started[0] if started else "container", at(path, instruction.line))
            return


def _of_compose(tree: Tree, path: str) -> Iterator[Application]:
    """A service that is built here and has ports."""
    data = read_document(tree.read(path), path).data
    services = data.get("services") if isinstance(data, dict) else None
    for service in services.values() if isinstance(services, dict) else ():
        if isinstance(service, dict) and "build" in service and service.get("ports"):
            yield Application("container", at(path))
            return
