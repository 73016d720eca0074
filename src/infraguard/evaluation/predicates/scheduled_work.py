"""A predicate on schedules: whether what one starts is work of some kind, by what that says more than by its name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.predicates.containers import TASKS
from infraguard.evaluation.predicates.documents import NoDocument, document_at
from infraguard.evaluation.relations import refers
from infraguard.evaluation.why import why_unread
from infraguard.evaluation.world import Item, World
from infraguard.model.evidence import Resource
from infraguard.model.findings import Trace
from infraguard.model.values import ABSENT, Denied, Unknown, Value, known
from infraguard.readers.patterns import pattern

_RULE_TARGET: Final = "aws_cloudwatch_event_target"
_FUNCTION: Final = "aws_lambda_function"
_MACHINE: Final = "aws_sfn_state_machine"
#: What a schedule may start, beside it: its texts, the documents in which it says what it runs, and how it is named.
_WORK: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    _FUNCTION: (
        ("function_name", "description", "handler", "filename", "s3_key", "image_uri", "image_config.command"),
        (),
    ),
    TASKS: (("family",), ("container_definitions",)),
    _MACHINE: (("name",), ("definition",)),
    "aws_batch_job_definition": (("name",), ("container_properties",)),
    "aws_codebuild_project": (("name", "description", "source.buildspec"), ()),
}
#: What the predicate looks at besides the schedule.
READS: Final = (_RULE_TARGET, *_WORK)
#: Where a target says what it starts: by an ARN, or the task of ECS that it runs.
_LEADS: Final = ("arn", "ecs_parameters.task_definition_arn", "ecs_target.task_definition_arn")
#: Where a target says it in words, as documents.
_INPUTS: Final = ("input", "input_transformer.input_template")
_VARIABLES: Final = frozenset({"environment", "secrets", "env"})
#: What may be a secret in a command: a value behind `=` or a colon, and a password in an address.
_GIVEN: Final = pattern(r"(?<=[=])\S+|(?<=://)[^\s/@]+(?=@)|(?<=\w:)[^\s:/]{12,}")
_LONGEST: Final = 80
_COMMANDS: Final = frozenset({"command", "entrypoint"})
_WORD: Final = pattern(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
#: Words that say when or that something runs, and nothing of what.
_IDLE: Final = frozenset(
    {"a", "app", "application", "arn", "aws", "batch", "bin", "bash", "cloudwatch", "code", "container", "cron"}
    | {"crontab", "daily", "day", "default", "dev", "ecs", "event", "eventbridge", "events", "every", "execute"}
    | {"for", "function", "handler", "hour", "hourly", "http", "image", "index", "job", "jobs", "lambda", "main"}
    | {"midnight", "month", "monthly", "morning", "night", "nightly", "of", "once", "periodic", "prod", "production"}
    | {"py", "python", "rule", "run", "runner", "s", "schedule", "scheduled", "scheduler", "service", "sh", "staging"}
    | {"target", "task", "tasks", "test", "the", "this", "timer", "trigger", "triggers", "week", "weekly", "worker"}
    | {"zip"}
)


class _Started(NamedTuple):
    """What a schedule starts: texts about it, the commands among them, and why more of it is not known."""

    texts: tuple[str, ...]
    commands: tuple[str, ...]
    hidden: dict[str, Any]


def starts_work_named(item: Item, world: World, names: Value) -> Trace:
    """Whether what a schedule starts is named so: its command, input, function, container, or what they run.

    Its own name decides as far as nothing else says what it starts. Where its name says one thing and the command that
    it runs another, or nothing says more than that it runs, it is open.
    """
    wanted = re.compile(str(names))
    started = _started(item.resource, world)
    for text in started.texts:
        if found := wanted.search(text):
            return _trace(item, True, _around(text, found))
    own, unread = _own(item.resource)
    named = next((text for text in own if wanted.search(text)), "")
    command = _shown(next((text for text in started.commands if _words(text)), ""))
    if named and command:
        return _open(item, command, f"{named} says so, and the command that it starts does not: {command}")
    if named:
        return _trace(item, True, named)
    if unread is not ABSENT:
        return _trace(item, None, "not known", **why_unread(unread))
    if started.hidden and not command:
        return _trace(item, None, "not known", **started.hidden)
    if not any(map(_words, (*own, *started.texts))):
        return _open(item, own[0], f"nothing tells what {item.resource.id} starts")
    said = command or _shown(next(filter(_words, started.texts), "")) or next(filter(_words, own), own[0])
    return _trace(item, False, said)


def _own(schedule: Resource) -> tuple[list[str], Value]:
    """What a schedule is called, and its name where that cannot be read."""
    values = [known(lookup(schedule.attributes, name)) for name in ("name", "description")]
    label = schedule.id.rpartition(".")[2]
    return [label, *_texts(values)], values[0] if isinstance(values[0], (Unknown, Denied)) else ABSENT


def _started(schedule: Resource, world: World) -> _Started:
    texts: list[str] = []
    commands: list[str] = []
    hidden: dict[str, Any] = {}
    for target, prefix in _targets(schedule, world):
        for path in _INPUTS:
            hidden = hidden or _read(target, f"{prefix}{path}", texts, commands)
        for path in _LEADS:
            work = _work_at(target, f"{prefix}{path}", world)
            for each in work:
                hidden = hidden or _tell(each, texts, commands)
            led = known(lookup(target.attributes, f"{prefix}{path}"))
            if not work and isinstance(led, (Unknown, Denied)) and not _is_cluster(led):
                hidden = hidden or why_unread(led)
            elif not work and isinstance(led, str) and ":cluster/" not in led:
                texts.append(led.rpartition(":")[2])
    return _Started(tuple(texts), tuple(commands), hidden)


def _targets(schedule: Resource, world: World) -> Iterator[tuple[Resource, str]]:
    """Where a schedule says what it starts: in itself, or in the targets that are given to it."""
    if lookup(schedule.attributes, "target") is not ABSENT:
        yield schedule, "target."
    for target in world.unit.referring((_RULE_TARGET,), "rule", schedule):
        if refers(target, "rule", schedule) is True:
            yield target, ""


def _work_at(target: Resource, path: str, world: World) -> list[Resource]:
    kinds = tuple(_WORK)
    return [each for each in world.unit.named(kinds).by(target, path) if refers(target, path, each) is True]


def _is_cluster(arn: Unknown | Denied) -> bool:
    """Whether an ARN that is not known is that of the cluster in which a task of ECS runs, which is another field."""
    causes = arn.depends_on if isinstance(arn, Unknown) else ()
    return any("cluster" in cause for cause in causes)


def _tell(work: Resource, texts: list[str], commands: list[str]) -> dict[str, Any]:
    """Add what a piece of work says of itself; why it may say more."""
    plain, documents = _WORK[work.kind]
    texts.append(work.id.rpartition(".")[2])
    for path in plain:
        said = list(_texts([known(lookup(work.attributes, path))]))
        texts += said
        if path == "image_config.command":
            commands += said
    hidden: dict[str, Any] = {}
    for path in documents:
        hidden = hidden or _read(work, path, texts, commands)
    return hidden


def _read(resource: Resource, path: str, texts: list[str], commands: list[str]) -> dict[str, Any]:
    """Add what a document says, and its commands; why more of it is not known."""
    try:
        document = document_at(resource, path)
    except NoDocument as error:
        text = known(lookup(resource.attributes, path))
        texts += _texts([text])  # an input may be no JSON
        return {} if isinstance(text, str) else error.why
    found = list(_texts([document]))
    texts += found
    told = list(_commands(document))
    commands += [text for text in told if isinstance(text, str)]
    unread = next((each for each in told if isinstance(each, (Unknown, Denied))), None)
    return why_unread(unread)


def _commands(document: Value) -> Iterator[Value]:
    """The commands in a document, each as one text, or the marker of one that is not known."""
    document = known(document)
    if isinstance(document, list):
        for each in document:
            yield from _commands(each)
    if not isinstance(document, dict):
        return
    for key, value in document.items():
        if key.lower().partition(".")[0] not in _COMMANDS:
            yield from _commands(value)
        elif isinstance(known(value), (Unknown, Denied)):
            yield known(value)
        else:
            yield " ".join(_texts([value]))


def _texts(values: Iterable[Value]) -> Iterator[str]:
    """Every text in values, at any depth, but for variables: what they hold is no work, and may be a secret."""
    for value in map(known, values):
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from _texts(held for key, held in value.items() if key.lower() not in _VARIABLES)
        elif isinstance(value, list):
            yield from _texts(value)


def _around(text: str, found: re.Match[str]) -> str:
    """The word of a text in which a name was found."""
    start = text.rfind(" ", 0, found.start()) + 1
    end = text.find(" ", found.end())
    return _shown(text[start:end] if end >= 0 else text[start:])


def _shown(text: str) -> str:
    """A text as messages may have it: without what is given to options and addresses, and not too long."""
    return _GIVEN.sub("…", " ".join(text.split()))[:_LONGEST]


def _words(text: str) -> list[str]:
    """The words of a text that say something of what it is about."""
    return [word for word in _WORD.findall(text) if word.lower() not in _IDLE]


def _open(item: Item, observed: str, reason: str) -> Trace:
    remedy = "name the schedule, its command or its input for what it makes"
    return _trace(item, None, observed, reason=reason, remedy=remedy, depends_on=(item.resource.id,))


def _trace(item: Item, truth: bool | None, observed: str, **why: Any) -> Trace:
    return Trace(
        operator="starts", truth=truth, path="starts", observed=observed, location=item.resource.location, **why
    )
