"""A predicate on hosts: whether their user data starts an agent that measures or sends what they say."""

from __future__ import annotations

import re
from typing import Any, Final

from infraguard.evaluation.known_text import known_text
from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.world import Item, World
from infraguard.model.findings import Trace
from infraguard.model.values import ABSENT, Denied, Unknown, Value, known
from infraguard.readers.patterns import pattern

_PATHS: Final = ("user_data", "user_data_base64")
_COMMENT: Final = pattern(r"^\s*#(?!!).*$", re.MULTILINE)
#: How cloud-init lists a command word by word, and how a shell goes on with a line.
_LISTED: Final = pattern(r"[\[\]\"',]")
_GOES_ON: Final = pattern(r"\\\r?\n")
#: Commands that start what they name; the installers of some vendors do, and are known by their own names. A driver of
#: logs that containers are given sends them as well as an agent.
_STARTS: Final = pattern(
    r"(?i)systemctl\b.*\b(?:enable|start|restart)\b|\bservice\b.*\b(?:start|restart)\b|-ctl\b.*(?:\s-s\b|\bstart\b)"
    r"|\bdocker(?:-compose|\s+compose)?\s+(?:run|up)\b|\bnohup\b|\binstall_script|\bnewrelic\s+install\b"
    r"|\binit\.d/\S+\s+(?:start|restart)\b|&\s*\Z"
    r"|\b(?:log-)?driver\b[=:\s]+(?:awslogs|splunk|gelf|fluentd)\b"
)
_REMEDY: Final = "install the CloudWatch agent and start it in the user data, or by an SSM association"


def starts_an_agent(item: Item, _: World, agents: Value) -> Trace:
    """Whether the user data of a host starts an agent, by what is known of it.

    It is never certain that none runs: the image of a host may bring one, and start it.
    """
    value = next((each for path in _PATHS if (each := known(lookup(item.value, path))) is not ABSENT), ABSENT)
    wanted = re.compile(str(agents))
    commands = _commands(known_text(value))
    # Of a line only the name is shown: what stands beside it may be a key.
    named = [(line, found[0]) for line in commands if (found := wanted.search(line))]
    started = next((name for line, name in named if _STARTS.search(line)), "")
    if started:
        return _trace(item, True, f"it starts {started}")
    if named:
        name = named[0][1]
        reason = f"its user data names {name}, and nothing that is known of it starts that"
        return _trace(item, None, name, reason=reason, remedy=_REMEDY, depends_on=(item.resource.id,))
    return _trace(item, None, "no agent", **_why_open(item, value))


def _why_open(item: Item, value: Value) -> dict[str, Any]:
    if isinstance(value, (Unknown, Denied)):
        reason = "what is known of its user data starts no agent; what is not known of it, or its image, may"
    elif value is ABSENT:
        reason = "it has no user data, and its image may bring an agent"
    else:
        reason = "its user data starts no agent, and its image may bring one"
    return {"reason": reason, "remedy": _REMEDY, "depends_on": (item.resource.id,)}


def _commands(text: str) -> list[str]:
    """The lines of user data, each command on one, without comments."""
    plain = _LISTED.sub(" ", _GOES_ON.sub(" ", _COMMENT.sub("", text)))
    return [" ".join(line.split()) for line in plain.splitlines() if line.strip()]


def _trace(item: Item, truth: bool | None, observed: str, **why: Any) -> Trace:
    place = next((item.place(path) for path in _PATHS if path in item.resource.places), item.resource.location)
    return Trace(operator="agent", truth=truth, path="user_data", observed=observed, location=place, **why)
