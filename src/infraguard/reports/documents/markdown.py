"""Markdown as GitHub shows it: cells of tables, fences, and parts that are folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

_LANGUAGES: Final = {
    ".tf": "hcl", ".hcl": "hcl", ".tfvars": "hcl", ".yml": "yaml", ".yaml": "yaml", ".py": "python", ".toml": "toml",
    ".json": "json", ".sh": "sh", ".ini": "ini", ".xml": "xml", ".md": "markdown", ".js": "javascript",
    ".mako": "mako", "Dockerfile": "dockerfile", "Makefile": "makefile",
}  # fmt: skip


def cell(text: str) -> str:
    """A text as a table's cell: on one line, its bars escaped, also where it is code."""
    return " ".join(text.split()).replace("|", "\\|")


def folded(summary: str, lines: Iterable[str]) -> Iterator[str]:
    """Lines that a reader unfolds."""
    yield from ("<details>", f"<summary>{summary}</summary>", "", *lines, "", "</details>")


def fenced(path: str, text: str) -> Iterator[str]:
    """A file's text in a fence that none of its own lines closes."""
    name = path.rpartition("/")[2]
    language = _LANGUAGES.get(name) or _LANGUAGES.get(name[name.rfind(".") :] if "." in name else "", "")
    longest = max((len(line) - len(line.lstrip("`")) for line in map(str.lstrip, text.splitlines())), default=0)
    fence = "`" * max(3, longest + 1)
    yield from (f"{fence}{language}", *text.rstrip().splitlines(), fence)
