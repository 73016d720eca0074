"""Uploads that a handler hands to a function of another module, which leaves them on the local disk."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from infraguard.collectors.repository.application.serving.handlers import handlers_of
from infraguard.collectors.repository.application.serving.kept_files import (
    Function,
    assigned_in,
    kept_files,
    made_of,
    removes,
)
from infraguard.collectors.repository.nature.places import is_application
from infraguard.collectors.repository.python.imports import imports_of
from infraguard.collectors.repository.python.modules import Module, module_of
from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import Resource
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable

#: How a request brings files, in FastAPI and Starlette, in Flask and in Django.
_BRINGS: Final = pattern(r"\bUploadFile\b|\brequest\.(?:files|FILES)\b")
#: A store that all instances share: what chooses between it and the disk may never choose the disk.
_SHARES: Final = pattern(r"(?i)boto3|\bs3\b|s3_|bucket|blob|object_?storage|minio|default_storage")


def with_kept_uploads(tree: Tree, found: Resource) -> Resource:
    """A module of handlers, with the files that functions which it calls leave of what requests bring."""
    if found.kind != "web_module":
        return found
    try:
        module = module_of(tree, found.location.file)
    except (SyntaxProblem, Unreadable):
        return found
    if not _BRINGS.search(module.source):
        return found
    kept = list(dict.fromkeys(place for handler in handlers_of(module) for place in _kept(tree, module, handler)))
    written = [*found.attributes["writes_files"], *kept]
    return replace(found, attributes={**found.attributes, "writes_files": written}) if kept else found


def _kept(tree: Tree, module: Module, handler: Function) -> Iterator[str]:
    """Where uploads are written for a handler. One that removes what it was given back keeps nothing."""
    brought = _uploads(handler)
    if not brought or removes(module, handler):
        return
    for call in (node for node in ast.walk(handler) if isinstance(node, ast.Call)):
        given = [*call.args, *(each.value for each in call.keywords)]
        if any(not brought.isdisjoint(made_of(module, each, assigned_in(handler))) for each in given):
            for other, function in _called(tree, module, call):
                if not _SHARES.search(other.source):
                    yield from (f"{other.path}:{line}" for line in kept_files(other, function))


def _uploads(handler: Function) -> set[str]:
    """The expressions of a handler that are files of the request."""
    arguments = [*handler.args.args, *handler.args.kwonlyargs]
    named = {each.arg for each in arguments if each.annotation and _BRINGS.search(ast.unparse(each.annotation))}
    texts = (ast.unparse(node) for node in ast.walk(handler) if isinstance(node, ast.Attribute))
    return named | {text for text in texts if _BRINGS.fullmatch(text)}


def _called(tree: Tree, module: Module, call: ast.Call) -> Iterator[tuple[Module, Function]]:
    """The functions of other modules that a call may lead to: what is imported, or methods of a class that is."""
    last = module.name_of(call.func).rpartition(".")[2]
    imported = {full.rpartition(".")[2] for full in module.imports.values()}
    for path in dict.fromkeys(imports_of(tree, module.path)):
        if path == module.path or not is_application(path):
            continue
        try:
            other = module_of(tree, path)
        except (SyntaxProblem, Unreadable):
            continue
        owners = [each.body for each in other.classes if each.name in imported]
        is_named = isinstance(call.func, ast.Name) or path.rpartition("/")[2].removesuffix(".py") in imported
        for body in (*owners, *([other.tree.body] if is_named else [])):
            functions = (node for node in body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
            yield from ((other, node) for node in functions if node.name == last)
