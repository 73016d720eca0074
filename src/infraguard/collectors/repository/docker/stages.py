"""Dockerfiles: one `dockerfile_stage` for each `FROM`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from infraguard.collectors.repository.docker.values import expanded, healthcheck, pairs
from infraguard.collectors.repository.found import UNIT, Family, Found, at, each_file
from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import Resource, Source
from infraguard.model.values import Location, Unknown
from infraguard.readers.dockerfile import Dockerfile, Instruction, read_dockerfile
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree

KINDS = ("dockerfile_stage",)
_NAME = pattern(r"(?:.*[.-])?(?:dockerfile|containerfile)(?:[.-].*)?\Z", re.IGNORECASE)
#: Files named after a Dockerfile that are none: ignore lists, texts, and templates that give one.
_OTHER = pattern(
    r".*\.(?:dockerignore|md|rst|txt|html?|sh|py|go|js|ts|rb|rs|java|ya?ml|json|toml|j2|jinja2?|tmpl|tpl|template|erb|in)\Z",
    re.IGNORECASE,
)
_FROM = pattern(r"(\S+)(?:\s+as\s+(\S+))?\Z", re.IGNORECASE)
_STAGE_OR_MARK = pattern(r"(?mi)^[ \t]*FROM\s|\{[{%]|<%")
_COMMENT = pattern(r"(?m)^[ \t]*#.*$")
_INHERITED = ("user", "workdir", "cmd", "entrypoint", "healthcheck", "stopsignal")


class _Earlier(NamedTuple):
    """A stage that others may begin with: what is known of it, and its arguments and variables, which they inherit."""

    attributes: dict[str, Any]
    scope: dict[str, Any]


_NOTHING = _Earlier({}, {})


def _wants(path: str) -> bool:
    name = path.rpartition("/")[2]
    return bool(_NAME.match(name)) and not _OTHER.match(name)


def _is_fragment(path: str, text: str) -> bool:
    """Whether no image is built from a file: one of comments, kept for later, and lines that are added to Dockerfiles.

    These have a longer name, no stage, and no marks of a template.
    """
    is_plain = path.rpartition("/")[2].lower() in ("dockerfile", "containerfile")
    return not _COMMENT.sub("", text).strip() or (not is_plain and not _STAGE_OR_MARK.search(text))


def _is_told(tree: Tree, path: str) -> bool:
    """Whether a path only leads to another Dockerfile, under whose own name it is told."""
    return path in tree.links and _wants(tree.links[path]) and tree.links[path] in tree


def _read_stages(tree: Tree, path: str) -> Iterator[Resource]:
    text = tree.read(path)
    if _is_fragment(path, text):
        return
    dockerfile = read_dockerfile(text, path)
    arguments, stages = _split(dockerfile, path)
    earlier: dict[str, _Earlier] = {}
    for index, stage in enumerate(stages):
        attributes, places, scope = _stage(path, stage, arguments, earlier, dockerfile.escape)
        attributes = {"dockerfile": path, "index": index, "is_last": index == len(stages) - 1, **attributes}
        earlier[str(index)] = earlier[str(attributes.get("name", index)).lower()] = _Earlier(attributes, scope)
        yield Resource(
            kind="dockerfile_stage",
            id=f"{path}#{attributes.get('name', index)}",
            source=Source.REPO,
            unit=UNIT,
            attributes=attributes,
            location=at(path, stage[0].line, stage[0].end_line),
            places=places,
        )


def _split(dockerfile: Dockerfile, path: str) -> tuple[dict[str, Any], list[list[Instruction]]]:
    """The arguments before the first stage, and the stages."""
    arguments: dict[str, Any] = {}
    stages: list[list[Instruction]] = []
    for instruction in dockerfile.instructions:
        if instruction.name == "FROM":
            stages.append([instruction])
        elif stages:
            stages[-1].append(instruction)
        elif instruction.name == "ARG":
            _declare(instruction, arguments, {}, dockerfile.escape)
        else:
            why = f"{instruction.name} before the first FROM"
            raise SyntaxProblem(why, file=path, line=instruction.line)
    if not stages:
        raise SyntaxProblem("no FROM: there is no stage to build", file=path, line=1)
    return arguments, stages


def _stage(
    path: str,
    stage: list[Instruction],
    arguments: Mapping[str, Any],
    earlier: Mapping[str, _Earlier],
    escape: str,
) -> tuple[dict[str, Any], dict[str, Location], dict[str, Any]]:
    start = stage[0]
    match = _FROM.match(start.value)
    if not match:
        raise SyntaxProblem("FROM takes an image, and AS with a name", file=path, line=start.line)
    base = expanded(match[1], arguments, escape)
    parent, inherited = earlier.get(base.lower(), _NOTHING) if isinstance(base, str) else _NOTHING
    attributes: dict[str, Any] = {"base": match[1], "base_resolved": base, "env": dict(parent["env"]) if parent else {}}
    attributes |= {"name": match[2]} if match[2] else {}
    attributes |= {"base_stage": base} if parent else _image(base)
    attributes |= {key: parent[key] for key in _INHERITED if parent and key in parent}
    if platform := start.flag("platform"):
        attributes["platform"] = platform
    places = {"base": at(path, start.line, start.end_line)}
    scope = {**inherited, **attributes["env"]}
    for instruction in stage[1:]:
        for key in _apply(instruction, attributes, scope, arguments, escape):
            places[key] = at(path, instruction.line, instruction.end_line)
    attributes["instructions"] = [_as_data(instruction) for instruction in stage]
    return attributes, places, scope


def _apply(
    instruction: Instruction,
    attributes: dict[str, Any],
    scope: dict[str, Any],
    arguments: Mapping[str, Any],
    escape: str,
) -> tuple[str, ...]:
    """Puts what an instruction says into the attributes of its stage; gives the names it has set."""
    key = instruction.name.lower()
    if key == "arg":
        _declare(instruction, scope, {**arguments, **attributes["env"]}, escape)
        return ()
    if key in ("user", "workdir", "stopsignal"):
        attributes[key] = expanded(instruction.value, scope, escape)
    elif key == "env":
        found = {name: expanded(value, scope, escape) for name, value in pairs(instruction.value, escape)}
        attributes["env"] |= found
        scope |= found
    elif key in ("cmd", "entrypoint"):
        attributes[key] = instruction.items or instruction.value
    elif key == "healthcheck":
        attributes[key] = healthcheck(instruction)
    elif key == "expose":
        attributes[key] = [*attributes.get(key, []), *instruction.value.split()]
    else:
        return ()
    return (key,)


def _declare(instruction: Instruction, scope: dict[str, Any], outer: Mapping[str, Any], escape: str) -> None:
    """`ARG name=default` and `ARG name`, which takes the value it had before the first stage."""
    for name, default in pairs(instruction.value, escape, bare=True):
        if default is not None:
            scope[name] = expanded(default, {**outer, **scope}, escape)
        elif name not in scope:
            scope[name] = outer.get(name, _without_default(name))


def _without_default(name: str) -> Unknown:
    return Unknown(f"ARG {name} has no default", depends_on=(f"ARG {name}",), remedy="give the argument a default")


def _image(reference: str | Unknown) -> dict[str, Any]:
    """An image reference taken apart: `image`, `tag` and `digest`, as far as it has them."""
    if isinstance(reference, Unknown):
        return {"image": reference, "tag": reference, "digest": reference}
    rest, _, digest = reference.partition("@")
    head, slash, last = rest.rpartition("/")
    name, _, tag = last.partition(":")
    found = {"image": f"{head}{slash}{name}", "tag": tag, "digest": digest}
    return {key: value for key, value in found.items() if value}


def _as_data(instruction: Instruction) -> dict[str, Any]:
    found: dict[str, Any] = {
        "instruction": instruction.name,
        "value": instruction.value,
        "line": instruction.line,
        "end_line": instruction.end_line,
    }
    if instruction.flags:
        found["flags"] = [{"name": name, "value": value} for name, value in instruction.flags]
    if instruction.heredocs:
        found["heredocs"] = [heredoc.content for heredoc in instruction.heredocs]
    return found


def _read(tree: Tree) -> Found:
    return each_file(tree, lambda path: _wants(path) and not _is_told(tree, path), KINDS, _read_stages)


FAMILY = Family(KINDS, _wants, _read)
