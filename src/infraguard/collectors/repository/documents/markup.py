"""Markdown, reStructuredText and AsciiDoc to sections, as far as headings, links, code and diagrams go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from msgspec import Struct, field

from infraguard.readers.patterns import pattern

_SUFFIXES: Final = (".md", ".markdown", ".rst", ".adoc", ".asciidoc")
#: What a fence, and a heading, begins with: nearly every line is neither, and is not asked further.
_FENCES: Final = ("`", "~", "-", ".", "[")
_HEADS: Final = ("#", "=")
_FENCE = pattern(r"\s*(?P<sign>`{3,}|~{3,}|-{4,}$|\.\. code(?:-block)?::|\[source)\s*(?P<language>[\w-]*)")
_HEADING = pattern(r"(?P<level>#{1,6}|={1,6})\s+(?P<title>\S.*?)\s*#*\s*\Z")
#: What titles are underlined with, the highest level first.
_SIGNS: Final = "=-~^\"'`#*+."
_UNDERLINE = pattern(r"([=\-~^\"'`#*+.])\1{2,}\s*\Z")
_LINK = pattern(r"(?<!!)\[(?P<text>[^\]]*)\]\(\s*<?(?P<target>[^)\s>]+)")
_RST_LINK = pattern(r"`(?P<text>[^`<]+?)\s*<(?P<target>[^>`]+)>`_|:doc:`(?P<doc>[^`]+)`")
_ADOC_LINK = pattern(r"(?:link:|xref:)?(?P<target>https?://[^\s\[]+|[\w./-]+\.adoc)\[(?P<text>[^\]]*)\]")
_PICTURE = pattern(
    r"!\[[^\]]*\]\(\s*(?P<target>[^)\s]+)|<img[^>]+src=[\"'](?P<source>[^\"']+)"
    r"|(?:\.\. (?:image|figure)::|image::?)\s*(?P<plain>[^\s\[]+)"
)
_PICTURED = pattern(r"!\[|<img|image|figure")
_INLINE = pattern(r"`[^`\n]+`")
_DRAWN: Final = frozenset({"mermaid", "plantuml", "puml", "dot", "graphviz", "d2", "ditaa", "structurizr"})
_COMMENT = pattern(r"<!--.*?-->", re.DOTALL)
_WORD = pattern(r"\w+")


class Link(NamedTuple):
    """A link: what it says, and where it leads."""

    text: str
    target: str


class Section(Struct, kw_only=True):
    """A heading and what stands below it, up to the next heading. `titles` are its own and those above it."""

    titles: tuple[str, ...]
    line: int
    text: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    diagrams: int = 0

    @property
    def words(self) -> int:
        """How many words of prose it has."""
        return len(_WORD.findall("\n".join(self.text)))

    @property
    def commands(self) -> int:
        """How many commands or names it gives to be typed: lines of code blocks, and code within lines."""
        inline = len(_INLINE.findall("\n".join(self.text)))
        return inline + sum(bool(line.strip()) for line in self.code)


def is_document(path: str) -> bool:
    """Whether it is prose that may have headings."""
    return path.lower().endswith(_SUFFIXES)


def sections_of(text: str) -> tuple[Section, ...]:
    """The sections of a document, in order; what stands before the first heading is one without titles."""
    found = [Section(titles=(), line=1)]
    levels: list[tuple[int, str]] = []
    for piece in _pieces(_COMMENT.sub(_blanked, text).splitlines()):
        if piece.level:
            while levels and levels[-1][0] >= piece.level:
                levels.pop()
            levels.append((piece.level, piece.text))
            found.append(Section(titles=tuple(title for _, title in levels), line=piece.line))
        elif piece.language is None:
            _prose(found[-1], piece.text)
        else:
            found[-1].code.append(piece.text)
            found[-1].diagrams += piece.opens and piece.language in _DRAWN
    return tuple(section for section in found if section.titles or section.text or section.code)


class _Piece(NamedTuple):
    """A heading (`level`), a line of code (`language`), or a line of prose."""

    line: int
    text: str
    level: int = 0
    language: str | None = None
    opens: bool = False


def _pieces(lines: list[str]) -> Iterator[_Piece]:
    fence, language, skip = "", "", False
    for number, line in enumerate(lines, 1):
        if skip:
            skip = False
            continue
        opened = _FENCE.match(line) if line.lstrip()[:1] in _FENCES else None
        if fence:
            if opened and opened["sign"].startswith(fence) and not opened["language"]:
                fence = ""
            else:
                yield _Piece(number, line, language=language)
            continue
        if opened and opened["sign"][0] in "`~":
            fence, language = opened["sign"], opened["language"].lower()
            yield _Piece(number, "", language=language, opens=True)
            continue
        heading = _HEADING.match(line) if line[:1] in _HEADS else None
        if heading:
            yield _Piece(number, heading["title"], level=len(heading["level"]))
        elif _underlined(line, below := lines[number] if number < len(lines) else ""):
            skip = True
            yield _Piece(number, line.strip(), level=_SIGNS.index(below[0]) + 1)
        else:
            yield _Piece(number, line)


def _underlined(title: str, below: str) -> bool:
    if below[:1] not in _SIGNS or not below or title.startswith((" ", "|", "-", ">")):
        return False
    return title.strip() != "" and bool(_UNDERLINE.match(below)) and len(below.rstrip()) >= min(len(title.strip()), 3)


def _prose(section: Section, line: str) -> None:
    if not line or line.isspace():
        return
    section.text.append(line)
    if "[" in line or "<" in line or "::" in line or ":doc:" in line:  # nothing else leads anywhere
        _leading(section, line)
        section.diagrams += line.lstrip().startswith((".. uml::", ".. graphviz::", ".. mermaid::"))


def _leading(section: Section, line: str) -> None:
    for match in _LINK.finditer(line) if "](" in line else ():
        section.links.append(Link(match["text"], match["target"]))
    for match in _ADOC_LINK.finditer(line) if "://" in line or ".adoc[" in line else ():
        section.links.append(Link(match["text"], match["target"]))
    for match in _RST_LINK.finditer(line) if "`" in line else ():
        section.links.append(Link(match["text"] or match["doc"], match["target"] or match["doc"]))
    for match in _PICTURE.finditer(line) if _PICTURED.search(line) else ():
        section.pictures.append(match["target"] or match["source"] or match["plain"])


def _blanked(match: re.Match[str]) -> str:
    """The lines of a comment, empty, so that those after it keep their numbers."""
    return "\n" * match[0].count("\n")
