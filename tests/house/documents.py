"""The documents of the house, taken apart: their links, and what stands in their fences."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

from tests.tools import tool

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(
    r"(?:<!-- (?P<mark>[^\n]+) -->\n)?```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


class Fence(NamedTuple):
    """A fenced block; `mark` is the comment right before it."""

    mark: str
    language: str
    text: str


def tracked_files() -> list[str]:
    """Every file that git knows of, by its path."""
    listed = subprocess.run(
        [tool("git"), "ls-files", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [path for path in listed.stdout.split("\0") if path and (ROOT / path).is_file()]


def own_documents() -> list[str]:
    """The Markdown files that speak for us; those of templates become others' documents."""
    return [path for path in tracked_files() if path.endswith(".md") and "{{" not in path]


def fences(path: str) -> list[Fence]:
    text = (ROOT / path).read_text(encoding="utf-8")
    return [Fence(match["mark"] or "", match["language"], match["text"]) for match in _FENCE.finditer(text)]


def marked(path: str, mark: str) -> str:
    """The block of a document that has this mark."""
    (found,) = [fence.text for fence in fences(path) if fence.mark == mark]
    return found


def links(path: str) -> list[str]:
    """The links of a document that lead into the repository, without their anchors."""
    text = _FENCE.sub("", (ROOT / path).read_text(encoding="utf-8"))
    return [target.partition("#")[0] for target in _LINK.findall(text) if "://" not in target and target[0] != "#"]
