"""The folders of a repository that are Python projects."""

from __future__ import annotations

from infraguard.readers.tree import Tree

MARKERS = ("pyproject.toml", "setup.cfg", "setup.py")
#: Files that mark a project only beside Python of its own, and only where no folder around it is one already.
WEAK_MARKERS = ("requirements.txt", "requirements.in", "Pipfile", "pytest.ini", "tox.ini")
_NO_PROJECTS = frozenset({"docs", "doc"})


def project_folders(tree: Tree) -> tuple[str, ...]:
    """The folders that are a project: applications without packaging count by their requirements."""
    marked = [path.rpartition("/") for path in tree.paths]
    projects = dict.fromkeys(folder for folder, _, name in marked if name in MARKERS)
    weak = sorted({folder for folder, _, name in marked if name in WEAK_MARKERS}, key=len)
    for folder in weak:
        is_within = any(folder.startswith(f"{project}/") or not project for project in projects)
        if folder in projects or is_within or folder.partition("/")[0] in _NO_PROJECTS:
            continue
        if any(path.endswith(".py") and (not folder or path.startswith(f"{folder}/")) for path in tree.paths):
            projects[folder] = None
    return tuple(folder or "." for folder in projects)
