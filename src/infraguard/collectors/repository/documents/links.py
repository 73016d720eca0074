"""Links of documents: whether they lead somewhere, and what one to another site may hold."""

from __future__ import annotations

import posixpath
from itertools import accumulate
from typing import Final

from infraguard.collectors.repository.documents.markup import Link, is_document
from infraguard.collectors.repository.documents.topics import topics_in
from infraguard.collectors.repository.remembering import once
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree

#: Topics that people keep in a wiki, where a link is all that the repository has.
_KEPT_ELSEWHERE: Final = frozenset({"runbook", "disaster-recovery", "incident", "architecture", "scaling"})
#: Words for a part of anything, and for how decisions are written down: in a link they tell of no drawing.
_ANY_PART: Final = pattern(r"(?i)\b(?:components?|network(?:ing)?|architectur\w+[ -]decisions?(?:[ -]records?)?)\b")
#: Where languages, tools and clouds are described for all who use them, and where papers are published.
_OF_OTHERS: Final = pattern(
    r"https?://(?:[\w.-]+\.)?(?:docs\.(?:python\.org|aws\.amazon\.com|docker\.com|github\.com|gitlab\.com|djangoproject\.com)"
    r"|aws\.amazon\.com|readthedocs\.(?:io|org)|kubernetes\.io|learn\.microsoft\.com|cloud\.google\.com|sqlalchemy\.org"
    r"|developer\.(?:hashicorp\.com|mozilla\.org)|wikipedia\.org|stackoverflow\.com|martinfowler\.com|js\.org"
    r"|arxiv\.org|doi\.org|openreview\.net|medium\.com|youtube\.com|youtu\.be)(?:/|\Z)"
)
#: What is asked, changed and released in a forge is no document.
_OF_FORGES: Final = pattern(
    r"https?://[^/]+/[^/]+/[^/]+/(?:-/)?(?:issues?|pulls?|merge_requests|commits?|releases|discussions|actions|compare|milestones?)(?:/|\Z)"
)
#: A file of a repository, as a forge shows it.
_FILE: Final = pattern(r"https?://[^/]+/[^/]+/[^/]+/(?:-/)?(?:blob|tree|raw|src)/[^/]+/(?P<path>[^?#]+)")
#: A page of a site, which may be made of the documents of the repository.
_PAGE: Final = pattern(r"https?://[^/]+/(?P<path>[^?#]+)")
#: What tells of one incident, and not of what to do in the next.
_ONE_INCIDENT: Final = pattern(r"(?i)\b(?:incident[ -]reports?|post-?mortems?|retrospectives?)\b")
#: A link of more words than these is the title of something that was published.
_MANY_WORDS: Final = 8


def leads(tree: Tree, path: str, target: str) -> bool:
    """Whether a link leads somewhere: an address, a heading, or a path of the repository."""
    plain = target.partition("#")[0].partition("?")[0]
    named = path.endswith(".rst") and plain.endswith("_")  # a name of reStructuredText, given somewhere in the document
    if not plain or named or "://" in target or target.startswith(("mailto:", "{", "$")):
        return True
    folder = "" if plain.startswith("/") else posixpath.dirname(path)
    there = posixpath.normpath(posixpath.join(folder, plain.lstrip("/")))
    if path.endswith(".mdx") and "." not in posixpath.basename(there):
        return True  # a page of the site that is made of it, by the site's own addresses
    return _is_there(tree, there)


def is_page_elsewhere(tree: Tree, target: str) -> bool:
    """Whether an address is a page of another site that may be the project's own, and is not here."""
    is_address = target.startswith(("http://", "https://")) and not _OF_OTHERS.match(target)
    return is_address and not _OF_FORGES.match(target) and not _is_here(tree, target)


def told_elsewhere(tree: Tree, link: Link) -> list[str]:
    """The topics that another site may tell of, by the words of a link to it."""
    if not is_page_elsewhere(tree, link.target):
        return []
    if len(link.text.split()) > _MANY_WORDS or _ONE_INCIDENT.search(link.text):
        return []
    topics = topics_in([_ANY_PART.sub("", link.text)])
    return topics if _KEPT_ELSEWHERE.intersection(topics) else []


def _is_here(tree: Tree, target: str) -> bool:
    """Whether an address shows what is in the repository: a file in its forge, or a page made of a document."""
    if shown := _FILE.match(target):
        return _is_there(tree, shown["path"].rstrip("/"))
    page = _PAGE.match(target)
    path = page["path"].rstrip("/").removesuffix(".html") if page else ""
    return "/" in path and path in once(tree, "pages of documents", lambda: _pages(tree))


def _pages(tree: Tree) -> frozenset[str]:
    """Under which paths a site would show the documents: without a suffix, and without the folders above theirs."""
    stems = [path.rpartition(".")[0] for path in tree.paths if is_document(path)]
    parts = [stem.split("/") for stem in stems]
    return frozenset("/".join(names[start:]) for names in parts for start in range(len(names) - 1))


def _is_there(tree: Tree, there: str) -> bool:
    return there in tree or there == "." or there in once(tree, "folders of all files", lambda: _folders(tree))


def _folders(tree: Tree) -> frozenset[str]:
    """Every folder that holds a file, at whatever depth."""
    folders = {path.rpartition("/")[0] for path in tree.paths if "/" in path}
    return frozenset(above for folder in folders for above in accumulate(folder.split("/"), "{}/{}".format))
