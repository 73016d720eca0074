"""Which files are the application itself, and which are about it: its tests, its documents, its examples."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from infraguard.readers.patterns import pattern

_ASIDE: Final = pattern(
    r"""(?x)(?:.*/)?(?:
        [^/]*\{\{\s*cookiecutter.*
      | (?:[\w-]*[_-])?(?:tests?|testing|fixtures|docs?|docs_src|documentation|examples?|samples?|demos?|tutorials?|
          benchmarks?|bench|\.devcontainer|\.github|cookbooks?|notebooks?|playground|third[_-]?party|vendor(?:ed)?|_vendor|
          site-packages|stubs|typings|skeletons?|scripts?|bin)/.*
      | build/lib/.*
      | tests[_-][\w-]+/.*
      | (?:.*/)?(?:settings|config(?:uration)?)[_/](?:\w+/)?(?:tests?|testing|example|local|dev|development|ci)\w*\.py
      | test[-_][^/]*\.py | [^/]*_tests?\.py | conftest\.py | tests\.py | noxfile\.py | fabfile\.py
    )\Z"""
)


@lru_cache(maxsize=100_000)
def is_aside(path: str) -> bool:
    """Whether a file is a test, a document or an example: nothing that runs in production."""
    return bool(_ASIDE.match(path))


def is_application(path: str) -> bool:
    """Whether it is Python that the application may run; a setup.py at the root of the tree packs it."""
    return path.endswith(".py") and not is_aside(path) and path != "setup.py"
