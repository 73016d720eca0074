"""Shell scripts of the repository."""

from __future__ import annotations

import re

from infraguard.collectors.repository.suites.programs import name_of
from infraguard.collectors.repository.suites.recipes import Followed, Recipe, joined
from infraguard.collectors.repository.suites.runners.dispatched import dispatched
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree

_SHEBANG = pattern(rb"#!\s*\S*?(?:/env\s+(?:-S\s+)?)?(?:ba|da|k|z)?sh\b")
_SHELLS = frozenset({"bash", "sh", "source", "."})


def follow_script(tree: Tree, words: list[str], folder: str) -> Followed:
    """The shell script that a command runs, when the repository holds it; a command given with `-c`, too."""
    is_shell = name_of(words) in _SHELLS
    if is_shell and (inline := _inline(words)):
        return [Recipe(inline, name_of(words), folder, stops="e" in words[1].lstrip("-").replace("c", ""))]
    path = _path(tree, words, folder, is_shell=is_shell)
    if path is None:
        return None
    text = tree.read(path)
    shebang = text.partition("\n")[0]
    options = " ".join(word for word in words[1:] if word.startswith("-")) if is_shell else shebang
    if not shebang.startswith("#!") and not is_shell:
        options = ""
    given = words[2 if is_shell else 1 :]
    return [Recipe(dispatched(text, given), path, folder, stops=bool(re.search(r"(?:\s|\A)-\w*e", options)))]


def _inline(words: list[str]) -> str:
    if len(words) > 2 and re.match(r"-[a-z]*c\Z", words[1]):
        return words[2]
    return ""


def _path(tree: Tree, words: list[str], folder: str, *, is_shell: bool) -> str | None:
    named = [word for word in words[1:] if not word.startswith("-")] if is_shell else words
    path = joined(folder, named[0]) if named else ""
    if path not in tree:
        return None
    is_script = path.endswith((".sh", ".bash")) or is_shell
    return path if is_script or _SHEBANG.match(tree.read_bytes(path)[:80]) else None
