"""Keys of AWS that pipelines of other systems than GitHub Actions take from what their system stores."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from infraguard.collectors.repository.deliveries.texts import without_comments
from infraguard.collectors.repository.found import at
from infraguard.collectors.repository.suites.elsewhere import PIPELINES
from infraguard.model.values import Location
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, text_or_empty

#: A key that a variable of the system gives, or a credential of Jenkins.
_SET: Final = pattern(
    r"(?i)\baws[-_]secret[-_]access[-_]key[\"']?\s*[=:]\s*[\"']?(?P<from>\$\{?(?=\w*secret_?access_?key)\w+|credentials\()"
)
#: What a role gives for an hour is no stored key, and has a token beside it.
_OF_A_ROLE: Final = pattern(r"(?i)session[-_]?token|assume-?role")


def keys_elsewhere(tree: Tree) -> Iterator[tuple[str, str, Location]]:
    """The path of each pipeline that sets such a key, how it is called there, and where."""
    for path in tree.paths:
        if PIPELINES.fullmatch(path):
            text = text_or_empty(tree, path)
            told = without_comments(text)
            if (found := _SET.search(told)) and not _OF_A_ROLE.search(told):
                where = text.find(found[0])
                yield path, found["from"].strip("${("), at(path, text.count("\n", 0, max(where, 0)) + 1)
