"""What the branches of an `if` make of a failure that it asks for, and what a script makes of one that it keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from infraguard.readers.patterns import pattern
from infraguard.readers.shell import AndOr, Group, Simple

_LEAVES = frozenset({"exit", "return"})
#: What a branch may leave for the rest of the script to act upon.
_NOTED = pattern(r"[A-Za-z_]\w*\+?=|(?:export|declare|local|let|readonly|continue|break|exit|return|false)\Z|\(\(")


class Fate(Struct, frozen=True):
    """What becomes of a failure: `ignored` by the script; None: it depends. `ends_script` where it exits at once."""

    ignored: bool | None
    ends_script: bool = False


class Branches(Struct, frozen=True):
    """The fates of a failure that leads into the branch behind `then`, and into what comes where it is not taken."""

    taken: Fate
    otherwise: Fate


def branches_of(group: Group, index: int) -> Branches:
    """The branches behind the condition at `index` of an `if`; a loop asks again, so that it depends."""
    if group.opening != "if" or index + 1 >= len(group.lists):
        return Branches(Fate(None), Fate(None))
    taken, after = group.lists[index + 1][0], group.lists[index + 2 : index + 3]
    if not after:
        return Branches(_fate(taken), Fate(None if _notes(taken) else True))
    return Branches(_fate(taken), Fate(None) if after[0][1] else _fate(after[0][0]))


def is_handed_on(name: str, later: Sequence[AndOr]) -> bool | None:
    """Whether an outcome that a variable keeps is ignored: not where the script exits with it; a test may do so."""
    used = pattern(rf"\$(?:{name}\b|\{{{name}\}})|\(\([^)]*\b{name}\b")
    asked = [each for each in simple_commands(later) if used.search(" ".join(each.words))]
    if not asked:
        return True
    return False if any(each.words[0] in _LEAVES for each in asked) else None


def simple_commands(lists: Sequence[AndOr]) -> Iterator[Simple]:
    """All simple commands of lists, those in groups included."""
    for and_or in lists:
        for command in (each for pipeline in and_or.pipelines for each in pipeline.commands):
            if isinstance(command, Simple):
                yield command
            else:
                for inside, _ in command.lists:
                    yield from simple_commands(inside)


def _fate(lists: Sequence[AndOr]) -> Fate:
    last = lists[-1].pipelines[-1].commands[-1] if lists else None
    words = last.words if isinstance(last, Simple) and not lists[-1].joints else ()
    if words[:1] and words[0] in _LEAVES and words[1:] not in ((), ("0",)):
        return Fate(ignored=False, ends_script=words[0] == "exit")
    return Fate(None if _notes(lists) else True)


def _notes(lists: Sequence[AndOr]) -> bool:
    """Whether commands leave something that the rest of the script may act upon."""
    return any(_NOTED.match(word) for each in simple_commands(lists) for word in each.words[:1])
