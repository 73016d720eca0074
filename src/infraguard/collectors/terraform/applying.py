"""Whether a repository tells how a folder of Terraform is applied."""

from __future__ import annotations

import posixpath
import re
from typing import Final

from infraguard.readers.patterns import pattern
from infraguard.readers.tree import text_or_empty
from infraguard.terraform import Sources

_APPLY: Final = pattern(r"\b(?:terraform|tofu|terragrunt)\s+(?:-chdir=\S+\s+)?apply\b")
#: Files that say how a repository is worked with, and words by which one goes into a folder.
_HOW: Final = pattern(
    r"(?:.*/)?(?:README(?:\.\w+)?|(?:GNU)?[Mm]akefile|[Jj]ustfile|Taskfile\.ya?ml|[\w.-]+\.(?:sh|mk|ps1))\Z"
    r"|\.github/workflows/[\w.-]+\.ya?ml\Z"
)
_ENTERS: Final = r"(?:\bcd\s+|-chdir=|\bworking-directory:\s*)[\"']?(?:\./|\$[({{]?\w+[)}}]?/)*{folder}/?(?![\w/.-])"


def is_told_to_apply(sources: Sources, root: str) -> bool:
    """Whether the page of a folder says that it is applied, or what goes into the folder and applies what is there.

    The page of a whole repository may be of a module.
    """
    folder = posixpath.normpath(root)
    if folder == ".":
        return False
    enters = re.compile(_ENTERS.format(folder=re.escape(folder)))
    for path in filter(_HOW.match, sources.tree.paths):
        text = text_or_empty(sources.tree, path)
        is_page = posixpath.dirname(path) == folder and "README" in path.upper()
        if _APPLY.search(text) and (is_page or enters.search(text)):
            return True
    return False
