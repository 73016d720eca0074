"""`container_image`: what the last stage of a Dockerfile becomes, with all that it inherits from earlier stages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from msgspec.structs import replace

from infraguard.collectors.repository.compose.builds import services_built_from
from infraguard.collectors.repository.docker.bases import base_of, runs_as
from infraguard.collectors.repository.docker.beginnings import is_base
from infraguard.collectors.repository.docker.installed import build_tools_in, builds_something, programs_in
from infraguard.collectors.repository.docker.migrating import migrates_at_start, only_migrates
from infraguard.collectors.repository.docker.places import Copies
from infraguard.collectors.repository.docker.probes import probe
from infraguard.collectors.repository.docker.purposes import (
    beside_production,
    develops,
    is_aside,
    is_engine,
    is_released,
    is_trial,
    only_for_tests,
    starts_development,
)
from infraguard.collectors.repository.docker.secrets import secrets_in
from infraguard.collectors.repository.docker.serving import program_of, serves
from infraguard.collectors.repository.docker.stages import FAMILY as STAGES
from infraguard.collectors.repository.docker.starting import start_of
from infraguard.collectors.repository.found import UNIT, Family, Found
from infraguard.collectors.repository.nature.applications import PYTHON_FRAMEWORKS, applications
from infraguard.model.evidence import Resource, Source
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree

KINDS: Final = ("container_image",)
#: Images of functions: Lambda starts them as a user of its own, and asks for the health of none.
_FUNCTIONS = pattern(r"(?:public\.ecr\.aws/lambda|(?:public\.ecr\.aws/sam|amazon)/(?:aws-lambda|build|emu)-?)")
_RUNTIME_CLIENTS = ("awslambdaric", "aws-lambda-ric")
_HANDLER = pattern(r"[\w-]\.(?:lambda_)?handler\b")
_FROM_STAGE = pattern(r"[\w.-]+\Z")


def images_of(tree: Tree, stages: Iterable[Resource]) -> Iterator[Resource]:
    """One image for each Dockerfile among the stages."""
    by_file: dict[str, list[Resource]] = {}
    for stage in stages:
        if stage.kind == "dockerfile_stage":
            by_file.setdefault(str(stage.attributes["dockerfile"]), []).append(stage)
    tests = only_for_tests(tree) if by_file else frozenset()
    images: list[Resource] = []
    for path, found in by_file.items():
        for_tests = path in tests and not _starts(found[-1])
        for_development = starts_development(found[-1]) and beside_production(path, by_file)
        for_people = develops(str(found[-1].attributes.get("base", "")))
        images.append(
            _image(
                tree,
                path,
                found,
                for_others=is_aside(path, _name(_served(found))) or for_tests or for_development or for_people,
            )
        )
    yield from _with_the_only_one(tree, images)


def _with_the_only_one(tree: Tree, images: list[Resource]) -> Iterator[Resource]:
    """The images; the only one of a service answers its requests, though what starts it stands where it is run."""
    of_service = [each for each in images if each.attributes["purpose"] == "service"]
    is_python = any(each.framework in PYTHON_FRAMEWORKS for each in applications(tree))
    for image in images:
        is_open = isinstance(image.attributes["serves"], Unknown) and "program" not in image.attributes
        if is_open and of_service == [image] and is_python and image.attributes["starts_nothing"]:
            yield replace(image, attributes={**image.attributes, "serves": True})
        else:
            yield image


def _image(tree: Tree, path: str, stages: list[Resource], *, for_others: bool) -> Resource:
    last = _served(stages)
    line = _line_of(last, stages)
    base = base_of(line[0].attributes)
    starts = any(map(_starts, line))
    for_service = "database" if is_engine(str(base.get("base", ""))) and not starts else "service"
    attributes: dict[str, Any] = {
        "dockerfile": path,
        "purpose": "other" if for_others or is_base(tree, path, line) else for_service,
        "stages": len(stages),
        "takes_from_stages": _takes_from_stages(line, len(stages)),
        "starts_nothing": not starts,
        **base,
    }
    attributes["is_function"] = _is_function(line, str(attributes.get("base", ""))) or _handles(line, stages)
    attributes["build_tools"] = build_tools_in(line, attributes)
    attributes["builds_something"] = builds_something(stages) or bool(attributes["build_tools"])
    attributes["user"] = runs_as(line, attributes)
    attributes |= _started(tree, path, line, stages)
    health = last.attributes.get("healthcheck")
    if health is not None:
        attributes["healthcheck"] = {**health, **probe(health, programs_in(line, attributes))}
    attributes |= secrets_in(tree, path, stages, line)
    places = {"base": line[0].location, **dict.fromkeys(attributes, last.location), **last.places}
    return Resource(
        kind="container_image",
        id=path,
        source=Source.REPO,
        unit=UNIT,
        attributes=attributes,
        location=last.location,
        places=places,
    )


def _started(tree: Tree, path: str, line: list[Resource], stages: list[Resource]) -> dict[str, Any]:
    """Whether what the image starts answers requests, and whether it migrates the schema."""
    copies = Copies(tree, path, stages)
    start = start_of(tree, line, copies)
    has_ports = any(service.get("ports") for service in services_built_from(tree, path))
    program = program_of(start, copies)
    return {
        **({"program": program} if program else {}),
        "serves": has_ports or serves(tree, line, start, copies),
        "migrates_at_start": migrates_at_start(tree, start),
        "only_migrates": only_migrates(start),
    }


def _served(stages: list[Resource]) -> Resource:
    """The stage that the service runs: the last one, or the last that starts something else than a function.

    Stages for tests and for development, that stand behind the one for production, are built by their names only.
    """
    stages = _without_trials(stages)
    for stage in reversed(stages):
        line = _line_of(stage, stages)
        if (_starts(stage) or stage is stages[-1]) and not _is_function(
            line, str(base_of(line[0].attributes).get("base", ""))
        ):
            return stage
    return stages[-1]


def _without_trials(stages: list[Resource]) -> list[Resource]:
    """The stages up to the last that is not called after testing or developing, where that one is to be run."""
    index = next((n for n in reversed(range(len(stages))) if not is_trial(_name(stages[n]))), len(stages) - 1)
    is_run = _starts(stages[index]) or is_released(_name(stages[index]))
    return stages[: index + 1] if is_run else stages


def _name(stage: Resource) -> str:
    return str(stage.attributes.get("name", ""))


def _starts(stage: Resource) -> bool:
    return any(each["instruction"] in ("CMD", "ENTRYPOINT") for each in stage.attributes["instructions"])


def _is_function(line: Iterable[Resource], base: str) -> bool:
    """Whether the image starts with Lambda's base, or has what asks Lambda for events."""
    written = (str(each["value"]) for stage in line for each in stage.attributes["instructions"])
    return bool(_FUNCTIONS.match(base)) or any(client in text for text in written for client in _RUNTIME_CLIENTS)


def _handles(line: Iterable[Resource], stages: list[Resource]) -> bool:
    """Whether it starts a handler and takes over a stage that installs what asks Lambda for events."""
    instructions = [each for stage in line for each in stage.attributes["instructions"]]
    starts = [str(each["value"]) for each in instructions if each["instruction"] in ("CMD", "ENTRYPOINT")]
    taken = [flag["value"] for each in instructions for flag in each.get("flags", []) if flag["name"] == "from"]
    return any(_HANDLER.search(text) for text in starts) and any(
        _is_function(_line_of(stage, stages), "") for stage in stages if stage.attributes.get("name") in taken
    )


def _line_of(last: Resource, stages: list[Resource]) -> list[Resource]:
    """The stages that the last one is made of, the first of them first: `FROM` leads from one to another."""
    by_name = {str(stage.attributes.get("name", index)).lower(): stage for index, stage in enumerate(stages)}
    by_name |= {str(index): stage for index, stage in enumerate(stages)}
    line = [last]
    while (parent := line[0].attributes.get("base_stage")) and str(parent).lower() in by_name:
        line.insert(0, by_name[str(parent).lower()])
    return line


def _takes_from_stages(line: list[Resource], count: int) -> bool:
    """Whether the image copies what other stages of the file built."""
    if count == 1:
        return False
    return any(
        flag["name"] == "from" and _FROM_STAGE.match(flag["value"])
        for stage in line
        for instruction in stage.attributes["instructions"]
        if instruction["instruction"] in ("COPY", "RUN")
        for flag in instruction.get("flags", [])
    ) or any("--mount=type=bind" in str(flag) for stage in line for flag in _mounts(stage))


def _mounts(stage: Resource) -> Iterator[str]:
    for instruction in stage.attributes["instructions"]:
        for flag in instruction.get("flags", []):
            if flag["name"] == "mount" and "from=" in flag["value"]:
                yield f"--mount={flag['value']}"


def _read(tree: Tree) -> Found:
    stages = STAGES.read(tree)
    return Found(tuple(images_of(tree, stages.resources)), tuple(replace(gap, kinds=KINDS) for gap in stages.gaps))


FAMILY = Family(KINDS, STAGES.wants, _read)
