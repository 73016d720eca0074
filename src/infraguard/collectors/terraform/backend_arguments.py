"""What scripts, make and workflows tell of a backend: settings for `terraform init`, and a token of a service."""

from __future__ import annotations

from typing import Final

from infraguard.model.values import Value
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, text_or_empty

_SCRIPTS: Final = pattern(
    r"(?:.*/)?(?:(?:GNU)?[Mm]akefile|[^/]+\.(?:mk|sh|bash)|[Tt]askfile\.ya?ml|[Jj]ustfile)\Z|\.github/workflows/[^/]+\.ya?ml\Z"
)
_ARGUMENT: Final = pattern(r"-backend-config[= ][\"']?(\w+)=([^\"'\s\\]+)")
_OF_CLOUD: Final = pattern(
    r"\bTFE_TOKEN\b|\btfe[-_]token\b|\bTF_API_TOKEN\b|\bTF_TOKEN_\w+|\bcli_config_credentials_token\b|\bapp\.terraform\.io\b"
)


def names_cloud(tree: Tree) -> str:
    """The script or workflow that gives Terraform a token of HCP Terraform or Terraform Enterprise; empty if none."""
    return next(
        (path for path in tree.paths if _SCRIPTS.match(path) and _OF_CLOUD.search(text_or_empty(tree, path))), ""
    )


def backend_arguments(tree: Tree) -> dict[str, Value]:
    """The settings, as they are written; a variable in a value stays one, for that there is a value counts."""
    found: dict[str, Value] = {}
    for path in tree.paths:
        if _SCRIPTS.match(path):
            for name, value in _ARGUMENT.findall(text_or_empty(tree, path)):
                found.setdefault(name, value == "true" if value in ("true", "false") else value)
    return found
