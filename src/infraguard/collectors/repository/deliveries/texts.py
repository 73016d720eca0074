"""What steps run, as text without comments: a word that only explains makes no fact true."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import Final

from infraguard.collectors.repository.suites.recipes import joined
from infraguard.collectors.repository.suites.walked import Walked
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, text_or_empty

#: What is quoted or escaped is kept as it is; a `#` begins a comment only where a word could begin.
_SHELL: Final = pattern(r"""(?P<kept>\\.|'[^']*'|"(?:\\.|[^"\\])*")|(?:(?<=\s)|(?<=;)|\A)#[^\n]*""", re.DOTALL)


def text_of(tree: Tree, walked: Walked) -> str:
    """What a step runs, with the scripts of the repository that its commands name, also those in Python."""
    running = walked.running
    settings = " ".join(f"{key}: {without_comments(str(value))}" for key, value in running.settings.items())
    run = without_comments(str(running.attributes.get("run", "")))
    parts = [running.uses, settings, run, str(running.attributes.get("env", ""))]
    for command in walked.commands:
        parts.append(" ".join(command.words))
        for word in command.words:
            path = joined(command.context.folder, word)
            if path in tree and path.endswith((".py", ".sh", ".bash")):
                parts.append(_script(tree, path))
    return "\n".join(part for part in parts if part)


def without_comments(script: str) -> str:
    """A script of a shell without its comments."""
    return _SHELL.sub(lambda match: match["kept"] or "", script) if "#" in script else script


@lru_cache(maxsize=64)
def without_docstrings(program: str) -> str:
    """A Python program without comments and docstrings; empty for one that does not parse."""
    try:
        module = ast.parse(program)
    except (SyntaxError, ValueError):
        return ""
    for node in ast.walk(module):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [part for part in body if not _is_only_text(part)] or [ast.Pass()]  # type: ignore[attr-defined]
    return ast.unparse(module)


def _is_only_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _script(tree: Tree, path: str) -> str:
    text = text_or_empty(tree, path)
    return without_docstrings(text) if path.endswith(".py") else without_comments(text)
