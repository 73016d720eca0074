"""The commands of a shell script, and whether the failure of each ends the script. Nothing is run or expanded."""

from __future__ import annotations

from msgspec import Struct

from infraguard.model.errors import SyntaxProblem
from infraguard.readers.shell_tokens import Token, tokens

#: Groups inside each other; scripts of people need a handful.
MAX_DEPTH = 50
_OPENING = frozenset({"if", "while", "until", "for", "select", "case", "{", "("})
_CLOSING = {"if": "fi", "while": "done", "until": "done", "for": "done", "select": "done", "case": "esac"}
_CONDITION = frozenset({"if", "elif", "while", "until"})
_BREAKS = frozenset({"then", "do", "else", "elif", "in"})


class Simple(Struct, frozen=True):
    """A command with its words, assignments before it included."""

    words: tuple[str, ...]
    line: int


class Group(Struct, frozen=True):
    """Commands in brackets or in a compound such as `if`; `tested` lists are conditions.

    `opening` is the bracket or the word that begins it. The body of a function has none, and the function's name.
    """

    lists: tuple[tuple[tuple[AndOr, ...], bool], ...]
    opening: str = ""
    name: str = ""


class Pipeline(Struct, frozen=True):
    """Commands joined by `|`."""

    commands: tuple[Simple | Group, ...]
    negated: bool


class AndOr(Struct, frozen=True):
    """Pipelines joined by `&&` and `||`; `joints` stand between them."""

    pipelines: tuple[Pipeline, ...]
    joints: tuple[str, ...]
    background: bool


def parse_script(script: str) -> tuple[AndOr, ...]:
    """The script as lists of commands. Raises `SyntaxProblem` for what no POSIX shell would take."""
    parser = _Parser([token for token in tokens(script.replace("\r\n", "\n")) if token.text or token.quoted])
    result = parser.list_until(frozenset())
    if parser.peek() is not None:
        raise parser.problem("an end of something that did not begin")
    return result


class _Parser:
    """Recursive descent over tokens."""

    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._at = 0
        self._depth = 0

    def peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def problem(self, why: str) -> SyntaxProblem:
        token = self._tokens[min(self._at, len(self._tokens) - 1)] if self._tokens else None
        return SyntaxProblem(why, file="script", line=token.line if token else 1)

    def _is(self, *texts: str, operator: bool = False) -> bool:
        token = self.peek()
        return token is not None and token.text in texts and token.operator is operator and not token.quoted

    def _take(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def list_until(self, ends: frozenset[str]) -> tuple[AndOr, ...]:
        """Commands up to one of the closing words or `)`, which is not taken."""
        found: list[AndOr] = []
        while self.peek() is not None:
            if self._is("\n", ";", "&", operator=True):
                self._take()
            elif self._is(")", ";;", ";&", ";;&", operator=True) or self._is(*ends):
                break
            else:
                found.append(self._and_or())
        return tuple(found)

    def _and_or(self) -> AndOr:
        pipelines = [self._pipeline()]
        joints: list[str] = []
        while self._is("&&", "||", operator=True):
            joints.append(self._take().text)
            self._skip_newlines()
            pipelines.append(self._pipeline())
        return AndOr(tuple(pipelines), tuple(joints), background=self._is("&", operator=True))

    def _pipeline(self) -> Pipeline:
        negated = self._is("!")
        if negated:
            self._take()
        commands = [self._command()]
        while self._is("|", "|&", operator=True):
            self._take()
            self._skip_newlines()
            commands.append(self._command())
        return Pipeline(tuple(commands), negated)

    def _command(self) -> Simple | Group:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self.problem("nested too deeply")
        token = self.peek()
        if token is None or (token.operator and token.text != "("):
            raise self.problem("a command was expected")
        starts_group = not token.quoted and (token.text in _OPENING or token.operator)
        result = self._group(self._take().text) if starts_group else self._simple()
        self._depth -= 1
        return result

    def _simple(self) -> Simple | Group:
        line = self._tokens[self._at].line
        words: list[str] = []
        while (token := self.peek()) is not None and (not token.operator or "[[" in words[:1]):
            words.append(self._take().text)
            if words[0] == "[[" and token.text == "]]":
                break
            if words[0] == "function" and len(words) > 1 and (self._is("{") or self._is("\n", operator=True)):
                return self._function(words[1])
        if self._is("(", operator=True) and words[-1].endswith("="):  # an array
            self._skip_to_bracket()
        elif self._is("(", operator=True):  # `name () { ...; }`
            self._take()
            if not self._is(")", operator=True) or len(words) > 2:
                raise self.problem("a bracket that no shell takes here")
            self._take()
            return self._function(words[-1])
        return Simple(tuple(words), line)

    def _function(self, name: str) -> Group:
        """The body of a function; its caller decides on its failure."""
        self._skip_newlines()
        body = Pipeline((self._command(),), negated=False)
        return Group((((AndOr((body,), (), background=False),), True),), name=name)

    def _skip_to_bracket(self) -> None:
        while self.peek() is not None and not self._is(")", operator=True):
            self._take()
        self._close(")", operator=True)

    def _group(self, opening: str) -> Group:
        lists: list[tuple[tuple[AndOr, ...], bool]] = []
        if opening in ("(", "{"):
            lists.append((self.list_until(frozenset({"}"} if opening == "{" else ())), False))
            self._close("}" if opening == "{" else ")", operator=opening == "(")
        elif opening == "case":
            self._case(lists)
        else:
            if opening in ("for", "select"):
                while self.peek() is not None and not self._is("do"):
                    self._take()
            self._compound(opening, lists)
        return Group(tuple(lists), opening)

    def _compound(self, opening: str, lists: list[tuple[tuple[AndOr, ...], bool]]) -> None:
        closing = _CLOSING[opening]
        keyword = opening
        while not self._is(closing):
            if self.peek() is None:
                raise self.problem(f"{opening} without its {closing}")
            before = self._at
            lists.append((self.list_until(_BREAKS | {closing}), keyword in _CONDITION))
            if self._is(*_BREAKS):
                keyword = self._take().text
            if self._at == before:
                raise self.problem(f"{opening} without its {closing}")
        self._take()

    def _case(self, lists: list[tuple[tuple[AndOr, ...], bool]]) -> None:
        while self.peek() is not None and not self._is("esac"):
            while self.peek() is not None and not self._is(")", operator=True):  # the word, `in`, and a pattern
                if self._is("esac"):
                    self._take()
                    return
                self._take()
            if self.peek() is None:
                raise self.problem("case without its esac")
            self._take()
            lists.append((self.list_until(frozenset({"esac"})), False))
            self._skip_newlines(";;", ";&", ";;&")
        self._close("esac")

    def _close(self, text: str, *, operator: bool = False) -> None:
        if not self._is(text, operator=operator):
            raise self.problem(f"{text!r} was expected")
        self._take()

    def _skip_newlines(self, *others: str) -> None:
        while self._is("\n", *others, operator=True):
            self._take()
