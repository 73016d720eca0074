"""Images that workflows build: by which step, whether they are pushed, and whether their digest is handed on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from infraguard.collectors.repository.actions.expressions import Grade, condition_of
from infraguard.collectors.repository.actions.starts import Started
from infraguard.collectors.repository.suites.followed import Command
from infraguard.collectors.repository.suites.programs import name_of
from infraguard.collectors.repository.suites.walked import Walk, Walked
from infraguard.model.evidence import Resource
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern

#: Docker's action, and those of services that build elsewhere under the same name and with the same settings.
_BUILDERS = pattern(r"[\w.-]+/(?:build-push-action|bake-action|buildah-build)(?:@|\Z)")
#: Actions that build an image and push it to ECR, whatever they are told.
_TO_ECR = pattern(r"(?:kciter/aws-ecr-action|jwalton/gh-ecr-push|appleboy/docker-ecr-action)(?:@|\Z)")
#: Actions that are named after building images, of which nothing else is known.
_NAMED = pattern(
    r"[\w.-]+/(?![\w.-]*(?:setup|login|metadata|cache|scan|cleanup|delete|prune|retag|tag|sign|attest))[\w./-]*"
    r"(?:build(?:er)?[\w-]*(?:docker|container|image|ghcr|ecr|oci)|(?:docker|container|image|ghcr|ecr|oci)[\w-]*build)[\w./-]*(?:@|\Z)"
)
_PRINTED = pattern(r"(?m)^[ \t]*echo\b[^\n>|]*$")
_PROGRAMS = frozenset({"docker", "podman", "buildah", "docker-compose"})


def image_builds(walk: Walk) -> Iterator[Resource]:
    """One `image_build` a step that builds one, in the order of the workflows."""
    seen: set[str] = set()
    for walked in walk.steps:
        job = (other for other in walk.of_job(walked.running.job.id) if other.order >= walked.order)
        attributes = _of_action(walked) or _of_commands(walked, job)
        if attributes and walked.running.step.id not in seen:
            seen.add(walked.running.step.id)
            yield _resource(walk, walked, attributes)


def _of_action(walked: Walked) -> dict[str, Any] | None:
    uses = walked.running.uses
    name = uses.partition("@")[0]
    if _TO_ECR.match(uses.lower()):
        return {"by": name, "pushes": True, "context": str(walked.running.settings.get("path", "."))}
    if not _BUILDERS.match(uses.lower()):
        unread = Unknown(
            f"what {name} does stands in another repository", (name,), remedy="build and push with docker's own action"
        )
        is_named = _NAMED.match(uses.lower()) and not uses.startswith(".")
        return {"by": name, "pushes": unread, "context": "."} if is_named else None
    settings = walked.running.settings
    push = str(settings.get("push", "false")).lower()
    outputs = str(settings.get("outputs", ""))
    pushes: Any = push == "true" or "push=true" in outputs or "type=registry" in outputs
    if "${{" in push:
        pushes = _asked(str(settings.get("push")), walked.started)
    return {"by": name, "pushes": pushes, "context": str(settings.get("context", "."))}


def _asked(push: str, started: Started) -> bool | Unknown:
    """Whether an expression lets some start push: one for pull requests that push nothing is the usual."""
    starts = [scenario for scenario, answer in started.answers.items() if answer.grade is not Grade.NEVER]
    grades = {condition_of(push, scenario.names()).grade for scenario in starts}
    if Grade.ALWAYS in grades:
        return True
    if grades == {Grade.NEVER}:
        return False
    return Unknown(f"push is {push}", depends_on=(push,), remedy="write whether the image is pushed")


def _of_commands(walked: Walked, later: Iterable[Walked]) -> dict[str, Any] | None:
    """What commands of a step build; a later step of the job may push it."""
    built = [command for command in walked.commands if _builds(command)]
    if not built:
        return None
    beside = (command for other in later for command in other.commands)
    pushed = any("--push" in command.words for command in built) or any(_pushes(command) for command in beside)
    return {"by": " ".join(built[0].words[:3]), "pushes": pushed, "context": built[0].words[-1]}


def _builds(command: Command) -> bool:
    words = command.words
    return name_of(words) in _PROGRAMS and "build" in words[1:3] and "compose" not in words[1:2]


def _pushes(command: Command) -> bool:
    return name_of(command.words) in _PROGRAMS and "push" in command.words[1:3]


def _without_prints(walked: Walked) -> str:
    """What a step says, but for what it only prints into its log."""
    attributes = walked.running.written.attributes
    said = (str(attributes.get(key, "")) for key in ("with", "env"))
    return " ".join([_PRINTED.sub("", str(attributes.get("run", ""))), *said])


def _resource(walk: Walk, walked: Walked, attributes: dict[str, Any]) -> Resource:
    step = walked.running.step
    own = str(step.attributes.get("id", ""))
    outputs = str(walked.running.job.attributes.get("outputs", ""))
    later = [other for other in walk.steps if other.running.job.id == walked.running.job.id]
    texts = [outputs, *(_without_prints(other) for other in later)]
    digest = "digest" in outputs or any(f"steps.{own}.outputs.digest" in text for text in texts if own)
    found = {
        **walked.attributes(walk.main),
        **attributes,
        "hands_on_digest": digest,
        "starts_on": walked.started.names(),
    }
    return walked.resource("image_build", "/image", found)
