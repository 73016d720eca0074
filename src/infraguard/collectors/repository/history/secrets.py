"""`git_history` and `history_secret`: secrets that some commit has, and that the files of today no longer show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from infraguard.collectors.repository.found import UNIT, Found, at, gap_of_problem
from infraguard.collectors.repository.history.objects import objects_now, objects_of
from infraguard.collectors.repository.secrets.places import has_bare_values, is_looked_at, is_made_up
from infraguard.collectors.repository.secrets.written import Written, secrets_written
from infraguard.model.evidence import GapReason, Resource, Source
from infraguard.model.values import Location
from infraguard.readers.git import Git, GitFailed
from infraguard.readers.tree import Problem

KINDS: Final = ("git_history", "history_secret")
#: Seconds that reading a history may take.
PATIENCE: Final = 900.0
#: Lines that are remembered as seen; beyond that we look at some of them again.
_MAX_LINES: Final = 5_000_000
#: Lines that mean nothing without the next ones, and are looked at wherever they stand.
_OPENING: Final = (b"PRIVATE KEY", b"AKIA")


class _Text(NamedTuple):
    """An object with the path that tells most of it, and the commit that brought it there, where one did."""

    path: str
    commit: str = ""
    order: int = 0

    @property
    def kind(self) -> tuple[bool, bool]:
        """How it is looked at: whether its secrets are made up, and whether values stand without quotes."""
        return is_made_up(self.path), has_bare_values(self.path)


class _Sighting(NamedTuple):
    """A secret in a text."""

    text: _Text
    written: Written


def read_history(folder: Path, *, seconds: float = PATIENCE) -> Found:
    """The secrets in the history of the clone in a folder, each once; a gap where not all of it can be read."""
    try:
        git = Git(folder, seconds=seconds)
        return _read(git)
    except GitFailed as error:
        return Found(gaps=(gap_of_problem(error.problem, KINDS),))


def _read(git: Git) -> Found:
    inside = git.line("rev-parse", "--show-prefix")
    every = objects_of(git)
    now = _texts({name: map(_Text, paths) for name, paths in objects_now(git).items()}, inside)
    shown = {each.written.identity for each in _sightings(git, {n: t for n, t in now.items() if n in every.texts})}
    texts = _texts(
        {name: (_Text(at.path, at.commit, at.order) for at in places) for name, places in every.texts.items()}, inside
    )
    hidden: dict[int, list[_Sighting]] = {}
    for each in _sightings(git, {n: t for n, t in texts.items() if n not in now or now[n].kind != t.kind}):
        if each.written.identity not in shown:
            hidden.setdefault(each.written.identity, []).append(each)
    secrets = [_secret(found) for found in hidden.values()]
    history = Resource(
        kind="git_history",
        id=".git",
        source=Source.REPO,
        unit=UNIT,
        attributes={"texts": len(texts), "lacks": every.missing},
        location=Location(file=".git"),
    )
    return Found((history, *secrets), tuple(gap_of_problem(each, KINDS) for each in _unread(git, every.missing)))


def _texts(places: dict[bytes, Iterable[_Text]], inside: str) -> dict[bytes, _Text]:
    """The objects below a folder that people may have written, each by the path that makes most of what is in it.

    The same text may be a test's in one place and the application's in another.
    """
    found: dict[bytes, _Text] = {}
    for name, each in places.items():
        here = (
            text._replace(path=path)
            for text in each
            if text.path.startswith(inside) and is_looked_at(path := text.path.removeprefix(inside))
        )
        first = min(here, key=lambda text: (text.kind[0], not text.kind[1], text.order), default=None)
        if first is not None:
            found[name] = first
    return found


def _unread(git: Git, missing: int) -> Iterator[Problem]:
    """Why a part of the history is not in the clone."""
    if git.line("rev-parse", "--is-shallow-repository") == "true":
        yield Problem(
            "the history of git",
            GapReason.EMPTY,
            "the clone is shallow: commits before its first one are not in it",
            "run `git fetch --unshallow`, or give actions/checkout `fetch-depth: 0`",
        )
    if missing:
        yield Problem(
            "the history of git",
            GapReason.EMPTY,
            f"the clone lacks {missing} objects: it is a partial one",
            "clone it without --filter, and scan again",
        )


def _sightings(git: Git, texts: dict[bytes, _Text]) -> Iterator[_Sighting]:
    """The secrets of each object; lines that an earlier one had in the same kind of file are not looked at again."""
    seen: dict[tuple[bool, bool], set[int]] = {}
    for name, content in git.blobs(list(texts)):
        if b"\0" in content[:1024]:
            continue
        made_up, bare = kind = texts[name].kind
        lines = content.split(b"\n")
        fresh = _fresh(content, lines, seen.setdefault(kind, set()))
        text = b"\n".join(lines[number] for number in fresh)
        for written in secrets_written(text, made_up=made_up, bare=bare):
            yield _Sighting(texts[name], written.at(fresh[written.line - 1] + 1))


def _fresh(content: bytes, lines: list[bytes], seen: set[int]) -> list[int]:
    """The numbers, from 0, of the lines that were not seen before, or that open what the next lines tell."""
    hashes = list(map(hash, lines))
    fresh = [number for number, known in enumerate(hashes) if known not in seen]
    seen.update(hashes)
    openings = [opening for opening in _OPENING if opening in content]
    if openings:
        again = (number for number, line in enumerate(lines) if any(opening in line for opening in openings))
        fresh = sorted({*fresh, *again})
    if len(seen) > _MAX_LINES:
        seen.clear()
    return fresh


def _secret(found: Iterable[_Sighting]) -> Resource:
    """The secret where it first stood, in what is not made up where it ever did."""
    first = min(found, key=lambda each: (each.text.kind[0], each.text.order))
    (path, commit, _), written = first.text, first.written
    return Resource(
        kind="history_secret",
        id=f"{commit[:12]}:{path}#{written.name}@{written.line}",
        source=Source.REPO,
        unit=UNIT,
        attributes={
            "commit": commit[:12],
            "file": path,
            "line": written.line,
            "what": written.kind,
            "name": written.name,
            "masked": written.masked,
        },
        location=at(path, written.line),
    )
