"""Commands that `docker run` starts in an image, by its words or the image's name, and `docker exec` in a container."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from infraguard.collectors.repository.suites.programs import name_of
from infraguard.readers.patterns import pattern

_RUNNERS: Final = frozenset({"docker", "podman", "nerdctl"})
#: Options of `docker run` that take no value; all others do, behind `=` or in the next word.
_FLAGS: Final = frozenset(
    {
        *("--rm", "--detach", "--init", "--interactive", "--tty", "--privileged", "--read-only", "--publish-all"),
        *("--no-healthcheck", "--oom-kill-disable", "--quiet", "--replace", "--sig-proxy", "--use-api-socket"),
    }
)
_SHORT_FLAGS: Final = pattern(r"-[ditPq]+\Z")


def started_in_image(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """What may be started, the likelier first: images of tools are given their arguments alone as often as not."""
    if name_of(words) not in _RUNNERS or "run" not in words[1:3]:
        return
    rest, entry = list(words[words.index("run") + 1 :]), ""
    while rest and rest[0].startswith("-"):
        option, _, value = rest.pop(0).partition("=")
        if option not in _FLAGS and not _SHORT_FLAGS.match(option) and not value:
            value = rest.pop(0) if rest else ""
        entry = value if option == "--entrypoint" else entry
    if not rest:
        return
    image, *arguments = rest
    if entry:
        yield (entry, *arguments)
        return
    if arguments:
        yield tuple(arguments)
    yield (image.partition("@")[0].rpartition("/")[2].partition(":")[0], *arguments)


def asked_of_container(words: Sequence[str]) -> tuple[str, ...]:
    """What `docker exec` runs: the words after the container's name; empty for any other command."""
    if name_of(words) not in _RUNNERS or "exec" not in words[1:3]:
        return ()
    rest = list(words[words.index("exec") + 1 :])
    while rest and rest[0].startswith("-"):
        option, _, value = rest.pop(0).partition("=")
        if option not in _FLAGS and not _SHORT_FLAGS.match(option) and not value and rest:
            rest.pop(0)
    return tuple(rest[1:])
