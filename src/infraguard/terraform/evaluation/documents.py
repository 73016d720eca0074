"""JSON text of which only parts are not known: what stands around them is known all the same.

A task definition whose image is a variable still names its user, and a policy for a bucket that does not exist yet
still says what it allows.
"""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from infraguard.model.values import Default, Denied, Unknown, Value
from infraguard.terraform.evaluation.values import Lazy, is_list

#: Longer texts are not kept a second time.
_LONGEST = 100_000


def with_json(unknown: Unknown, content: Value) -> Unknown:
    """The unknown text of a document, with what is known of its content."""
    text = msgspec.json.encode(_plain(content)).decode()
    return replace(unknown, json=text) if len(text) <= _LONGEST else unknown


def _plain(value: Value) -> Value:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if is_list(value):
        return [_plain(item) for item in value]
    if isinstance(value, Lazy):
        return value.whole()
    return value if isinstance(value, (str, int, float, bool, Unknown, Denied, Default)) else None
