"""Regular expressions that are compiled late: they are what `re.compile` gives, and none of ours has a mistake."""

from __future__ import annotations

import gc
import re
from importlib import import_module
from pkgutil import walk_packages

import pytest

import infraguard
from infraguard.readers.patterns import Later, pattern

BROKEN = "("


def test_a_late_pattern_does_what_a_compiled_one_does() -> None:
    late = pattern(r"(?P<word>[a-z]+)\d", re.IGNORECASE)
    found = late.search("-- ABC1")
    assert found is not None
    assert found["word"] == "ABC"
    assert late.sub("x", "ab1 cd2") == "x x"
    assert late.pattern == r"(?P<word>[a-z]+)\d"
    assert late.flags & re.IGNORECASE
    assert [match[0] for match in pattern(rb"\d").finditer(b"1a2")] == [b"1", b"2"]


def test_nothing_is_compiled_before_it_is_used() -> None:
    broken = pattern(BROKEN)
    with pytest.raises(re.error):
        broken.search("text")


def test_every_pattern_of_ours_compiles() -> None:
    for module in walk_packages(infraguard.__path__, "infraguard."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    gc.unfreeze()  # what a command line leaves frozen when it ends, in a test as well, is not among the objects
    given = [vars(each)["_given"] for each in gc.get_objects() if isinstance(each, Later)]
    ours = [(text, flags) for text, flags in given if text != BROKEN]
    assert len(ours) > 200
    for text, flags in ours:
        re.compile(text, flags)
