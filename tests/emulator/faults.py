"""Faults of AWS and of the network, as they look on the wire of each protocol."""

from __future__ import annotations

import json
import random
import threading
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any
from xml.sax.saxutils import escape

from tests.emulator.calls import Call

#: The error code and HTTP status by fault; a protocol without an entry uses "*".
_ERRORS: dict[str, dict[str, tuple[str, int]]] = {
    "throttle": {"query": ("Throttling", 400), "ec2": ("RequestLimitExceeded", 503), "*": ("ThrottlingException", 400)},
    "deny": {
        "query": ("AccessDenied", 403),
        "ec2": ("UnauthorizedOperation", 403),
        "*": ("AccessDeniedException", 400),
    },
    "500": {"*": ("InternalFailure", 500)},
    "optin": {
        "query": ("InvalidClientTokenId", 403),
        "ec2": ("AuthFailure", 401),
        "*": ("UnrecognizedClientException", 400),
    },
    "expired": {"query": ("ExpiredToken", 403), "ec2": ("RequestExpired", 400), "*": ("ExpiredTokenException", 400)},
}
_PAGE_OF_A_PROXY = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
#: Every fault there is. `truncate` cuts a true answer in the middle; `slow` only delays it.
KINDS = (*_ERRORS, "garbage", "truncate", "reset", "timeout", "slow")


@dataclass(kw_only=True)
class Fault:
    """Which calls fail, and how. The four names are globs; `when` compares arguments, None meaning "not given".

    `n` is how many calls still fail, None meaning all; `p` is the chance of each; `delay` is for timeout and slow.
    """

    kind: str
    service: str = "*"
    operation: str = "*"
    region: str = "*"
    key: str = "*"
    when: dict[str, Any] = field(default_factory=dict)
    n: int | None = None
    p: float = 1.0
    delay: float = 2.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is no fault; they are {', '.join(KINDS)}")

    def strikes(self, call: Call) -> bool:
        globs = [(call.service, self.service), (call.operation, self.operation)]
        globs += [(call.region, self.region), (call.key, self.key)]
        return (
            self.n != 0
            and all(fnmatch(value, glob) for value, glob in globs)
            and all(call.arguments.get(name) == value for name, value in self.when.items())
        )


class Faults:
    """The faults in force. Chance is seeded anew whenever they are set, so a test repeats."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.set([])

    def set(self, faults: list[Fault]) -> None:
        with self._lock:
            self._faults = faults
            self._chance = random.Random(7)

    def strike(self, call: Call) -> Fault | None:
        """The first fault that strikes the call, counted off."""
        with self._lock:
            for fault in self._faults:
                if fault.strikes(call) and self._chance.random() < fault.p:
                    fault.n = None if fault.n is None else fault.n - 1
                    return fault
        return None


def answer(fault: Fault, call: Call) -> tuple[int, str, bytes]:
    """Status, content type and body of a fault that is an answer."""
    if fault.kind == "garbage":
        return 502, "text/html", _PAGE_OF_A_PROXY
    codes = _ERRORS[fault.kind]
    code, status = codes.get(call.protocol, codes["*"])
    message = f"injected {fault.kind} of {call.service}:{call.operation}"
    if call.protocol in ("json", "rest-json"):
        return status, "application/x-amz-json-1.1", json.dumps({"__type": code, "message": message}).encode()
    error = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    wrapped = {
        "ec2": f"<Response><Errors><Error>{error}</Error></Errors><RequestID>r</RequestID></Response>",
        "query": f"<ErrorResponse><Error>{error}</Error><RequestId>r</RequestId></ErrorResponse>",
    }
    return status, "text/xml", wrapped.get(call.protocol, f"<Error>{error}</Error>").encode()
