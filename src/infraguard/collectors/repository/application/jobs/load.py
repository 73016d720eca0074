"""Tests that put the application under load, by every usual tool: one `load_test` a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from infraguard.collectors.repository.python.modules import resource
from infraguard.model.evidence import Resource
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, Unreadable

KINDS: Final = ("load_test",)
_SUFFIXES: Final = (".py", ".js", ".ts", ".yml", ".yaml", ".jmx")
_FILES: Final = pattern(
    r"(?i)(?:.*/)?(?:[^/]*(?:locust|load|perf|stress|k6|artillery|bench)[^/]*(?:/.*)?\.(?:py|js|ts|ya?ml)|[^/]+\.jmx)\Z"
)
_REMEDY: Final = "mend the file, so that it can be read"
_TOOLS: Final = {
    "locust": pattern(r"(?m)^[ \t]*(?:from|import)\s+locust\b"),
    # a script may leave the requests to another file, and say only how many there are
    "k6": pattern(
        r"from\s+['\"](?:k6(?:/[\w/]+)?|https://jslib\.k6\.io/[^'\"]+)['\"]"
        r"|\bexport\s+(?:const|let)\s+options\s*=\s*\{\s*(?:stages|scenarios|vus|thresholds)\s*:"
    ),
    "artillery": pattern(r"(?m)^config:\s*$[\s\S]*^\s+phases:|arrivalRate:"),
    "jmeter": pattern(r"<jmeterTestPlan\b"),
    "gatling": pattern(r"@gatling\.io/core"),
}


def load_tests(tree: Tree) -> Iterator[Resource]:
    """Every file that is a load test by what it holds, and not by its name alone."""
    for path in tree.paths:
        if not path.lower().endswith(_SUFFIXES) or not _FILES.match(path):
            continue
        try:
            text = tree.read(path)
        except Unreadable as error:
            yield resource(
                "load_test", path, 1, "", {"tool": Unknown(f"it cannot be read: {error}", (path,), remedy=_REMEDY)}
            )
            continue
        tool = next((name for name, mark in _TOOLS.items() if mark.search(text)), None)
        if tool:
            yield resource("load_test", path, 1, "", {"tool": tool})
