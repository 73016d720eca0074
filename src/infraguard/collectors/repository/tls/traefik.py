"""TLS options of Traefik, in its files and as TLSOption resources of Kubernetes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from infraguard.collectors.repository.found import is_settings_yaml
from infraguard.collectors.repository.tls.versions import setting, unknown_version, version
from infraguard.model.evidence import Resource
from infraguard.model.values import Location
from infraguard.readers.toml import read_toml
from infraguard.readers.tree import Tree
from infraguard.readers.yaml import read_documents


def wants_traefik(path: str) -> bool:
    """YAML anywhere, since Traefik's files have any name, and TOML with its name in the path."""
    return is_settings_yaml(path) or (path.endswith(".toml") and "traefik" in path.lower())


def read_traefik(tree: Tree, path: str) -> Iterator[Resource]:
    """The settings of a file. Raises `SyntaxProblem` or `Unreadable`."""
    text = tree.read(path)
    if "minVersion" not in text or "VersionTLS" not in text:
        return
    if path.endswith(".toml"):
        document = read_toml(text, path)
        yield from _options(document.data, path, document.at)
        return
    for document_ in read_documents(text, path):
        yield from _options(document_.data, path, document_.at)


def _options(data: Any, path: str, place: Any) -> Iterator[Resource]:
    for name, prefix, options in _sets(data):
        found: Location | None = place(f"{prefix}.minVersion")
        text = str(options["minVersion"])
        number = version(text)
        minimum = unknown_version(text) if number is None else number
        attributes = {"minimum_version": minimum, "role": "server"}
        yield setting("traefik", path, found.line if found else 1, f"tls/{name}", attributes)


def _sets(data: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The name, the path and the mapping of each set of options with a minimum version."""
    if not isinstance(data, dict):
        return
    if data.get("kind") == "TLSOption":
        metadata, spec = data.get("metadata"), data.get("spec")
        if isinstance(spec, dict) and "minVersion" in spec:
            yield str(metadata.get("name") if isinstance(metadata, dict) else "options"), "spec", spec
        return
    tls = data.get("tls")
    options = tls.get("options") if isinstance(tls, dict) else None
    for name, values in options.items() if isinstance(options, dict) else ():
        if isinstance(values, dict) and "minVersion" in values:
            yield name, f"tls.options.{name}", values
