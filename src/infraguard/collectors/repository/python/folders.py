"""The folders of a repository that are Python projects."""

from __future__ import annotations

from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, text_or_empty

MARKERS = ("pyproject.toml", "setup.cfg", "setup.py")
#: Files that mark a project only beside Python of its own, and only where no folder around it is one already.
WEAK_MARKERS = ("requirements.txt", "requirements.in", "Pipfile", "pytest.ini", "tox.ini")
_NO_PROJECTS = frozenset({"docs", "doc"})


_PACKAGES = pattern(r"(?m)^\[(?:project|build-system|tool\.(?:poetry|pdm|flit|hatch|setuptools)|metadata|options)\b")


def _is_packaged(tree: Tree) -> bool:
    """Whether what marks the root says more than settings of tools, which hold for the projects in it."""
    texts = (text_or_empty(tree, name) for name in ("pyproject.toml", "setup.cfg"))
    beside = {"setup.py", *WEAK_MARKERS} & set(tree.paths)
    return bool(beside) or any(_PACKAGES.search(text) for text in texts)


def _is_module(tree: Tree, folder: str, name: str) -> bool:
    """Whether a setup.py is a module of a package, and packs nothing."""
    return name == "setup.py" and bool(folder) and f"{folder}/__init__.py" in tree


def project_folders(tree: Tree) -> tuple[str, ...]:
    """The folders that are a project: applications without packaging count by their requirements."""
    marked = [path.rpartition("/") for path in tree.paths]
    projects = dict.fromkeys(
        folder for folder, _, name in marked if name in MARKERS and not _is_module(tree, folder, name)
    )
    weak = sorted(dict.fromkeys(folder for folder, _, name in marked if name in WEAK_MARKERS), key=len)
    claims_all = "" in projects and _is_packaged(tree)
    for folder in weak:
        is_within = any(folder.startswith(f"{project}/") or (not project and claims_all) for project in projects)
        if folder in projects or is_within or folder.partition("/")[0] in _NO_PROJECTS:
            continue
        if any(path.endswith(".py") and (not folder or path.startswith(f"{folder}/")) for path in tree.paths):
            projects[folder] = None
    return tuple(folder or "." for folder in projects)
