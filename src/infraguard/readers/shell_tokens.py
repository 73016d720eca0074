"""The tokens of a POSIX shell script, as far as telling its commands apart needs them. Nothing is run or expanded."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from infraguard.model.errors import SyntaxProblem
from infraguard.readers.patterns import pattern

_SKIPPED = pattern(r"(?:[ \t\r]|\\\r?\n)+|(?<![^\s;&|()])#[^\n]*")
_REDIRECTION = pattern(r"\d*(?:<<<|<<-?|<>|<&|>>|>&|>\||&>>|&>|<|>)")
_OPERATOR = pattern(r"&&|\|\||;;&?|;&|\|&|[;&|()\n]")
_PLAIN = pattern(r"[^\s\"'`$\\;&|()<>]+")
#: What is calculated in one place; anything longer is commands in brackets.
_MAX_ARITHMETIC = 500
_CLOSING = {"$(": ")", "${": "}"}


class Token(Struct, frozen=True):
    """A word without its quotes, or an operator; `line` counts from 1 in the script.

    `quoted` is set when any part of a word was quoted, so that it is no keyword.
    """

    text: str
    line: int
    operator: bool = False
    quoted: bool = False


def tokens(script: str) -> Iterator[Token]:
    """Words and operators; comments, redirections and the bodies of heredocs are left out.

    Raises `SyntaxProblem` for a quote or a bracket without its end.
    """
    position = 0
    line = 1
    heredocs: list[tuple[str, bool]] = []
    redirected: str = ""
    while position < len(script):
        start = position
        if skipped := _SKIPPED.match(script, position):
            position = skipped.end()
        elif redirection := _REDIRECTION.match(script, position):
            position = redirection.end()
            redirected = redirection[0]
            if script.startswith("(", position):  # `<(command)` stands for a file
                position = _end_of_bracket(script, position, ")", line)
                redirected = ""
        elif arithmetic := _end_of_arithmetic(script, position, line):
            yield Token("((", line)
            position = arithmetic
        elif operator := _OPERATOR.match(script, position):
            yield Token(operator[0], line, operator=True)
            position = operator.end()
            if operator[0] == "\n":
                position = _after_heredocs(script, position, heredocs)
                heredocs = []
        else:
            text, position, quoted = _word(script, position, line)
            if "<<" in redirected and "<<<" not in redirected:
                heredocs.append((text, redirected.endswith("-")))
            elif not redirected:
                yield Token(text, line, quoted=quoted)
            redirected = ""
        line += script.count("\n", start, position)


def _end_of_arithmetic(script: str, position: int, line: int) -> int:
    """The offset after `((...))`, which calculates; 0 where none stands there."""
    if not script.startswith("((", position) or script.startswith("(((", position):
        return 0
    text = script[position : position + _MAX_ARITHMETIC]
    try:
        inner = _end_of_bracket(text, 1, ")", line)
    except SyntaxProblem:
        return 0
    return position + inner + 1 if text.startswith(")", inner) else 0


def _word(script: str, position: int, line: int) -> tuple[str, int, bool]:
    """One word without its quotes, the offset after it, and whether a part of it was quoted."""
    parts: list[str] = []
    quoted = False
    while position < len(script):
        start = script[position]
        if plain := _PLAIN.match(script, position):
            parts.append(plain[0])
            position = plain.end()
        elif start == "\\":
            parts.append(script[position + 1 : position + 2].strip("\n"))
            position += 2
            quoted = True
        elif start in "\"'`":
            end = _end_of_quote(script, position, line)
            inside = script[position + 1 : end]
            joined = inside if start == "'" else inside.replace("\\\n", "")
            parts.append(joined if start != "`" else f"`{joined}`")
            position = end + 1
            quoted = True
        elif start == "$":
            end = _end_of_expansion(script, position, line)
            parts.append(script[position:end])
            position = end
        else:
            break
    return "".join(parts), position, quoted


def _end_of_quote(script: str, position: int, line: int) -> int:
    quote = script[position]
    end = position + 1
    while end < len(script) and script[end] != quote:
        if quote != "'" and script[end] == "\\":
            end += 2
        elif quote == '"' and script[end] == "$":
            end = _end_of_expansion(script, end, line)
        else:
            end += 1
    if end >= len(script):
        raise SyntaxProblem(f"a {quote} without its end", file="script", line=line)
    return end


def _end_of_expansion(script: str, position: int, line: int) -> int:
    """The offset after `$name`, `${...}`, `$(...)` or an expression of GitHub's, `${{ ... }}`."""
    if script.startswith("${{", position):
        end = script.find("}}", position)
        if end < 0:
            raise SyntaxProblem("a ${{ without its end", file="script", line=line)
        return end + 2
    closing = _CLOSING.get(script[position : position + 2])
    return _end_of_bracket(script, position + 1, closing, line) if closing else position + 1


def _end_of_bracket(script: str, position: int, closing: str, line: int) -> int:
    opening = script[position]
    depth = 0
    while position < len(script):
        letter = script[position]
        if letter == "\\":
            position += 1
        elif letter in "\"'`":
            position = _end_of_quote(script, position, line)
        elif letter == opening:
            depth += 1
        elif letter == closing:
            depth -= 1
            if depth == 0:
                return position + 1
        position += 1
    raise SyntaxProblem(f"a ${opening} without its end", file="script", line=line)


def _after_heredocs(script: str, position: int, heredocs: list[tuple[str, bool]]) -> int:
    """The offset after the bodies of heredocs; one without its end takes the rest, as in a shell."""
    for word, strip_tabs in heredocs:
        while position < len(script):
            end = script.find("\n", position)
            line = script[position : end if end >= 0 else len(script)]
            position += len(line) + 1
            if (line.lstrip("\t") if strip_tabs else line).rstrip("\r") == word:
                break
    return position
