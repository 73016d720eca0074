"""Where a script runs tests: directly, or through make targets and shell scripts of the repository."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from infraguard.collectors.repository.suites.makefiles import NAMES, make_arguments, read_makefile
from infraguard.collectors.repository.suites.programs import invocations, name_of, variables_of
from infraguard.model.errors import SyntaxProblem
from infraguard.readers.shell_outcome import Outcome, either_ignored, outcomes
from infraguard.readers.tree import Tree, Unreadable

_REPORTS = frozenset({"report", "html", "xml", "json", "lcov"})
_HIDING = frozenset({"tox", "nox", "make", "just", "task", "invoke", "inv", "hatch", "bash", "sh", "docker", "podman"})
_SPEAKS_OF_TESTS = re.compile(
    r"(?<![a-z])(?:py?test(?:s|ing)?|tests?|unit|integration|cov|coverage|check|ci|py\d+)(?![a-z])"
)
_SHEBANG = re.compile(rb"#!\s*\S*?(?:/env\s+(?:-S\s+)?)?(?:ba|da|k|z)?sh\b")
#: Words with which a program says something of itself, and runs nothing.
_QUESTIONS = frozenset(
    {"--version", "-V", "--help", "-h", "--list", "-l", "list", "--notest", "--collect-only", "--co"}
)
_SHELLS = frozenset({"bash", "sh", "source", "."})
#: Scripts and targets that call each other.
_MAX_DEPTH = 5


class Context(Struct, frozen=True):
    """Where a command stands: its folder, its variables, whether its failure counts, and the way to it.

    `followed` has the scripts and targets that the step has led to; each is followed once, however often it is named.
    """

    folder: str
    variables: Mapping[str, Any]
    followed: set[tuple[str, ...]]
    ignored: bool | None = False
    via: tuple[str, ...] = ()

    def follows(self, *what: str) -> bool:
        """Whether this is the first time that the step leads there; from now on it is not."""
        is_new = what not in self.followed
        self.followed.add(what)
        return is_new


class SuiteRun(Struct, frozen=True):
    """A command that runs tests or reports their coverage. `hidden` says why no more is known of it."""

    runner: str
    words: tuple[str, ...]
    line: int
    context: Context
    measured_by_coverage: bool = False
    hidden: str = ""


def speaks_of_tests(text: str) -> bool:
    """Whether a text names tests or coverage as a word of its own."""
    return bool(_SPEAKS_OF_TESTS.search(text))


def suite_runs(tree: Tree, commands: list[Outcome], context: Context) -> Iterator[SuiteRun]:
    """The test runs among the commands of a script, in their order, following `cd`, make targets and scripts."""
    for command in commands:
        here = msgspec.structs.replace(
            context,
            variables={**context.variables, **variables_of(command.words)},
            ignored=either_ignored(context.ignored, command.ignored),
        )
        chain = [words for words in invocations(command.words) if _QUESTIONS.isdisjoint(words[1:])]
        if chain and name_of(chain[0]) == "cd" and len(chain[0]) > 1:
            context = msgspec.structs.replace(context, folder=_joined(context.folder, chain[0][1]))
        elif chain and name_of(chain[0]) == "export":
            context = msgspec.structs.replace(context, variables={**context.variables, **variables_of(chain[0][1:])})
        elif run := _direct(chain, command.line, here):
            yield run
        elif chain and len(context.via) < _MAX_DEPTH:
            yield from _indirect(tree, chain[-1], command.line, here)


def _direct(chain: list[list[str]], line: int, context: Context) -> SuiteRun | None:
    measured = any(name_of(words) == "coverage" and words[1:2] == ["run"] for words in chain)
    for words in reversed(chain):
        runner = "pytest" if name_of(words) == "py.test" else name_of(words)
        if runner in ("pytest", "unittest"):
            return SuiteRun(runner, tuple(words), line, context, measured)
        if runner == "coverage" and words[1:2] and (words[1] in _REPORTS or words[1] == "run"):
            return SuiteRun("coverage", tuple(words), line, context, words[1] == "run")
    return None


def _indirect(tree: Tree, words: list[str], line: int, context: Context) -> Iterator[SuiteRun]:
    """What a make target or a script of the repository runs; what hides its tests is a hidden run."""
    name = name_of(words)
    try:
        if name == "make":
            yield from list(_made(tree, words, line, context))
        elif script := _script(tree, words, context.folder):
            yield from list(_scripted(tree, script, words, context))
        elif _may_hide_tests(tree, words, context.folder):
            yield SuiteRun(name, tuple(words), line, context, hidden=f"what {name} runs is not followed")
    except (SyntaxProblem, Unreadable) as error:
        why = error.problem.detail if isinstance(error, Unreadable) else error.why
        yield SuiteRun(name, tuple(words), line, context, hidden=f"what {name} runs cannot be read: {why}")


def _may_hide_tests(tree: Tree, words: list[str], folder: str) -> bool:
    """Whether a command may run tests by its name or its words: tox and its like, and programs of the repository."""
    name, arguments = name_of(words), " ".join(words[1:])
    if name in ("tox", "nox") and (not _chosen(words) or "$" in arguments):
        return True
    if name in ("docker", "podman") and {"run", "exec"}.isdisjoint(words):
        return False
    is_runner = name in _HIDING or name.startswith("python") or _joined(folder, words[0]) in tree
    return is_runner and speaks_of_tests(f"{name} {arguments}" if name not in _HIDING else arguments)


def _chosen(words: list[str]) -> bool:
    """Whether tox or nox are told which of their environments to run."""
    return any(word.startswith(("-e", "-s", "-m", "--session", "--env")) for word in words)


def _made(tree: Tree, words: list[str], line: int, context: Context) -> Iterator[SuiteRun]:
    asked = make_arguments(words[1:])
    if asked.only_shows:
        return
    folder, targets = _joined(context.folder, asked.folder), asked.targets
    names = (asked.file,) if asked.file else NAMES
    path = next((path for name in names if (path := _joined(folder, name)) in tree), None)
    speaks = speaks_of_tests(" ".join(targets))
    if path is None:
        if speaks:
            yield SuiteRun("make", tuple(words), line, context, hidden="no Makefile was found where make runs")
        return
    makefile = read_makefile(tree.read(path), asked.variables)
    for target in targets or list(makefile.needs)[:1]:
        if not context.follows(path, target):
            continue
        recipes = makefile.lines_of(target)
        found: list[SuiteRun] = []
        for recipe in recipes or []:
            via = (*context.via, f"{path}:{recipe.line}")
            ignored = True if recipe.ignored or asked.ignores_errors else context.ignored
            inner = msgspec.structs.replace(context, folder=folder, ignored=ignored, via=via)
            commands = outcomes(recipe.text, errexit=False, pipefail=False)
            found.extend(suite_runs(tree, commands, inner))
        if not found and speaks and (recipes is None or any("$(" in recipe.text for recipe in recipes)):
            hidden = f"what the target {target!r} of {path} runs could not be told"
            found = [SuiteRun("make", tuple(words), line, context, hidden=hidden)]
        yield from found


def _script(tree: Tree, words: list[str], folder: str) -> str | None:
    """The path of the shell script that a command runs, when the repository holds it."""
    named = words
    if name_of(words) in _SHELLS:
        named = [word for word in words[1:] if not word.startswith("-")]
    path = _joined(folder, named[0]) if named else ""
    if path not in tree:
        return None
    is_script = path.endswith((".sh", ".bash")) or named is not words
    return path if is_script or _SHEBANG.match(tree.read_bytes(path)[:80]) else None


def _scripted(tree: Tree, path: str, words: list[str], context: Context) -> Iterator[SuiteRun]:
    if not context.follows(path, context.folder):
        return
    text = tree.read(path)
    shebang = text.partition("\n")[0]
    inner = msgspec.structs.replace(context, via=(*context.via, path))
    options = " ".join(word for word in words[1:] if word.startswith("-"))
    if name_of(words) not in _SHELLS and shebang.startswith("#!"):
        options = shebang
    is_strict = bool(re.search(r"(?:\s|\A)-\w*e", options))
    yield from suite_runs(tree, outcomes(text, errexit=is_strict, pipefail=False), inner)


def _joined(folder: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(folder, path))
