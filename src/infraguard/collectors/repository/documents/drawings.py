"""Drawings: pictures in documents, and files that are drawings of the infrastructure by their names."""

from __future__ import annotations

import posixpath
from typing import Final

from infraguard.collectors.repository.documents.links import leads
from infraguard.collectors.repository.documents.markup import Picture, Section
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree

#: What drawings are kept as: pictures, and what tools make pictures of.
_SUFFIXES: Final = (
    *(".png", ".svg", ".jpg", ".jpeg", ".webp", ".gif", ".drawio", ".dio", ".puml", ".plantuml", ".mmd", ".mermaid"),
    *(".excalidraw", ".d2", ".vsdx"),
)
#: Pictures that draw nothing: states of builds, marks of products, faces.
_BADGE: Final = pattern(
    r"(?i)badge|shields\.io|(?<![a-z])(?:logo|icon|avatar|favicon)s?(?![a-z/])|contrib\.rocks"
    r"|star-?history|workflows/[^/]+/|travis-ci|codecov\.io|app\.netlify|deploy(?:_to|/)?button|button\.svg"
)
#: Where GitHub keeps what people drop into a document, and the files of repositories.
_KEPT_WITH_IT: Final = pattern(
    r"https://(?:github\.com/(?:user-attachments/|[^/]+/[^/]+/(?:blob|raw|assets)/)|(?:user-images|raw)\.githubusercontent\.com/)"
)
#: What is said of a picture that shows what runs where.
_SAYS_WHAT_RUNS: Final = pattern(
    r"(?i)architectur|infrastructure|topolog"
    r"|(?<![a-z])(?:arch|infra|vpc|traffic[ _-]flow|system[ _-](?:design|overview))(?![a-z])"
)
_NAMED_FOR_WHAT_RUNS: Final = pattern(
    r"(?i)architectur|infrastructure|(?<![a-z])(?:arch|infra)(?![a-z])"
    r"|(?<![a-z])(?:vpc|aws|cloud|deployment|system)[ _-]?(?:diagram|drawing|overview)"
)
_SAYS_DRAWING: Final = pattern(r"(?i)diagram|schematic")
#: Drawings of something else: of data, of time, of code, of work.
_OF_SOMETHING_ELSE: Final = pattern(
    r"(?i)(?<![a-z])(?:sequence|class|entity|erd?|database|schema|tables?|data[ _-]?models?|state|activity"
    r"|use[ _-]?case|work[ _-]?flows?|process|ui|screens?|pipeline|ci|git|branch\w*|flow[ _-]?chart|gantt|timeline"
    r"|model|test\w*|maps?)(?![a-z])"
)
#: Folders in which a name tells of a page or an icon of the program, and not of the repository.
_OF_PROGRAMS: Final = pattern(
    r"(?i)(?:\A|/)(?:node_modules|vendor|third[_-]party|site-packages|\.?venv|fixtures|static|public|dist|build|icons?"
    r"|material-icons|blog|posts|templates|examples?|samples?|tests?)/"
)


def diagrams_of(tree: Tree, path: str, section: Section) -> int | Unknown:
    """How many diagrams are there: drawn as text, or pictures that are in the repository. A badge is none.

    A picture of a site counts where it says itself that it is of the architecture.
    """
    pictures = [picture for picture in section.pictures if not _BADGE.search(picture.target)]
    shown = [each for each in pictures if _is_kept_here(each.target) or _NAMED_FOR_WHAT_RUNS.search(_said(each))]
    found = section.diagrams + sum(leads(tree, path, picture.target) for picture in shown)
    outside = next((picture.target for picture in pictures if picture not in shown), "")
    if found or not outside:
        return found
    reason = f"{outside[:100]} is not in the repository, and nothing here tells what it shows"
    return Unknown(reason, (outside,), remedy="put the picture into the repository, or draw it as text")


def _is_kept_here(target: str) -> bool:
    return "://" not in target or bool(_KEPT_WITH_IT.match(target))


def _said(picture: Picture) -> str:
    return f"{picture.caption} {posixpath.basename(picture.target)}"


def draws_what_runs(section: Section) -> bool:
    """Whether a picture of the section is said to be of the architecture, or to be a diagram and of nothing else."""
    return any(_is_of_what_runs(picture) for picture in section.pictures)


def _is_of_what_runs(picture: Picture) -> bool:
    if _BADGE.search(picture.target):
        return False
    said = _said(picture)
    plain = _SAYS_DRAWING.search(said) and not _OF_SOMETHING_ELSE.search(said)
    return bool(_SAYS_WHAT_RUNS.search(said) or plain)


def is_drawing_of_what_runs(path: str) -> bool:
    """Whether a file is a drawing of the infrastructure by its name, though no document shows it."""
    if not path.lower().endswith(_SUFFIXES) or _OF_PROGRAMS.search(path):
        return False
    name = posixpath.basename(path)
    return bool(_NAMED_FOR_WHAT_RUNS.search(name)) and not _BADGE.search(path) and not _OF_SOMETHING_ELSE.search(name)
