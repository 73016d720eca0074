"""Whether there is Python to look after: scripts that people run beside Terraform are none of it."""

from __future__ import annotations

import ast
from typing import Final

from infraguard.collectors.repository.nature.places import is_application, is_aside
from infraguard.collectors.repository.python.source import parse_python
from infraguard.model.errors import SyntaxProblem
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable

#: What a project of Python has: its metadata, what it depends on, its tests.
_PROJECT: Final = pattern(
    r"(?:.*/)?(?:pyproject\.toml|setup\.(?:py|cfg)|(?:[\w-]*-)?requirements[\w.-]*\.(?:txt|in)|Pipfile|tox\.ini|uv\.lock"
    r"|noxfile\.py|conftest\.py|test_[^/]*\.py|[^/]*_tests?\.py)\Z"
)
#: More files than this are no errands, whatever is in them.
_FEW: Final = 12
_EVENT: Final = frozenset({"event", "context", "_context", "_event"})


def has_python(tree: Tree) -> bool:
    """Whether some Python is there, which is more than errands in a repository of Terraform."""
    files = [path for path in tree.paths if path.endswith(".py")]
    if not files or len(files) > _FEW or not any(path.endswith((".tf", ".tf.json")) for path in tree.paths):
        return bool(files)
    return any(_PROJECT.match(path) for path in tree.paths) or not all(_is_errand(tree, path) for path in files)


def _is_errand(tree: Tree, path: str) -> bool:
    """Whether a file is a script: it does its work when it is started, and nothing calls it with an event."""
    if is_aside(path) or not is_application(path):
        return True
    try:
        module = parse_python(tree.read_bytes(path), path)
    except (SyntaxProblem, Unreadable):
        return False
    functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]
    if any(_EVENT.intersection(argument.arg for argument in function.args.args) for function in functions):
        return False
    return any(_acts(node) for node in module.body)


def _acts(node: ast.stmt) -> bool:
    """Whether a statement of a module does something, besides giving names to things."""
    if isinstance(node, ast.If):
        return "__name__" in ast.unparse(node.test)
    is_call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    return is_call or isinstance(node, (ast.For, ast.While, ast.With))
