"""What a scan can hardly be faster than: an interpreter that reads the files that a scan reads, and parses them.

A program of its own, so that it is measured as a scan is. `ours` parses Terraform with our parser; `others` parses with
what others have written in C: Terraform with tree-sitter, YAML with libyaml, JSON and Python with what Python brings.

Usage: python bench/floors.py ours|others FOLDER
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from infraguard.readers.tree import DiskTree, Unreadable

#: How the names of the files end that a scan reads: Terraform, workflows, documents, programs, images and settings.
READ = (
    *(".tf", ".tfvars", ".hcl", ".json", ".yml", ".yaml", ".toml", ".ini", ".cfg", ".txt", ".md", ".rst"),
    *(".py", ".sh", ".sql", ".prom", "Dockerfile", "Makefile", ".dockerignore", ".gitignore"),
)
_TERRAFORM = (".tf", ".tfvars")


def _ours() -> Mapping[str, Callable[[bytes], object]]:
    from infraguard.terraform.syntax import parse_file

    return dict.fromkeys(_TERRAFORM, lambda content: parse_file(content.decode(), ""))


def _others() -> Mapping[str, Callable[[bytes], object]]:
    import ast
    import json

    import tree_sitter
    import tree_sitter_hcl
    import yaml

    hcl = tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))

    def composed(content: bytes) -> object:
        return list(yaml.compose_all(content, yaml.CSafeLoader))

    return {
        **dict.fromkeys((*_TERRAFORM, ".hcl"), hcl.parse),
        **dict.fromkeys((".yml", ".yaml"), composed),
        ".json": json.loads,
        ".py": ast.parse,
    }


def main() -> None:
    by, folder = sys.argv[1:]
    parsers = {"ours": _ours, "others": _others}[by]()
    tree = DiskTree(Path(folder))
    refused = 0
    for path in tree.paths:
        if not path.endswith(READ):
            continue
        try:
            content = tree.read_bytes(path)
        except Unreadable:
            continue
        parse = parsers.get(path[path.rfind(".") :])
        try:
            if parse:
                parse(content)
        except Exception:  # noqa: BLE001 - of each parser its own: what it refuses is not parsed
            refused += 1
    print(f"{refused} files are refused by a parser")


if __name__ == "__main__":
    main()
