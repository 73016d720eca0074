"""Prometheus rules, from rule files, from Kubernetes in a PrometheusRule or as text of a ConfigMap."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from infraguard.collectors.repository.found import UNIT, Family, Found, each_file, is_settings_yaml
from infraguard.collectors.repository.prometheus.promql import comparison, metrics
from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import Resource, Source
from infraguard.model.values import Default, Location, Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree
from infraguard.readers.yaml import Document, read_documents

KINDS = ("prometheus_rule",)
_RULE = pattern(r"(?:\A|[\s{,])[\"']?(?:alert|record)[\"']?[ \t]*:")
_DURATION = pattern(r"(?:\d+(?:ms|[smhdwy]))+\Z|0\Z")
_PIECE = pattern(r"(\d+)(ms|[smhdwy])")
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}
#: Where rules lie that are loaded by a test, or show how one is written, and alert nobody.
_SHOWN = pattern(r"(?:\A|/)(?:tests?|e2e[\w-]*|fixtures?|testdata|examples?|samples?)/|(?:\A|/)test_[^/]*\Z")


def _wants(path: str) -> bool:
    return is_settings_yaml(path) and _SHOWN.search(path) is None


def _read_rules(tree: Tree, path: str) -> Iterator[Resource]:
    text = tree.read(path)
    if "groups" not in text or "expr" not in text or not _RULE.search(text):
        return
    try:
        documents = read_documents(text, path)
    except SyntaxProblem as error:
        hint = "render the template first, and scan what it gives" if "{{" in text else error.hint
        raise SyntaxProblem(error.why, file=path, line=error.line, column=error.column, hint=hint) from error
    used: dict[str, int] = {}
    for document in [*documents, *(inner for outer in documents for inner in _held(outer, path))]:
        for prefix, group, rule in _rules(document.data):
            name = f"{path}#{group}/{rule.get('alert', rule.get('record'))}"
            used[name] = used.get(name, 0) + 1
            identity = name if used[name] == 1 else f"{name} ({used[name]})"
            yield _resource(document, prefix, identity, {"group": group, **_attributes(rule)})


def _held(document: Document, path: str) -> Iterator[Document]:
    """The rule files that a ConfigMap holds as text, which a Prometheus in the cluster mounts; their places are its."""
    data = document.data
    files = data.get("data") if isinstance(data, dict) and data.get("kind") == "ConfigMap" else None
    for key, text in (files if isinstance(files, dict) else {}).items():
        if isinstance(text, str) and "groups" in text and "expr" in text and _RULE.search(text):
            place = document.at(f"data.{key}")
            yield from read_documents("\n" * (place.line if place else 0) + text, path)


def _rules(data: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The path, the group and the mapping of every rule of a document; nothing for another kind of document."""
    prefix = "groups"
    if isinstance(data, dict) and data.get("kind") == "PrometheusRule":
        data, prefix = data.get("spec"), "spec.groups"
    groups = data.get("groups") if isinstance(data, dict) else None
    for index, group in enumerate(groups if isinstance(groups, list) else []):
        rules = group.get("rules") if isinstance(group, dict) else None
        for number, rule in enumerate(rules if isinstance(rules, list) else []):
            if isinstance(rule, dict) and "expr" in rule and ("alert" in rule or "record" in rule):
                yield f"{prefix}.{index}.rules.{number}", str(group.get("name", index)), rule


def _attributes(rule: dict[str, Any]) -> dict[str, Any]:
    expression = str(rule["expr"]).strip()
    found: dict[str, Any] = {key: rule[key] for key in ("alert", "record") if key in rule}
    found |= {"expr": expression, "metrics": metrics(expression)}
    found |= {key: rule.get(key) or {} for key in ("labels", "annotations")}
    if compared := comparison(expression):
        found["comparison"] = compared
    if "alert" in rule:
        found["for_seconds"] = _seconds(rule["for"]) if "for" in rule else Default(0.0, "Prometheus")
    return found


def _seconds(text: Any) -> float | Unknown:
    if not _DURATION.match(str(text)):
        return Unknown(f"{text!r} is not a duration", remedy="write it as 5m or 1h30m")
    return float(sum(int(number) * _SECONDS[unit] for number, unit in _PIECE.findall(str(text))))


def _resource(document: Document, prefix: str, identity: str, attributes: dict[str, Any]) -> Resource:
    names = {"for_seconds": "for", "comparison": "expr", "metrics": "expr"}
    places = {key: document.places.get(f"{prefix}.{names.get(key, key)}") for key in attributes}
    return Resource(
        kind="prometheus_rule",
        id=identity,
        source=Source.REPO,
        unit=UNIT,
        attributes=attributes,
        location=document.at(prefix) or Location(file=identity.partition("#")[0], line=1),
        places={key: place for key, place in places.items() if place},
    )


def _read(tree: Tree) -> Found:
    return each_file(tree, _wants, KINDS, _read_rules)


FAMILY = Family(KINDS, _wants, _read)
