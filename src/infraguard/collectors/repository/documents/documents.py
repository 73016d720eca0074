"""`document_section` and `recovery_plan`: what a repository tells people, and what it says is told elsewhere."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any, Final

from infraguard.collectors.repository.documents.drawings import (
    diagrams_of,
    draws_what_runs,
    is_drawing_of_what_runs,
)
from infraguard.collectors.repository.documents.links import is_page_elsewhere, leads, told_elsewhere
from infraguard.collectors.repository.documents.markup import Link, Section, is_document, sections_of
from infraguard.collectors.repository.documents.objectives import objectives_in
from infraguard.collectors.repository.documents.plan import recovery_plan
from infraguard.collectors.repository.documents.products import without_the_products
from infraguard.collectors.repository.documents.subjects import subjects_of
from infraguard.collectors.repository.documents.topics import topics_in
from infraguard.collectors.repository.documents.undoing import undoes_migration
from infraguard.collectors.repository.documents.wholes import Whole, wholes_of
from infraguard.collectors.repository.found import Family, Found, at, at_one_place, each_file
from infraguard.model.evidence import Resource
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree

KINDS: Final = ("document_section", "recovery_plan")
#: A transaction that code ends is no release that somebody takes back.
_TRANSACTION: Final = pattern(r"\.rollback\(")
#: What a section is called that says of its drawings no more than that they are some.
_DRAWINGS: Final = ("diagram", "diagrams")
#: Topics of documents that may say how anything is taken back, whatever their titles are.
_OF_OPERATION: Final = frozenset({"runbook", "disaster-recovery", "rollback", "migration", "release"})
#: Topics of headings under which people write no more than where the document is kept, and in how many words.
_POINTED_TO: Final = frozenset({"runbook", "disaster-recovery", "incident", "rollback", "scaling"})
_OF_POINTER: Final = 25
_ADDRESS: Final = pattern(r"(?<![(<\[\"'`=])https?://[^\s)>\]\"'`]+[^\s)>\]\"'`.,;:]")
#: Folders whose documents are not the repository's own word.
_ASIDE: Final = frozenset(
    {
        *("node_modules", "vendor", "third_party", "third-party", "site-packages", ".venv", "venv", "fixtures"),
        *("issue_template", "pull_request_template", "blog", "posts", "demo", "demos"),
        *(".agents", ".claude", ".cursor", "chatmodes", "backlog"),
    }
)
#: Documents that speak of everything that ever changed, or that will.
_LOGS: Final = (
    *("changelog", "changes", "history", "news", "release-notes", "releases", "license", "code_of_conduct"),
    *("roadmap", "todo"),
)


#: The sections that terraform-docs writes.
_OF_TERRAFORM: Final = frozenset({"inputs", "outputs", "providers", "requirements", "modules", "resources"})
#: What assistants are told before they write code.
_FOR_AGENTS: Final = pattern(
    r"(?i)(?:\A|/)\.github/(?:instructions|prompts|agents|skills)/|\.(?:instructions|prompt|chatmode|agent)\.md\Z|(?:\A|/)copilot-instructions\.md\Z"
)


def _wants(path: str) -> bool:
    name = path.rpartition("/")[2].lower()
    is_aside = bool(_ASIDE.intersection(path.lower().split("/"))) or name.startswith(_LOGS) or _FOR_AGENTS.search(path)
    return is_document(path) and not is_aside


def read_documents(tree: Tree) -> Found:
    """Every section of every document, and the plan for disasters that they make together."""
    found = each_file(tree, _wants, KINDS, _sections)
    return Found((*found.resources, *_drawings(tree), *recovery_plan(tree, found.resources)), found.gaps)


FAMILY = Family(kinds=KINDS, wants=lambda path: _wants(path) or is_drawing_of_what_runs(path), read=read_documents)


def _drawings(tree: Tree) -> Iterator[Resource]:
    """A drawing that stands alone, as a section without words."""
    for path in tree.paths:
        if is_drawing_of_what_runs(path):
            alone = Section(titles=(), line=1, diagrams=1)
            attributes = _attributes(tree, path, alone, ["architecture"]) | Whole(0, 0, 0, 0)._asdict()
            yield _resource(path, posixpath.basename(path), alone, attributes)


def _sections(tree: Tree, path: str) -> Iterator[Resource]:
    sections = sections_of(tree.read(path), path)
    title = next((section.titles[0] for section in sections if section.titles), "")
    numbers: dict[str, int] = {}
    wholes = wholes_of(sections, is_about_all=posixpath.basename(path).lower().startswith("readme"))
    for section, whole in zip(sections, wholes, strict=True):
        if _is_made_up_of_variables(section):
            continue
        heading = " / ".join(section.titles) or posixpath.basename(path)
        numbers[heading] = numbers.get(heading, 0) + 1
        label = heading if numbers[heading] == 1 else f"{heading} ({numbers[heading]})"
        is_drawn = bool(section.titles) and section.titles[-1].strip().lower() in _DRAWINGS
        drawn = ("architecture",) if is_drawn or draws_what_runs(section) else ()
        about = without_the_products(tree, subjects_of(path, title, section), (title, *section.titles))
        about = list(dict.fromkeys((*about, *drawn)))
        yield _resource(path, label, section, _attributes(tree, path, section, about) | whole._asdict())
        yield from _elsewhere(tree, path, label, section)


def _is_made_up_of_variables(section: Section) -> bool:
    """Whether a tool wrote it from Terraform's files: tables of inputs and outputs, which tell nobody what to do."""
    title = section.titles[-1].lower() if section.titles else ""
    return title in _OF_TERRAFORM and any(
        line.lstrip().startswith(("| Name", "| <a name=", "No ")) for line in section.text
    )


def _attributes(tree: Tree, path: str, section: Section, about: list[str]) -> dict[str, Any]:
    return {
        "file": path,
        "heading": section.titles[-1] if section.titles else "",
        "about": about,
        "mentions": topics_in((*section.text, *(_TRANSACTION.sub("", line) for line in section.code))),
        "undoes_migration": undoes_migration((*section.text, *section.code)),
        "words": section.words,
        "commands": section.commands,
        "diagrams": diagrams_of(tree, path, section),
        "broken_links": [link.target for link in section.links if not leads(tree, path, link.target)],
        **{f"{name}_minutes": value for name, value in objectives_in(section.text).items()},
    }


def _elsewhere(tree: Tree, path: str, label: str, section: Section) -> Iterator[Resource]:
    """What a link to another site may hold: a section of these topics, of which nothing is known."""
    pointed = _pointed_to(section)
    for link in (*section.links, *_bare_links(section)):
        topics = told_elsewhere(tree, link) or (pointed if is_page_elsewhere(tree, link.target) else [])
        if topics:
            doubt = Unknown(
                f"what {link.text.strip() or 'a link'} leads to is not read",
                (link.target,),
                remedy="keep the document in the repository, where it is reviewed with the code",
            )
            untold = ("mentions", "words", "commands", "diagrams", *Whole._fields)
            attributes: dict[str, Any] = dict.fromkeys(untold, doubt)
            attributes |= {"file": path, "heading": link.text, "about": topics, "undoes_migration": doubt}
            if _OF_OPERATION.isdisjoint(topics):
                attributes |= {"mentions": topics, "undoes_migration": False}
            resource = _resource(path, f"{label} -> {link.target}", section, attributes)
            yield Resource(
                **{**{name: getattr(resource, name) for name in resource.__struct_fields__}, "perhaps": doubt}
            )


def _bare_links(section: Section) -> Iterator[Link]:
    """Addresses that stand in the text as they are."""
    known = {link.target for link in section.links}
    for line in section.text:
        yield from (Link("", target) for target in _ADDRESS.findall(line) if target not in known)


def _pointed_to(section: Section) -> list[str]:
    """The topics of a heading under which there is hardly more than a link: `Runbook: it is kept here`."""
    topics = topics_in(section.titles[-1:])
    return topics if _POINTED_TO.intersection(topics) and section.words <= _OF_POINTER else []


def _resource(path: str, label: str, section: Section, attributes: dict[str, Any]) -> Resource:
    return at_one_place("document_section", f"{path}#{label}", attributes, at(path, section.line))
