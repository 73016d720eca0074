"""Reports in Redis, until they are too old or what they tell of has changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import structlog
from redis import Redis, RedisError

from . import metrics

_VERSION = "reports:version"

log = structlog.get_logger(__name__)


class ReportCache:
    """A cache that reports go through. Without Redis, reports are slower and not gone."""

    def __init__(self, redis: Redis, seconds: int) -> None:
        """Reports are kept for `seconds` at most."""
        self._redis = redis
        self._seconds = seconds
        self._asked = self._found = 0

    def rows(
        self, report: str, about: str, make: Callable[[], list[dict[str, Any]]]
    ) -> list[dict[str, Any]]:
        """Give the rows of a report: those kept, or those that `make` gives, which are kept then."""
        self._asked += 1
        try:
            version: Any = self._redis.get(_VERSION)
            key = f"reports:{version or 0}:{report}:{about}"
            kept: Any = self._redis.get(key)
        except RedisError as error:
            log.warning("cache.unavailable", error=type(error).__name__)
            return make()
        if kept is not None:
            self._found += 1
            metrics.CACHE_HITS.labels(report).inc()
            found: list[dict[str, Any]] = json.loads(kept)
            return found
        metrics.CACHE_MISSES.labels(report).inc()
        rows = make()
        self._keep(key, rows)
        return rows

    def _keep(self, key: str, rows: list[dict[str, Any]]) -> None:
        try:
            self._redis.set(key, json.dumps(rows), ex=self._seconds)
        except RedisError as error:
            log.warning("cache.unavailable", error=type(error).__name__)

    def data_changed(self) -> None:
        """Make every report that is kept a thing of the past."""
        try:
            self._redis.incr(_VERSION)
        except RedisError as error:
            log.warning("cache.unavailable", error=type(error).__name__)

    def hit_rate(self) -> float | None:
        """The share of reports that came from here since the last question, in percent."""
        asked, found, self._asked, self._found = self._asked, self._found, 0, 0
        return 100 * found / asked if asked else None
