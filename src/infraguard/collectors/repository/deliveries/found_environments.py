"""The environment that a script in an earlier job finds out of what started the workflow, and hands on as an output.

`if [[ "${{ github.ref }}" == "refs/heads/main" ]]; then ENV=prod; else ENV=dev; fi` is read line by line, for each
thing that may start the workflow. A script that does anything else with what it decides by is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Final

from infraguard.collectors.repository.actions.scenarios import Scenario
from infraguard.collectors.repository.suites.walked import Walk
from infraguard.model.evidence import Resource
from infraguard.readers.patterns import pattern

#: What stands for an environment that whoever starts the workflow chooses.
CHOSEN: Final = "\0"
_OUTPUT: Final = pattern(r"(?i)\bneeds\.([\w-]+)\.outputs\.([\w-]*(?:env|environment|stage)(?:[-_]?name)?)(?![\w-])")
_OF_STEP: Final = pattern(r"\s*\$\{\{\s*steps\.([\w-]+)\.outputs\.([\w-]+)\s*\}\}\s*\Z")
_ASSIGNED: Final = pattern(r"(?:export\s+)?(\w+)=(\"[^\"]*\"|'[^']*'|[^\s\"'();&|]*)\s*\Z")
_HANDED_ON: Final = pattern(
    r"echo\s+(?:\"([\w-]+)=([^\"]*)\"|([\w-]+)=(\S*))\s*>>\s*[\"']?\$\{?GITHUB_OUTPUT\}?[\"']?\s*\Z"
)
_COMPARED: Final = pattern(
    r"(?:(\"[^\"]*\"|'[^']*'|\S+)\s*(==?|!=)\s*(\"[^\"]*\"|'[^']*'|\S+)|-([nz])\s+(\"[^\"]*\"|'[^']*'|\S+))\s*\Z"
)
_TESTED: Final = pattern(r"\[\[?\s+(.*?)\s+\]\]?\s*\Z")
_EXPRESSION: Final = pattern(r"\$\{\{\s*([\w.-]+)\s*\}\}|\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))")
#: What the shell works out itself: a command in its place, and a variable of which it takes a part.
_WORKED_OUT: Final = pattern(r"[$`]")
_INPUT: Final = pattern(r"(?:github\.event\.)?inputs\.[\w-]+\Z")
#: What else decides by which way a script goes, and what ends it so that no job follows.
_OTHERWISE: Final = pattern(r"(?:case|for|while|until|function|select|exit|eval|source)\b|\.\s|\w+\s*\(\)|.*<<")
_FAILS: Final = pattern(r"exit\s+[1-9]\d*\s*\Z")
_VARIABLES: Final = {"GITHUB_REF": "github.ref", "GITHUB_REF_NAME": "github.ref_name"} | {
    "GITHUB_EVENT_NAME": "github.event_name",
    "GITHUB_BASE_REF": "github.base_ref",
}
#: What a script says where nothing is to be deployed.
NOWHERE: Final = frozenset({"", "none", "skip", "false", "null"})


class _NotReadError(Exception):
    """A script goes a way that these files do not tell."""


def output_taken(texts: Iterable[object]) -> tuple[str, str] | None:
    """The job and the output that a job takes its environment from; None where there is none, or not one alone."""
    found = {(each[1], each[2]) for text in texts for each in _OUTPUT.finditer(str(text))}
    return found.pop() if len(found) == 1 else None


def found_environments(walk: Walk, workflow: str, taken: tuple[str, str]) -> Mapping[Scenario, str]:
    """What an output of a job is, for each thing that may start its workflow; nothing where that cannot be read."""
    job = walk.workflows.jobs.get(f"{workflow}#{taken[0]}")
    outputs = job.attributes.get("outputs") if job else None
    source = _OF_STEP.match(str(outputs.get(taken[1], ""))) if isinstance(outputs, dict) else None
    if job is None or source is None:
        return {}
    script = _script(walk, job, source[1])
    started = walk.starts.of(workflow, job=job.id)
    try:
        return {each: _handed_on(script, each, source[2]) for each in started.answers if each.name in started.names()}
    except _NotReadError:
        return {}


def _script(walk: Walk, job: Resource, step: str) -> str:
    runs = (each.step.attributes for each in walk.workflows.steps(job))
    return next((str(each.get("run", "")) for each in runs if each.get("id") == step), "")


def _handed_on(script: str, scenario: Scenario, output: str) -> str:
    """What a script writes to an output, line by line. Raises `_NotReadError` where that is not told."""
    names = {name: str(value) for name, value in scenario.names().items()}
    variables = {name: names[full] for name, full in _VARIABLES.items()}
    found: str | None = None
    ways: list[tuple[bool, bool]] = []  # of each open `if`: whether this branch is gone, and whether one before it was
    for line in _lines(script):
        if _turns(line, ways, names, variables) or not all(each for each, _ in ways):
            continue
        if handed := _HANDED_ON.match(line):
            if output == (handed[1] or handed[3]):
                found = _filled(handed[2] or handed[4] or "", names, variables, scenario)
        elif assigned := _ASSIGNED.match(line):
            variables[assigned[1]] = _filled(_bare(assigned[2]), names, variables, scenario)
        elif _FAILS.match(line):
            return ""
        elif _OTHERWISE.match(line) or _touches(line, output, variables):
            raise _NotReadError
    if found is None or ways:
        raise _NotReadError
    return found


def _turns(line: str, ways: list[tuple[bool, bool]], names: Mapping[str, str], variables: Mapping[str, str]) -> bool:
    """Whether a line opens, turns or closes a branch, which `ways` then has."""
    word, _, condition = line.partition(" ")
    if word not in ("if", "elif", "else", "fi") or (word != "if" and not ways):
        return False
    before = any(ways.pop()) if word != "if" else False
    if word == "fi":
        return True
    goes = all(each for each, _ in ways) and not before
    ways.append((goes and (word == "else" or _holds(condition.strip(), names, variables)), before))
    return True


def _touches(line: str, output: str, variables: Mapping[str, str]) -> bool:
    """Whether a line that is not read may change what is handed on, or what that is made of."""
    is_output = "GITHUB_OUTPUT" in line and f"{output}=" in line
    return is_output or any(re.search(rf"\b{name}\+?=|\bread\b.*\b{name}\b", line) for name in variables)


def _lines(script: str) -> Iterable[str]:
    """The commands of a script, with `then` left out, which says nothing."""
    for line in script.replace("\\\n", " ").splitlines():
        for part in re.split(r";\s*(?=then\b|fi\b|else\b)", line):
            text = re.sub(r"\A(?:then|else)\s+(?=\S)", "", part.strip())
            if text and text != "then" and not text.startswith("#"):
                yield from (["else", text] if part.strip().startswith("else ") else [text])


def _holds(condition: str, names: Mapping[str, str], variables: Mapping[str, str]) -> bool:
    """Whether a condition holds. Raises `_NotReadError` for one that is more than comparisons of what is known."""
    inner = re.sub(r"\s*\]\]?\s*(\|\||&&)\s*\[\[?\s*", r" \1 ", condition)
    tested = _TESTED.match(inner)
    if tested is None:
        raise _NotReadError
    return any(
        all(_is_so(part.strip(), names, variables) for part in either.split("&&")) for either in tested[1].split("||")
    )


def _is_so(comparison: str, names: Mapping[str, str], variables: Mapping[str, str]) -> bool:
    asked = _COMPARED.match(re.sub(r"\$\{\{\s*([\w.-]+)\s*\}\}", r"${{\1}}", comparison))
    if asked is None:
        raise _NotReadError
    if asked[4]:
        return bool(_filled(_bare(asked[5]), names, variables)) is (asked[4] == "n")
    left, right = _filled(_bare(asked[1]), names, variables), _filled(_bare(asked[3]), names, variables)
    same = left == right if asked[3][0] in "\"'" else fnmatchcase(left, right)
    return same is (asked[2] != "!=")


def _filled(text: str, names: Mapping[str, str], variables: Mapping[str, str], scenario: Scenario | None = None) -> str:
    """A text with what is known put in; what whoever starts the workflow gives stands for itself alone."""

    def value(match: re.Match[str]) -> str:
        name = (match[1] or "").lower()
        if scenario is not None and _INPUT.match(name):
            return CHOSEN if scenario.event == "workflow_dispatch" else ""
        told = names.get(name) if name else variables.get(match[2] or match[3])
        if told is None:
            raise _NotReadError
        return told

    if _WORKED_OUT.search(_EXPRESSION.sub("", text)):
        raise _NotReadError
    found = _EXPRESSION.sub(value, text)
    if CHOSEN in found and found != CHOSEN:
        raise _NotReadError
    return found


def _bare(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text
