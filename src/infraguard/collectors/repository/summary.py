"""What a repository is: the one `repository` resource, by which policies tell whether they apply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from infraguard.collectors.repository.actions.workflows import FAMILY as WORKFLOWS
from infraguard.collectors.repository.compose.merging import is_called_compose
from infraguard.collectors.repository.docker.stages import FAMILY as DOCKERFILES
from infraguard.collectors.repository.found import UNIT
from infraguard.collectors.repository.migrations.django import migration_files
from infraguard.collectors.repository.nature.applications import (
    FRAMEWORK_PACKAGES,
    applications,
    unread_applications,
)
from infraguard.collectors.repository.nature.business import business
from infraguard.collectors.repository.nature.dependencies import dependencies
from infraguard.collectors.repository.nature.errands import has_python
from infraguard.collectors.repository.nature.places import is_application, is_aside
from infraguard.collectors.repository.nature.releases import deploys
from infraguard.collectors.repository.nature.stores import databases, domains, uses
from infraguard.model.evidence import Resource, Source
from infraguard.model.stated import Stated
from infraguard.model.values import Location, Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree

KINDS = ("repository",)
_TESTS = pattern(r"(?:test_[^/]*|[^/]*_test|conftest)\.py\Z")
_REMEDY: Final = 'state `kind = "service"` or `"library"` under [repository] in infraguard.toml'
#: The file that a project of each language has, for those that are not read.
_LANGUAGES: Final = {
    "go": ("go.mod",),
    "javascript": ("package.json",),
    "java": ("pom.xml", "build.gradle", "build.gradle.kts"),
    "ruby": ("Gemfile",),
    "rust": ("Cargo.toml",),
    "php": ("composer.json",),
    "elixir": ("mix.exs",),
}
#: The same by how the names of project files end.
_PROJECTS: Final = {"C#": ".csproj", "F#": ".fsproj", "swift": "Package.swift"}


#: How the names of files of code end, in those languages and in Python.
_CODE: Final = (".py", ".go", ".js", ".ts", ".tsx", ".jsx", ".java", ".kt", ".rb", ".rs", ".php", ".ex", ".exs", ".cs")


def _files(tree: Tree) -> dict[str, Any]:
    names = [path.rpartition("/")[2] for path in tree.paths]
    return {
        "has_python": has_python(tree),
        "has_python_tests": any(_TESTS.match(name) for name in names),
        "has_terraform": any(name.endswith((".tf", ".tf.json")) for name in names),
        "has_dockerfile": any(DOCKERFILES.wants(path) for path in tree.paths),
        "has_compose": any(is_called_compose(name) for name in names),
        "has_workflows": any(WORKFLOWS.wants(path) for path in tree.paths),
        "has_alembic": "alembic.ini" in names or _has_alembic_folder(tree),
        "has_django_migrations": next(migration_files(tree), None) is not None,
        "has_javascript": "package.json" in names,
        "files": len(names),
    }


def _has_alembic_folder(tree: Tree) -> bool:
    return any(path.endswith("/script.py.mako") and f"{path[:-14]}env.py" in tree for path in tree.paths)


def languages(tree: Tree) -> list[str]:
    """The languages that the repository's own code is in."""
    own = {path.rpartition("/")[2] for path in tree.paths if not is_aside(path)}
    found = ["python"] if any(is_application(path) for path in tree.paths) else []
    named = [name for name, markers in _LANGUAGES.items() if own.intersection(markers)]
    return [*found, *named, *(name for name, end in _PROJECTS.items() if any(each.endswith(end) for each in own))]


def _is_service(tree: Tree, facts: dict[str, Any]) -> bool | Unknown:
    if applications(tree):
        return True
    unread = unread_applications(tree)
    if unread:
        return unread
    asked = FRAMEWORK_PACKAGES & dependencies(tree)
    if asked and (facts["has_dockerfile"] or facts["has_compose"]):
        name = min(asked)
        return Unknown(f"it depends on {name}, and no application was found that it makes", (name,), remedy=_REMEDY)
    return False


def _is_mostly_terraform(tree: Tree) -> bool:
    """Whether it has more files of Terraform than of code: scripts and functions beside them make no library."""
    own = [path for path in tree.paths if not is_aside(path)]
    return sum(path.endswith((".tf", ".tf.json")) for path in own) > sum(path.endswith(_CODE) for path in own)


def _nature(tree: Tree, facts: dict[str, Any], stated: Stated) -> dict[str, Any]:
    """`is_service`, `is_library` and `is_infrastructure`, of which one at most is true."""
    if stated.kind:
        return {f"is_{kind}": kind == stated.kind for kind in ("service", "library", "infrastructure")}
    service = _is_service(tree, facts)
    spoken = languages(tree)
    infrastructure = facts["has_terraform"] and (not spoken or _is_mostly_terraform(tree))
    library = bool(spoken) and not infrastructure
    return {
        "is_service": service,
        "is_library": service if isinstance(service, Unknown) and library else library and service is False,
        "is_infrastructure": infrastructure and service is False,
    }


#: Modules of the standard library and packages by which Python answers requests without a framework.
_ANSWERS = pattern(
    rb"\b(?:http\.server|socketserver|wsgiref|xmlrpc\.server|aiohttp|websockets|grpc|start_server|create_server)\b"
)


def _serves_web(tree: Tree, stated: Stated, service: Any) -> Any:
    """Whether what the service answers may be requests over HTTP: a job that only has a port for its metrics does not.

    Of other languages nothing is read, so that they may.
    """
    frameworks = {found.framework for found in applications(tree)}
    if service is not True or stated.kind or frameworks - {"container"} or languages(tree) != ["python"]:
        return service
    if FRAMEWORK_PACKAGES & dependencies(tree):
        return True
    return any(_ANSWERS.search(tree.read_bytes(path)) for path in tree.paths if is_application(path))


def repository(tree: Tree, name: str, stated: Stated, read: Sequence[Resource] = ()) -> Resource:
    """The resource that stands for the whole repository. What its owner states wins over what its files suggest.

    `read` is what else was read of it.
    """
    facts = _files(tree)
    nature = _nature(tree, facts, stated)
    attributes: dict[str, Any] = {"name": name, **facts, **nature, **uses(tree)}
    attributes["serves_web"] = _serves_web(tree, stated, nature["is_service"])
    attributes["languages"] = languages(tree)
    attributes["frameworks"] = sorted({found.framework for found in applications(tree)})
    attributes["deploys"] = deploys(tree) if stated.deploys is None else stated.deploys
    attributes["databases"] = list(databases(tree) if stated.databases is None else stated.databases)
    attributes["domains"] = domains(tree) if stated.domains is None else list(stated.domains)
    attributes |= business(tree, attributes, read, is_stated=stated.domains is not None)
    return Resource(
        kind="repository",
        id=UNIT,
        source=Source.REPO,
        unit=UNIT,
        attributes=attributes,
        location=Location(file="."),
        places=_places(tree, stated),
    )


def _places(tree: Tree, stated: Stated) -> dict[str, Location]:
    found = applications(tree)
    read = {key: found[0].location for key in ("is_service", "frameworks") if found}
    given = dict(stated.places)
    if kind := given.pop("kind", None):
        given |= dict.fromkeys(("is_service", "is_library", "is_infrastructure"), kind)
    if place := given.get("domains"):
        given |= dict.fromkeys(("handles_money", "makes_reports"), place)
    return {**read, **given}


def described(repository: Resource) -> str:
    """What the repository is in a few words, for reports: `a service with fastapi and postgresql, which deploys`."""
    values = repository.attributes
    natures = ("service", "library", "infrastructure")
    is_what = next((nature for nature in natures if values[f"is_{nature}"] is True), "")
    doubtful = isinstance(values["is_service"], Unknown)
    noun = "infrastructure" if is_what == "infrastructure" else f"a {is_what}" if is_what else ""
    noun = noun or ("a service or a library" if doubtful else "")
    parts = [name for name in (*values["frameworks"], *values["databases"]) if name != "container"]
    joined = " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
    text = f"{noun} with {joined}" if noun and parts else noun
    return f"{text}, which deploys" if text and values["deploys"] is True else text
