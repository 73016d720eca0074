"""What a command line of make asks for."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

#: Short options of make that take a value, and the long names of those that matter here.
_VALUED = frozenset("CfIoW")
_LONG = {
    "--directory": "C",
    "--file": "f",
    "--makefile": "f",
    "--just-print": "n",
    "--dry-run": "n",
    "--recon": "n",
    "--question": "q",
    "--touch": "t",
    "--ignore-errors": "i",
}


class Arguments(Struct, frozen=True):
    """What a command line of make asks for: where, which targets, with which variables in place of the file's own.

    `only_shows` says that nothing is run (`-n` and its like), `ignores_errors` that failures do not count (`-i`).
    """

    folder: str = "."
    file: str = ""
    targets: tuple[str, ...] = ()
    variables: dict[str, str] = {}
    only_shows: bool = False
    ignores_errors: bool = False


def make_arguments(words: Sequence[str]) -> Arguments:
    """What the words after `make` ask for."""
    given: dict[str, str] = {}
    flags: set[str] = set()
    targets: list[str] = []
    variables: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        name, has_value, value = word.partition("=")
        if word.startswith("--"):
            short = _LONG.get(name, "")
            flags.add(short)
            if short in _VALUED:
                given[short] = value if has_value else next(rest, "")
        elif word.startswith("-"):
            letters = word[1:]
            taking = next((index for index, letter in enumerate(letters) if letter in _VALUED), len(letters))
            flags.update(letters[:taking])
            if taking < len(letters):
                given[letters[taking]] = letters[taking + 1 :] or next(rest, "")
        elif has_value:
            variables[name.rstrip(":?+")] = value
        else:
            targets.append(word)
    return Arguments(
        folder=given.get("C", "."),
        file=given.get("f", ""),
        targets=tuple(targets),
        variables=variables,
        only_shows=not flags.isdisjoint("nqt"),
        ignores_errors="i" in flags,
    )
