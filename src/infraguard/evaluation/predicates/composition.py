"""Predicates on Terraform roots and on tags: environments that are alike, names that exist, commands, tags."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.why import why_gaps, why_unread
from infraguard.evaluation.world import Item, World
from infraguard.model.environments import without_environment
from infraguard.model.evidence import GapReason, Resource
from infraguard.model.findings import Trace
from infraguard.model.listing import first_of
from infraguard.model.values import ABSENT, Denied, Unknown, Value, known
from infraguard.readers.patterns import pattern

ROOT: Final = "terraform_root"
#: What is composed for an environment: a root, or a folder of Terragrunt with the modules that it runs.
COMPOSED: Final = (ROOT, "terragrunt_environment")
_SHOWN: Final = 3
#: What patterns are made of beside words: a way to match, a class of letters, and the words.
_FLAGS: Final = pattern(r"\(\?\w+\)")
_CLASS: Final = pattern(r"\(?\[[^\]]*\][?+*]*\)?[?+*]*")
_WORD: Final = pattern(r"[A-Za-z][A-Za-z-]*[A-Za-z]")


def has_sibling_environment(item: Item, world: World) -> Trace:
    """Whether there is a root of another environment that this one should be like, and one of them holds something."""
    found = _siblings(item.resource, world)
    if not any(lookup(each.attributes, "composition") for each in (item.resource, *found)):
        return _trace(item, "environments", False, "nothing is made in any of them" if found else "no other")
    return _trace(item, "environments", bool(found), ", ".join(each.id for each in found) or "no other")


def like_other_environments(item: Item, world: World) -> Trace:
    """Whether the roots of other environments are composed of the same modules and resources as this one."""
    broken = [gap for gap in world.everything.gaps((ROOT,)) if gap.reason is GapReason.INVALID]
    if broken:
        return _trace(item, "difference", None, "not known", **why_gaps(tuple(broken)))
    others = _siblings(item.resource, world)
    every = [lookup(each.attributes, "composition") for each in (item.resource, *others)]
    untold = next((each for each in every if isinstance(each, Unknown)), None)
    if untold is not None:
        return _trace(item, "difference", None, "not known", **why_unread(untold))
    mine = set(every[0])
    for other, composition in zip(others, every[1:], strict=True):
        theirs = set(composition)
        if mine != theirs:
            missing, more = sorted(theirs - mine), sorted(mine - theirs)
            words = [f"lacks {first_of(missing, _SHOWN)}"] * bool(missing)
            words += [f"has {first_of(more, _SHOWN)} besides"] * bool(more)
            return _trace(item, "difference", False, f"beside {other.id} it {' and '.join(words)}")
    return _trace(item, "difference", True, "none")


def _siblings(root: Resource, world: World) -> list[Resource]:
    """The roots of other environments: in the same place but for the part of the path that names the environment."""
    kind = root.kind
    places = world.everything.once(f"{kind} by place", lambda: _by_place(world.everything.resources((kind,))))
    named = lookup(root.attributes, "environment_name")
    return [
        other
        for other in places[_place(root)]
        if other.id != root.id and lookup(other.attributes, "environment_name") not in (ABSENT, named)
    ]


def _by_place(roots: Sequence[Resource]) -> dict[str, list[Resource]]:
    places: dict[str, list[Resource]] = {}
    for root in roots:
        places.setdefault(_place(root), []).append(root)
    return places


def _place(root: Resource) -> str:
    """The path of a root with `*` where it names an environment, or counts accounts and regions."""
    parts = str(lookup(root.attributes, "path")).split("/")
    return "/".join(re.sub(r"\d+", "*", without_environment(part)) for part in parts)


def names_exist(item: Item, _: World) -> Trace:
    """Whether the AWS provider has every resource type and argument that a root uses, as far as one version tells."""
    entries = [entry for entry in lookup(item.value, "unknown_names") if isinstance(entry, dict)]
    wrong = [
        f"{entry['name']} ({entry['place']}), where {entry['meant']} is meant" for entry in entries if "meant" in entry
    ]
    if wrong:
        return _trace(item, "names", False, "; ".join(wrong))
    if not entries:
        return _trace(item, "names", True, "all exist")
    names = first_of([f"{entry['name']} ({entry['place']})" for entry in entries], _SHOWN)
    if lookup(item.value, "has_known_provider") is True:
        return _trace(item, "names", False, names)
    return _trace(
        item,
        "names",
        None,
        names,
        reason=f"the version of the AWS provider that is known here does not have {names}",
        remedy="run terraform validate with the version that is locked",
        depends_on=tuple(str(entry["name"]) for entry in entries),
    )


def runs_no_command(item: Item, _: World, commands: Value) -> Trace:
    """Whether no provisioner of a root runs a command that the pattern matches."""
    found = []
    for entry in lookup(item.value, "outside_commands"):
        text = " ".join(str(entry["command"]).replace("\\\n", " ").split())
        if match := re.search(str(commands), text):
            shown = re.match(r"[\w-]+(?:\s+[\w-]+){0,2}", text[match.start() :])
            found.append(f"`{shown[0] if shown else match[0]}` in {entry['name']} ({entry['place']})")
    return _trace(item, "made_by", not found, first_of(found, _SHOWN) or "none")


def has_tags(item: Item, _: World, patterns: Value) -> Trace:
    """Whether the tags of a resource, those that its provider adds among them, have keys that match the patterns."""
    tags = next((found for name in ("tags_all", "tags", "tag") if (found := _tags(item, name)) is not ABSENT), ABSENT)
    if isinstance(tags, (Unknown, Denied)):
        return _trace(item, "tags", None, "not known", **why_unread(tags))
    keys = list(tags) if isinstance(tags, dict) else []
    missing = [str(text) for text in patterns if not any(re.search(str(text), str(key)) for key in keys)]
    lacking = ", nor one ".join(map(_named, missing))
    words = ", ".join(map(str, keys)) or "none"
    return _trace(item, "tags", not missing, f"no tag {lacking} (its tags: {words})" if missing else words)


def _named(wanted: str) -> str:
    """What a pattern of keys asks for, in words: `(?i)owner|team` is "named like owner or team"."""
    plain = _CLASS.sub("-", _FLAGS.sub("", wanted))
    *others, last = dict.fromkeys(_WORD.findall(plain)) or [wanted]
    return f"named like {', '.join(others)} or {last}" if others else f"named like {last}"


def _tags(item: Item, name: str) -> Value:
    """Tags by key; a group of hosts has them as blocks."""
    value = known(lookup(item.value, name))
    if isinstance(value, list):
        if any(isinstance(each, (Unknown, Denied)) for each in value):
            return next(each for each in value if isinstance(each, (Unknown, Denied)))
        return {str(each.get("key")): each.get("value") for each in value if isinstance(each, dict)}
    return value


def _trace(item: Item, path: str, truth: bool | None, observed: str, **why: Any) -> Trace:
    return Trace(operator="composition", truth=truth, path=path, observed=observed, location=item.place(path), **why)
