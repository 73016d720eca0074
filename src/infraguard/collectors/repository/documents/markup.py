"""Markdown, reStructuredText and AsciiDoc to sections, as far as headings, links, code and diagrams go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from msgspec import Struct, field

from infraguard.readers.patterns import pattern

_SUFFIXES: Final = (".md", ".mdx", ".markdown", ".rst", ".adoc", ".asciidoc")
#: Hidden folders, but for those in which forges look for documents: prompts and notes of assistants, caches.
_OF_TOOLS: Final = pattern(r"(?:^|/)\.(?!github/|gitlab/|docs?/|infraguard/)[^/]+/")
#: What a fence, and a heading, begins with: nearly every line is neither, and is not asked further.
_FENCES: Final = ("`", "~", "-", ".", "[")
_HEADS: Final = ("#", "=")
_FENCE = pattern(r"\s*(?P<sign>`{3,}|~{3,}|-{4,}$|\.\. code(?:-block)?::|\[source)\s*(?P<language>[\w-]*)")
#: What code of reStructuredText follows: a directive for it, or two colons behind words.
_OPENS_CODE = pattern(r"\s*(?:\.\. (?:code|code-block|sourcecode|prompt|parsed-literal)::|(?!\.\. ).*::\s*\Z)")
_HEADING = pattern(r"(?P<level>#{1,6}|={1,6})\s+(?P<title>\S.*?)\s*#*\s*\Z")
#: What titles are underlined with, the highest level first.
_SIGNS: Final = "=-~^\"'`#*+."
#: Those of Markdown, where marks of another kind begin a block of code.
_OF_MARKDOWN: Final = "=-"
_UNDERLINE = pattern(r"([=\-~^\"'`#*+.])\1+\s*\Z")
#: A link to somewhere else: one within the document, of which tables are full, always leads.
_LINK = pattern(r"\[(?<!!\[)(?P<text>[^\]\n]{0,500})\]\(\s{0,80}<?(?P<target>[^)\s<>#][^)\s>]{0,2000})")
_RST_LINK = pattern(r"`(?P<text>[^`<]+?)\s*<(?P<target>[^>`]+)>`_|:doc:`(?P<doc>[^`]+)`")
_ADOC_LINK = pattern(
    r"(?:link:|xref:)?(?P<target>https?://[^\s\[]{1,300}|[\w./-]{1,200}\.adoc)\[(?P<text>[^\]\n]{0,300})\]"
)
_NAMED_URL = pattern(r"://[^\s\[]{1,300}\[")
_PICTURE = pattern(
    r"!\[(?P<caption>[^\]]{0,500})\]\(\s{0,80}(?P<target>[^)\s]{1,2000})"
    r"|<img(?=(?:[^<>]{0,500}\balt=[\"'](?P<alt>[^\"'<>]{1,500}))?)[^<>]{1,500}?src=[\"'](?P<source>[^\"']{1,2000})"
    r"|(?:\.\. (?:image|figure)::|image::?)\s*(?P<plain>[^\s\[]+)"
    r"(?:\[(?P<shown>[^\],\n]*)|(?:\n[ \t]+:(?!alt:)\w+:[^\n]*)*\n[ \t]+:alt:[ \t]*(?P<described>[^\n]*))?"
)
_PICTURED: Final = ("![", "<img", "image", "figure")
_DIRECTIVE = pattern(r"^[ \t]*\.\. (?:uml|graphviz|mermaid)::", re.MULTILINE)
_INLINE = pattern(r"`[^`\n]+`")
_DRAWN: Final = frozenset({"mermaid", "plantuml", "puml", "dot", "graphviz", "d2", "ditaa", "structurizr"})
#: A side of a box that letters draw, and what joins boxes; a table has sides too, and joins nothing.
_SIDE = pattern(r"\+-{2,}(?:[+|]-{2,})*\+|[\u250c\u2514\u256d\u2570\u2554\u255a][\u2500\u2550\u252c\u2534\u253c]{2}")
_JOINT = pattern(
    r"^[ \t]*[|\u2502v\u2193\u25bc^/\\](?:[ \t]+[|\u2502v\u2193\u25bc^/\\])*[ \t]*$"
    r"|-+>|<-+|[\u2190-\u2193\u25b6\u25ba\u25bc]",
    re.MULTILINE,
)
#: An arrow between two names, which needs no boxes: `agent ──► api`, `api --> db`.
_ARROW = pattern(
    r"[\w)\]][ \t]*[\u2500-\u257f][^\n\w]{0,40}(?:\w+[\u2500-\u257f]+)?[\u25b6\u25ba>]|[\w)\]][ \t]+-{2,}>[ \t]+[\w(\[]"
)
#: So many arrows are a drawing, a way down among them.
_ARROWS: Final = 3
#: A line on the way down from one thing to the next, where a drawing has no boxes.
_FALL = pattern(
    r"^[ \t]*(?:[|\u2502][ \t]+)*[v\u2193\u25bc](?:[ \t]+(?:[|\u2502v\u2193\u25bc]|\([^)\n]*\)))*[ \t]*$", re.MULTILINE
)
_COMMENT = pattern(r"<!--.*?-->", re.DOTALL)
#: What stands above a document for the program that makes pages of it, and the title there.
_SETTINGS = pattern(r"---[ \t]*\n(?:(?!---).*\n)*?---[ \t]*(?=\n|\Z)")
_TITLE = pattern(r"^title:[ \t]*[\"']?(?P<title>[^\n\"']*[^\s\"'])", re.MULTILINE)
_ADDRESS = pattern(r"https?://[^\s)>\]]+")
_WORD = pattern(r"\w+")
#: The same for ASCII: what is no part of a word made a blank, since blanks are split at many times faster.
_WORDS: Final = bytes(code if chr(code).isalnum() or chr(code) == "_" else 32 for code in range(128)) + b" " * 128


class Link(NamedTuple):
    """A link: what it says, and where it leads."""

    text: str
    target: str


class Picture(NamedTuple):
    """A picture in a document: where it is, and what is said that it shows."""

    target: str
    caption: str


class Section(Struct, kw_only=True):
    """A heading and what stands below it, up to the next heading. `titles` are its own and those above it."""

    titles: tuple[str, ...]
    line: int
    text: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    diagrams: int = 0

    @property
    def words(self) -> int:
        """How many words of prose it has; an address is none."""
        prose = "\n".join(self.text)
        prose = _ADDRESS.sub(" ", prose) if "://" in prose else prose
        return len(prose.encode().translate(_WORDS).split()) if prose.isascii() else len(_WORD.findall(prose))

    @property
    def commands(self) -> int:
        """How many commands or names it gives to be typed: lines of code blocks, and code within lines."""
        inline = len(_INLINE.findall("\n".join(self.text)))
        return inline + sum(bool(line.strip()) for line in self.code)


def is_document(path: str) -> bool:
    """Whether it is prose that may have headings; what tools keep for themselves is no document of the project."""
    return path.lower().endswith(_SUFFIXES) and not _OF_TOOLS.search(path)


def sections_of(text: str, path: str = "") -> tuple[Section, ...]:
    """The sections of a document, in order; what stands before the first heading is one without titles."""
    signs = _OF_MARKDOWN if path.lower().endswith((".md", ".mdx", ".markdown")) else _SIGNS
    settings = _SETTINGS.match(text)
    title = _TITLE.search(settings[0]) if settings else None
    levels: list[tuple[int, str]] = [(0, title["title"])] if title else []
    found = [Section(titles=tuple(title for _, title in levels), line=1)]
    body = _blanked(settings) + text[settings.end() :] if settings else text
    lines = _COMMENT.sub(_blanked, body).splitlines()
    for piece in _pieces_of_rst(lines) if path.lower().endswith(".rst") else _pieces(lines, signs):
        if piece.level:
            while levels and levels[-1][0] >= piece.level:
                levels.pop()
            levels.append((piece.level, piece.text))
            found.append(Section(titles=tuple(title for _, title in levels), line=piece.line))
        elif piece.language is None:
            if piece.text and not piece.text.isspace():
                found[-1].text.append(piece.text)
        else:
            found[-1].code.append(piece.text)
            found[-1].diagrams += piece.opens and (piece.language in _DRAWN or piece.is_drawn)
    return tuple(_with_leads(section) for section in found if section.titles or section.text or section.code)


class _Piece(Struct, frozen=True):
    """A heading (`level`), a line of code (`language`), or a line of prose."""

    line: int
    text: str
    level: int = 0
    language: str | None = None
    opens: bool = False
    is_drawn: bool = False


def _pieces(lines: list[str], signs: str) -> Iterator[_Piece]:
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
            yield _Piece(number, "", language=language, opens=True, is_drawn=_is_drawn(lines, number, fence, language))
            continue
        heading = _HEADING.match(line) if line[:1] in _HEADS else None
        if heading:
            yield _Piece(number, heading["title"], level=len(heading["level"]))
        elif _underlined(line, below := lines[number] if number < len(lines) else "", signs):
            skip = True
            yield _Piece(number, line.strip(), level=_SIGNS.index(below[0]) + 1)
        else:
            yield _Piece(number, line)


def _pieces_of_rst(lines: list[str]) -> Iterator[_Piece]:
    """The same of reStructuredText, which has no fences: code is what stands further in below `::` or a directive."""
    inside, skip = -1, False
    for number, line in enumerate(lines, 1):
        indented = len(line) - len(line.lstrip())
        if skip:
            skip = False
        elif inside >= 0 and (not line.strip() or indented > inside):
            yield _Piece(number, line, language="")
        elif _underlined(line, below := lines[number] if number < len(lines) else "", _SIGNS):
            inside, skip = -1, True
            yield _Piece(number, line.strip(), level=_SIGNS.index(below[0]) + 1)
        else:
            inside = indented if _OPENS_CODE.match(line) else -1
            yield _Piece(number, line)


def _is_drawn(lines: list[str], start: int, fence: str, language: str) -> bool:
    """Whether a block that says no language, or text, draws boxes that are joined, or arrows and ways between names."""
    if language not in ("", "text", "txt", "ascii", "plaintext"):
        return False
    end = next((n for n in range(start, len(lines)) if lines[n].lstrip().startswith(fence)), len(lines))
    block = "\n".join(lines[start:end])
    boxes = len(_SIDE.findall(block)) > 1 and _JOINT.search(block) is not None
    ways = len(_FALL.findall(block))
    return boxes or ways > 1 or len(_ARROW.findall(block)) + ways >= _ARROWS


def _underlined(title: str, below: str, signs: str) -> bool:
    """Whether a line is the heading that the next one underlines; a fence of code below a line is shorter than it."""
    if below[:1] not in signs or not below or title.startswith((" ", "|", "-", ">")):
        return False
    length = len(title.strip())
    least = max(2, min(length, 3) if below[0] in "=-" else length)
    return length > 0 and bool(_UNDERLINE.match(below)) and len(below.rstrip()) >= least


def _with_leads(section: Section) -> Section:
    """The section with what its prose leads to."""
    prose = "\n".join(section.text)
    if "](" in prose:
        section.links += [Link(match["text"], match["target"]) for match in _LINK.finditer(prose)]
    if ".adoc[" in prose or _NAMED_URL.search(prose):
        section.links += [Link(match["text"], match["target"]) for match in _ADOC_LINK.finditer(prose)]
    if ">`_" in prose or ":doc:`" in prose:
        rst = _RST_LINK.finditer(prose)
        section.links += [Link(match["text"] or match["doc"], match["target"] or match["doc"]) for match in rst]
    if any(sign in prose for sign in _PICTURED):
        found = _PICTURE.finditer(prose)
        section.pictures += [
            Picture(
                match["target"] or match["source"] or match["plain"],
                match["caption"] or match["alt"] or match["shown"] or match["described"] or "",
            )
            for match in found
        ]
    if ".. " in prose:
        section.diagrams += len(_DIRECTIVE.findall(prose))
    return section


def _blanked(match: re.Match[str]) -> str:
    """The lines of a comment, empty, so that those after it keep their numbers."""
    return "\n" * match[0].count("\n")
