"""What a base image is: how small, how pinned, and whom it runs as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from infraguard.collectors.repository.docker.official import OFFICIAL
from infraguard.collectors.repository.docker.users import user_of
from infraguard.model.evidence import Resource
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern

_SLIM = pattern(
    r"(?:^|[-_.:])(?:slim|alpine[\d.]*|minimal|distroless|nonroot|static|micro|wolfi|chiselled)(?:$|[-_.:])"
)
#: Images that are small whatever their tag says.
_SMALL: Final = ("scratch", "alpine", "busybox", "cgr.dev/", "gcr.io/distroless/", "chainguard/", "dhi.io/")
#: Images of programs that their makers build on nothing, on BusyBox or on Alpine, whatever the tag says.
_SMALL_PROGRAMS = pattern(
    r"(?:prom/|grafana/(?:grafana|loki|tempo|mimir|promtail|alloy)(?:\Z|-)|traefik\Z|caddy\Z|registry\Z|nats\Z|vault\Z"
    r"|hashicorp/|otel/opentelemetry-collector|eclipse-mosquitto\Z|minio/|ghcr\.io/zitadel/|quay\.io/prometheus/)"
)
_LARGE_TAG = pattern(r"(?:^|[-_.])dev(?:$|[-_.])")
#: Tags that name no version: what is new, and what it is made on.
_MOVING = pattern(
    r"(?:latest|stable|edge|main|master|mainline|lts|current|rolling|nightly)?(?:(?:^|-)(?:alpine|slim|perl|otel|fpm|apache))*"
)
_USER_ADDED = pattern(
    r"\b(?:useradd|adduser)\b(?P<words>[^;&|\n]*)",
)
_UID = pattern(r"(?:-u|--uid)[ =](?P<uid>\d+)")


def base_of(stage: Mapping[str, Any]) -> dict[str, Any]:
    """Name, tag and digest of the image that a stage begins with, and what follows from them."""
    image, tag, digest = stage.get("image"), stage.get("tag"), stage.get("digest")
    found = {name: value for name, value in (("base", image), ("base_tag", tag), ("base_digest", digest)) if value}
    unread = next((value for value in (image, tag, digest) if isinstance(value, Unknown)), None)
    if unread is not None:
        return {**found, "base_is_slim": unread, "base_is_pinned": unread}
    name, label = str(image or stage.get("base", "")), str(tag or "")
    if not digest and _is_own(name):
        doubt = _told_elsewhere(name)
        return {**found, "base_is_slim": doubt, "base_is_pinned": doubt}
    slim = name.startswith(_SMALL) or name.rpartition("/")[2] in _SMALL or bool(_SLIM.search(f"{name}:{label}".lower()))
    slim = slim or bool(_SMALL_PROGRAMS.match(name))
    pinned = bool(digest) or name == "scratch" or not _MOVING.fullmatch(label)
    return {**found, "base_is_slim": slim and not _LARGE_TAG.search(label), "base_is_pinned": pinned}


def _is_own(name: str) -> bool:
    """Whether a short name is none of Docker's: whoever builds has given it to another image before."""
    return bool(name) and "/" not in name and name.lower() not in OFFICIAL


def _told_elsewhere(name: str) -> Unknown:
    return Unknown(f"what {name} is stands where it is built", (name,), remedy="name an image that a registry has")


def runs_as(line: Sequence[Resource], facts: Mapping[str, Any]) -> Any:
    """The user that the image runs as: `root`, or a name or number; unknown where only the base image says."""
    for stage in reversed(line):
        if "user" in stage.attributes:
            return _named(stage.attributes["user"], line)
    base, tag = str(facts.get("base", "")), str(facts.get("base_tag", ""))
    if isinstance(facts.get("base"), Unknown):
        return facts["base"]
    if _is_own(base):
        return _told_elsewhere(base)
    reason = f"no USER is set, and whom {base} runs as stands in that image"
    return user_of(base, tag) or Unknown(reason, (base,), remedy="set USER")


def _named(user: Any, line: Sequence[Resource]) -> Any:
    """The user without its group; a name that the file makes, by its number."""
    if isinstance(user, Unknown):
        return user
    name = str(user).partition(":")[0].strip()
    if name in ("0", "root", ""):
        return "root"
    for instruction in (one for stage in line for one in stage.attributes["instructions"]):
        if instruction["instruction"] != "RUN":
            continue
        for match in _USER_ADDED.finditer("\n".join([instruction["value"], *instruction.get("heredocs", [])])):
            uid = _UID.search(match["words"])
            if name in match["words"].split() and uid:
                return "root" if uid["uid"] == "0" else uid["uid"]
    return name
