"""Commands that `docker run` starts in an image: the words after it, or the program that the image is named after."""

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
