"""Whether an application keeps in Redis what it looks up again; a queue of tasks there is no cache."""

from __future__ import annotations

from typing import Final

from infraguard.collectors.repository.nature.places import is_application, is_aside
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, bytes_or_empty

_STORE: Final = (b"redis", b"valkey")
#: Libraries that cache there.
_LIBRARIES: Final = pattern(
    rb"\bdjango_redis\b|cache\.backends\.redis|\bflask_caching\b|\bfastapi_cache\b|\baiocache\b|\bredis_om\b"
)
#: Words of code that keeps something there, beside the name of the store; what a process keeps itself is another cache.
_KEEPS: Final = pattern(
    rb"(?i)(?<![@.])\bcach(?:e|es|ed|ing)(?![a-z])|\bcache_|_cache\b(?<!lru_cache)"
    rb"|\.(?:setex|psetex|hset|hmset|mset|setnx)\(|redis\w*\.(?:get|set)\("
)
_PACKAGES: Final = pattern(rb"\"(?:io)?(?:redis|valkey)\"|\"@redis/")
_IMAGE: Final = pattern(rb"image:\s*[\"']?(?:redis|valkey)")
_COMPOSE: Final = pattern(r"(?:.*/)?(?:docker-)?compose[\w.-]*\.ya?ml\Z")


def caches_in_redis(tree: Tree) -> bool:
    """Whether code keeps something there; where no code is in Python, a Redis beside it is taken for a cache."""
    applications = [path for path in tree.paths if is_application(path)]
    if any(_keeps(path, bytes_or_empty(tree, path)) for path in applications):
        return True
    others = [path for path in tree.paths if path.endswith("package.json") and not is_aside(path)]
    if any(_PACKAGES.search(bytes_or_empty(tree, path)) for path in others):
        return True
    files = [] if applications else [path for path in tree.paths if _COMPOSE.match(path) and not is_aside(path)]
    return any(_IMAGE.search(bytes_or_empty(tree, path)) for path in files)


def _keeps(path: str, content: bytes) -> bool:
    lower = content.lower()
    if _LIBRARIES.search(content):
        return True
    return any(store in lower for store in _STORE) and ("cache" in path.lower() or bool(_KEEPS.search(content)))
