"""Images that are there for others to begin with, or for pipelines to run in: tools and packages, and no program."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from infraguard.collectors.repository.compose.builds import services_built_from
from infraguard.collectors.repository.docker.serving import serves_of_base
from infraguard.model.evidence import Resource
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree

#: How such an image is called: django_base, python-dependencies.
_CALLED: Final = pattern(r"(?i)(?:^|[/._-])(?:bases?|dependenc(?:y|ies)|deps)(?:[/._-]|$)")
_STARTS: Final = ("CMD", "ENTRYPOINT")
_TAKES: Final = ("COPY", "ADD")
#: Lists of packages, by which an image gets what programs need, and none of them.
_PACKAGES: Final = pattern(
    r"(?:\S*/)?(?:requirements[\w.-]*\.(?:txt|in)|pyproject\.toml|setup\.(?:py|cfg)|Pipfile(?:\.lock)?|poetry\.lock|uv\.lock"
    r"|package(?:-lock)?\.json|yarn\.lock|pnpm-lock\.yaml|environment\.ya?ml|Gemfile(?:\.lock)?|go\.(?:mod|sum))\*?"
)


def is_base(tree: Tree, path: str, line: list[Resource]) -> bool:
    """Whether an image is called so, starts nothing, as what it begins with, and takes lists of packages at most."""
    if not _CALLED.search(path):
        return False
    instructions = [each for stage in line for each in stage.attributes["instructions"]]
    if any(each["instruction"] in _STARTS for each in instructions):
        return False
    if any("expose" in stage.attributes for stage in line) or services_built_from(tree, path):
        return False
    begins_with = serves_of_base(str(line[0].attributes.get("image", "")))
    taken = (each for each in instructions if each["instruction"] in _TAKES)
    return isinstance(begins_with, Unknown) and all(map(_is_of_packages, taken))


def _is_of_packages(instruction: Mapping[str, Any]) -> bool:
    words = re.findall(r"[^\s\[\]\",]+", str(instruction["value"]))
    sources = [word for word in words if not word.startswith("--")][:-1]
    is_own = not any(word.startswith("--from") for word in words)
    return is_own and bool(sources) and all(_PACKAGES.fullmatch(source) for source in sources)
