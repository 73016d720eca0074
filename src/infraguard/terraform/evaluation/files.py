"""Functions that read files, which they do inside of the scanned tree only."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from infraguard.model.errors import SyntaxProblem
from infraguard.model.values import Unknown, Value
from infraguard.terraform.evaluation.conversion import to_text
from infraguard.terraform.evaluation.failures import EvaluationError
from infraguard.terraform.evaluation.scope import Scope
from infraguard.terraform.evaluation.steps import Evaluate
from infraguard.terraform.evaluation.values import Lazy, SetValue, joined
from infraguard.terraform.evaluation.variable_texts import decode_variables
from infraguard.terraform.functions.encoding import base64encode, digest
from infraguard.terraform.functions.globs import glob
from infraguard.terraform.syntax import parse_template

#: A function over known arguments that needs the module it stands in.
Reader = Callable[[list[Value], Scope, Evaluate], Value]


def _text_of(arguments: list[Value], scope: Scope) -> tuple[str, str | Unknown]:
    """The path that the first argument names, and the text of its file or why it is not known."""
    if not arguments:
        raise EvaluationError("a path is required")
    path = to_text(arguments[0])
    text = scope.module.read_text(posixpath.normpath(path))
    if text is not None:
        return path, text
    reason = f'the file "{path}" is not in the scanned folder, or is no readable text'
    return path, Unknown(
        reason=reason, depends_on=(f'file("{path}")',), is_set=True, remedy="scan the folder that holds it"
    )


def _file(arguments: list[Value], scope: Scope, _: Evaluate) -> Value:
    return _text_of(arguments, scope)[1]


def _file_base64(arguments: list[Value], scope: Scope, _: Evaluate) -> Value:
    text = _text_of(arguments, scope)[1]
    return text if isinstance(text, Unknown) else base64encode(text)


def _file_exists(arguments: list[Value], scope: Scope, _: Evaluate) -> Value:
    """True for a file that is there; a missing one may be made before Terraform runs."""
    text = _text_of(arguments, scope)[1]
    return text if isinstance(text, Unknown) else True


def _template_file(arguments: list[Value], scope: Scope, evaluate: Evaluate) -> Value:
    path, text = _text_of(arguments, scope)
    if isinstance(text, Unknown):
        return text
    return _rendered(text, path, arguments, scope, evaluate)


def _template_string(arguments: list[Value], scope: Scope, evaluate: Evaluate) -> Value:
    return _rendered(to_text(arguments[0]) if arguments else "", "templatestring", arguments, scope, evaluate)


def _rendered(text: str, path: str, arguments: list[Value], scope: Scope, evaluate: Evaluate) -> Value:
    names = arguments[1] if len(arguments) == 2 else None
    if isinstance(names, Lazy):
        names = names.whole()
    if isinstance(names, Unknown):
        return joined([names], is_set=True)
    if not isinstance(names, dict):
        raise EvaluationError("an object of variables is required")
    try:
        tree = parse_template(text, path)
    except SyntaxProblem as problem:
        raise EvaluationError(str(problem)) from problem
    rendered = evaluate(tree, Scope(scope.module, names))
    return replace(rendered, is_set=True) if isinstance(rendered, Unknown) else rendered


def _file_set(arguments: list[Value], scope: Scope, _: Evaluate) -> Value:
    """The files that match; none is not known, since they may be made before Terraform runs."""
    if len(arguments) != 2:
        raise EvaluationError("a folder and a pattern are required")
    folder, pattern = posixpath.normpath(to_text(arguments[0])), to_text(arguments[1])
    matching = glob(pattern)
    found = [path for path in scope.module.files_below(folder) if matching.match(path)]
    if found:
        return SetValue(sorted(found))
    name = f'fileset("{folder}", "{pattern}")'
    reason = f"{name} finds nothing in the scanned folder"
    return Unknown(reason=reason, depends_on=(name,), is_set=True, remedy="scan the folder that holds the files")


def _hash_of_file(name: str) -> Reader:
    def read(arguments: list[Value], scope: Scope, _: Evaluate) -> Value:
        text = _text_of(arguments, scope)[1]
        return text if isinstance(text, Unknown) else digest(name, text)

    return read


#: Those that render a template: what they are given for its names may be unknown in part.
RENDERING: Final = frozenset({"templatefile", "templatestring"})


READERS: dict[str, Reader] = {
    "file": _file,
    "filebase64": _file_base64,
    "fileexists": _file_exists,
    "fileset": _file_set,
    "templatestring": _template_string,
    "templatefile": _template_file,
    "provider::terraform::decode_tfvars": decode_variables,
    **{f"file{name}": _hash_of_file(name) for name in ("md5", "sha1", "sha256", "sha512")},
    **{f"filebase64{name}": _hash_of_file(f"base64{name}") for name in ("sha256", "sha512")},
}
