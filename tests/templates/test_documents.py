"""The generated documents: every link leads somewhere, and what they name is there."""

from __future__ import annotations

import re
from pathlib import Path

LINK = re.compile(r"\[[^\]]+\]\(([^)#\s]+)?(#[^)\s]+)?\)")


def test_every_link_leads_to_a_file_and_a_heading(project: Path) -> None:
    seen = 0
    for file in project.glob("docs/**/*.md"):
        for path, anchor in LINK.findall(file.read_text("utf-8")):
            target = file.parent / path if path else file
            assert target.is_file(), f"{file.name}: {path}"
            headings = re.findall(r"(?m)^#+ (.+)$", target.read_text("utf-8"))
            if anchor:
                assert anchor[1:] in {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}
            seen += 1
    assert seen > 20


def test_scripts_and_workflows_that_are_named_exist(project: Path) -> None:
    text = "\n".join(file.read_text("utf-8") for file in project.glob("docs/**/*.md"))
    for path in set(re.findall(r"(?:scripts|\.github/workflows)/[\w-]+\.\w+", text)):
        assert (project / path).is_file(), path
    assert "cookiecutter" not in text
