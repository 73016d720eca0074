"""Which commands of a shell script may fail without the script failing."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from infraguard.readers.patterns import pattern
from infraguard.readers.shell import AndOr, Group, Pipeline, Simple, parse_script
from infraguard.readers.shell_branches import Branches, Fate, branches_of, is_handed_on, simple_commands

_SUCCEEDS = frozenset({"true", ":", "echo", "printf"})
#: How a test asks for the code that a command ended with: `[ $? = 1 ]`. What has found something ends with one.
_TESTS = frozenset({"[", "[[", "test"})
_ASKS = pattern(r"\"?\$\?\"? (?P<how>==?|!=|-(?:eq|ne|gt|ge|lt|le)) \"?(?P<code>\d{1,3})\"?(?: \]\]?)?")
_COMPARISONS = {
    "=": operator.eq,
    "==": operator.eq,
    "-eq": operator.eq,
    "!=": operator.ne,
    "-ne": operator.ne,
    "-gt": operator.gt,
    "-ge": operator.ge,
    "-lt": operator.lt,
    "-le": operator.le,
}
#: A function of a script, and a way to end the script with a failure.
_FUNCTION = pattern(r"(?m)^[ \t]*(?:function[ \t]+)?([\w-]+)[ \t]*(?:\(\)[ \t]*)?\{([\s\S]*?)^[ \t]*\}")
_ENDS = pattern(r"\bexit[ \t]+(?!0\b)\S")
#: What stands before a command for it alone.
_ASSIGNED = pattern(r"[A-Za-z_]\w*\+?=")
#: A variable that takes what a command prints, and ends as that does.
_TAKEN = pattern(r"[A-Za-z_]\w*\+?=\$\([ \t]*([\w-]+)")
#: A variable that keeps how the command before it ended.
_KEPT = pattern(r"(?:export |readonly )?([A-Za-z_]\w*)=\$(?:\?|\{\?\}|\{PIPESTATUS\[\d\]\})")
#: From what counts to what does not.
_RANK = {False: 0, None: 1, True: 2}
#: Functions that call each other; scripts of people need a handful.
_MAX_CALLS = 6
_LEAVES = frozenset({"exit", "return"})
#: A command that is the arguments of the script: whoever calls it names the function.
_DISPATCH = pattern(r"(?:time )?\$\{?[@*1](?:[:}]|\s|\Z)")


class Outcome(Struct, frozen=True):
    """A simple command of a script. `ignored` says whether its failure leaves the script green; None: it depends.

    `within` names the functions by which alone it is reached, where nothing in the script calls them.
    """

    words: tuple[str, ...]
    line: int
    ignored: bool | None
    within: frozenset[str] = frozenset()


class _Options(Struct):
    """What `set` has switched on at this point of the script, and the functions of it, those first that may end it.

    `called` has the functions that have been called so far, with errexit or without, and how little it was ignored;
    `within` has those that are being run. `tested` counts the places around in which errexit means nothing, and `aside`
    the shells around that are not the script's own.
    """

    errexit: bool
    pipefail: bool
    ending: frozenset[str] = frozenset()
    functions: dict[str, Group] = {}
    called: dict[tuple[str, bool], int] = {}
    within: tuple[str, ...] = ()
    tested: int = 0
    aside: int = 0

    @property
    def ends(self) -> bool:
        """Whether a command that fails ends its shell: never where something asks for the outcome of the whole."""
        return self.errexit and not self.tested


def outcomes(script: str, *, errexit: bool, pipefail: bool) -> list[Outcome]:
    """The commands of a script in their order. Raises `SyntaxProblem` for what no POSIX shell would take.

    With `errexit` a failing command ends the script, but for the places POSIX excepts: before `&&` and `||`, behind
    `!`, in conditions, and, without `pipefail`, everything in a pipeline but its last command.
    """
    ending = frozenset(name for name, body in _FUNCTION.findall(script) if _ENDS.search(body))
    lists = parse_script(script)
    options = _Options(errexit, pipefail, ending, functions={each.name: each for each in _functions(lists)})
    found = list(_walk(lists, options, outer=False, last=True))
    called = {name for name, _ in options.called}
    asked = next((each for each in found if _DISPATCH.match(" ".join(each.words))), None)
    for name, body in options.functions.items():
        if name in called:
            continue
        if asked:  # by whoever calls the script, as its argument
            inside = _walk_body(body, options, outer=asked.ignored)
        else:  # by a trap, by another script, or by its name in a variable
            inside = _walk_group(body, options, outer=None, last=True)
        found += (replace(each, within=frozenset({name})) for each in inside)
    return _least_ignored(found) if options.called or asked else found


def _functions(lists: Sequence[AndOr]) -> Iterator[Group]:
    """The functions that a script defines, wherever."""
    waiting = [command for and_or in lists for pipeline in and_or.pipelines for command in pipeline.commands]
    while waiting:
        group = waiting.pop()
        if not isinstance(group, Group):
            continue
        if group.name:
            yield group
        inner = (and_or for inside, _ in group.lists for and_or in inside)
        waiting += [command for and_or in inner for pipeline in and_or.pipelines for command in pipeline.commands]


def _least_ignored(found: Sequence[Outcome]) -> list[Outcome]:
    """Each command once: what a function runs counts if it counts wherever the function is called."""
    kept: dict[tuple[tuple[str, ...], int], Outcome] = {}
    for each in found:
        before = kept.setdefault((each.words, each.line), each)
        least = min(before, each, key=lambda one: _RANK[one.ignored])
        within = before.within | each.within if before.within and each.within else frozenset[str]()
        kept[each.words, each.line] = replace(least, within=within)
    return list(kept.values())


def _walk(
    lists: Sequence[AndOr],
    options: _Options,
    *,
    outer: bool | None,
    last: bool,
    branches: Branches | None = None,
) -> Iterator[Outcome]:
    for index, and_or in enumerate(lists):
        is_last = last and index == len(lists) - 1
        for position, pipeline in enumerate(and_or.pipelines):
            if branches and index == len(lists) - 1:
                ignored = _ignored_asked(and_or, position, branches, options, outer)
            else:
                inner = _ignored_in(and_or, position, options, is_last=is_last)
                ends_list = "||" not in and_or.joints[position:]  # so does each part of `a && b`
                if inner is True and ends_list and index + 1 < len(lists):
                    inner = _unless_looked_at(and_or, lists[index + 1 :], options)
                ignored = inner if options.ends and not options.aside else either_ignored(outer, inner)
            is_tested = pipeline.negated or position < len(and_or.pipelines) - 1
            is_aside = and_or.background or len(pipeline.commands) > 1
            options.tested += is_tested
            options.aside += is_aside
            yield from _walk_pipeline(pipeline, options, outer=ignored, last=is_last or is_tested or is_aside)
            options.tested -= is_tested
            options.aside -= is_aside


def _walk_pipeline(pipeline: Pipeline, options: _Options, *, outer: bool | None, last: bool) -> Iterator[Outcome]:
    for index, command in enumerate(pipeline.commands):
        is_end = index == len(pipeline.commands) - 1
        ignored = outer if is_end or options.pipefail else True
        if isinstance(command, Simple):
            yield Outcome(command.words, command.line, ignored)
            _apply_set(command.words, options)
            yield from _walk_called(command, options, outer=ignored)
        elif not command.name:
            yield from _walk_group(command, options, outer=ignored, last=last and is_end)


def _walk_called(command: Simple, options: _Options, *, outer: bool | None) -> Iterator[Outcome]:
    """What the function runs that a command calls, if it is one of the script's own."""
    name = next((word for word in command.words if not _ASSIGNED.match(word)), "")
    if not name and (taken := _TAKEN.match(" ".join(command.words[-1:]))):
        name = taken[1]
    body = options.functions.get(name)
    if body is None or name in options.within or len(options.within) >= _MAX_CALLS:
        return
    if options.called.get((name, options.ends), len(_RANK)) <= _RANK[outer]:
        return
    options.called[name, options.ends] = _RANK[outer]
    options.within = (*options.within, name)
    yield from _walk_body(body, options, outer=outer)
    options.within = options.within[:-1]


def _walk_body(body: Group, options: _Options, *, outer: bool | None) -> Iterator[Outcome]:
    for inside, _ in body.lists:
        yield from _walk(inside, options, outer=outer, last=True)


def _walk_group(group: Group, options: _Options, *, outer: bool | None, last: bool) -> Iterator[Outcome]:
    is_aside = group.opening == "("
    options.aside += is_aside
    for index, (lists, is_tested) in enumerate(group.lists):
        branches = branches_of(group, index) if is_tested else None
        options.tested += is_tested
        yield from _walk(lists, options, outer=outer, last=last or is_tested or is_aside, branches=branches)
        options.tested -= is_tested
    options.aside -= is_aside


def _ignored_in(and_or: AndOr, position: int, options: _Options, *, is_last: bool) -> bool | None:
    """Whether a failure of the pipeline at `position` is ignored by what stands around it in its list."""
    if and_or.background or and_or.pipelines[position].negated:
        return True
    joints = and_or.joints[position:]
    if "||" in joints:
        return _is_rescued(and_or.pipelines[-1])
    if joints or not options.ends:
        return not is_last
    return False


def _ignored_asked(
    and_or: AndOr, position: int, branches: Branches, options: _Options, outer: bool | None
) -> bool | None:
    """Whether a failure is ignored of a command that `if` asks: what the branch does that it leads to decides."""
    is_negated = and_or.pipelines[position].negated
    leads_there = set(and_or.joints) <= ({"||"} if is_negated else {"&&"})
    told = (branches.taken if is_negated else branches.otherwise) if leads_there else Fate(None)
    if told.ends_script and not options.aside:
        return False
    return either_ignored(outer, told.ignored)


def _unless_looked_at(and_or: AndOr, later: Sequence[AndOr], options: _Options) -> bool | None:
    """Whether a failure is ignored. By `$?` a function that ends the script, or a test, may be told of it next."""
    if and_or.background or any(pipeline.negated for pipeline in and_or.pipelines):
        return True
    follower = later[0].pipelines[0].commands[0]
    if isinstance(follower, Simple) and (kept := _KEPT.fullmatch(" ".join(follower.words))):
        return is_handed_on(kept[1], later[1:])
    if isinstance(follower, Simple):
        asks = any("$?" in word for word in follower.words[1:])
        return not (asks and follower.words[0] in options.ending)
    tested = (simple for lists, is_tested in follower.lists if is_tested for simple in simple_commands(lists))
    return None if any("$?" in word for simple in tested for word in simple.words) else True


def _is_rescued(handler: Pipeline) -> bool | None:
    """Whether what follows `||` turns a failure into success."""
    last = handler.commands[-1]
    while isinstance(last, Group):
        if not last.lists or not last.lists[-1][0]:
            return None
        last = last.lists[-1][0][-1].pipelines[-1].commands[-1]
    program, *arguments = last.words or ("",)
    if program in _SUCCEEDS:
        return True
    if program in _LEAVES:
        return arguments == ["0"]
    if program in _TESTS and (asked := _ASKS.fullmatch(" ".join(arguments))):
        return bool(_COMPARISONS[asked["how"]](1, int(asked["code"])))
    return False if program == "false" else None


def either_ignored(outer: bool | None, inner: bool | None) -> bool | None:
    """Ignored by either; Kleene's or."""
    if outer is True or inner is True:
        return True
    return None if outer is None or inner is None else False


def _apply_set(words: tuple[str, ...], options: _Options) -> None:
    """What `set -e`, `set +e`, `set -euo pipefail` and the like switch."""
    if words[:1] != ("set",):
        return
    before = ""
    for word in words[1:]:
        if before.endswith("o") and word in ("errexit", "pipefail"):
            setattr(options, word, before.startswith("-"))
        elif word[:1] in ("-", "+") and "e" in word:
            options.errexit = word.startswith("-")
        before = word
