"""Shell scripts that run the function which their first argument names, as `./run test` with `"$@"` at the end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from infraguard.readers.patterns import pattern

#: A function that begins and ends in the first column: its name and what is between.
_FUNCTION: Final = pattern(
    r"^(?:function[ \t]+(?P<name>[\w:.-]+)[ \t]*(?:\(\))?|(?P<other>[\w:.-]+)[ \t]*\(\))\s*\{(?P<body>.*?)^\}",
    re.DOTALL | re.MULTILINE,
)
#: The line that hands the arguments of the script to one of its functions.
_DISPATCH: Final = pattern(r"^(?:time[ \t]+|exec[ \t]+)?\"?\$(?:\{@(?::-[^}]*)?\}|@|\{?1\}?)\"?[^\n]*$", re.MULTILINE)
#: All arguments of a script behind a command that stands for itself.
_ARGUMENTS: Final = pattern(
    r"(?<=[\w=/.])(?<!\btime)(?<!\bexec)[ \t]+(?:\"\$[@*]\"|\$[@*]|\"\$\{[@*]\}\")(?=[ \t]*(?:$|[;&|)]))", re.MULTILINE
)
_WORD: Final = pattern(r"[\w:.-]+")


def dispatched(text: str, arguments: Sequence[str]) -> str:
    """What the script runs for these arguments: without the functions that the named one does not come to.

    The whole text where no line hands the arguments on, or where the first of them names no function. Without any
    argument, `"$@"` is nothing; in a function it stands for what the function is given.
    """
    if not arguments:
        return _without_arguments(text)
    functions = {match["name"] or match["other"]: match for match in _FUNCTION.finditer(text)}
    first = next(iter(arguments), "")
    outside = _FUNCTION.sub("", text)
    if first not in functions or not _DISPATCH.search(outside):
        return text
    reached = _reached(first, {name: match["body"] for name, match in functions.items()}, (*arguments[1:], outside))
    return _FUNCTION.sub(lambda match: match[0] if (match["name"] or match["other"]) in reached else "", text)


def _without_arguments(text: str) -> str:
    parts, end = [], 0
    for function in _FUNCTION.finditer(text):
        parts += [_ARGUMENTS.sub("", text[end : function.start()]), function[0]]
        end = function.end()
    return "".join([*parts, _ARGUMENTS.sub("", text[end:])])


def _reached(first: str, bodies: dict[str, str], more: Sequence[str]) -> set[str]:
    """The function and those that it names, and so on; further arguments and what runs in any case may name some."""
    waiting, reached = [first, *(name for text in more for name in _WORD.findall(text) if name in bodies)], set[str]()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [word for word in _WORD.findall(bodies[name]) if word in bodies]
    return reached
