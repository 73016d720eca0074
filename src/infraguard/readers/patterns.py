"""Regular expressions that are compiled when they are first used: there are hundreds, and a scan needs some of them."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class Later:
    """Stands for a compiled expression. A method that is asked for is taken from it once, and is at hand from then."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._given = (text, flags)

    def __getattr__(self, name: str) -> Any:
        text, flags = self._given
        found = getattr(re.compile(text, flags), name)
        setattr(self, name, found)
        return found


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, without the time that it takes. For constants: a test compiles them all."""
    return cast("re.Pattern[AnyStr]", Later(text, flags))
