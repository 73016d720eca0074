"""What the memory of one process holds between requests."""

from __future__ import annotations

import pytest

from infraguard.collectors.repository.application.serving import process_state
from infraguard.collectors.repository.python.modules import module_of
from infraguard.readers.tree import MemoryTree


def _names(source: str, **files: str) -> list[str]:
    tree = MemoryTree({"app.py": source, **{f".{name}": text for name, text in files.items()}})
    found = process_state.read(module_of(tree, "app.py"))
    return [each.attributes["name"] for each in found if process_state.is_kept(tree, each)]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("from flask_limiter import Limiter\nLimiter(key)", ["what the limiter counts"]),
        ("from flask_limiter import Limiter\nLimiter(key, storage_uri='memory://')", ["what the limiter counts"]),
        ("from flask_limiter import Limiter\nLimiter(key, storage_uri='redis://x')", []),
        ("from flask_limiter import Limiter\nLimiter(key, storage_uri=settings.redis_url)", []),
        ("from flask_limiter import Limiter\nLimiter(key, enabled=False)", []),
        ("from asyncio_throttle import Limiter\nLimiter(5)", []),
        ("otps = {}\ndef send(who):\n    otps[who] = 1", ["otps"]),
        ("otps = {}\ndef send(who, otps):\n    otps[who] = 1", []),
        ("otps = {'a': 1}\ndef read(who):\n    return otps[who]", []),
        ("import redis\notps = {}\ndef send(who):\n    otps[who] = 1", []),
        ("sessions = {}\ndef log_in(who):\n    sessions[who] = 1", ["sessions"]),
        ("import sqlalchemy\nsessions = {}\ndef of(key):\n    sessions[key] = 1", []),
        ("connections = []\ndef of(key):\n    connections.append(key)", []),
        ("from fastapi import WebSocket\nconnections = []\ndef of(key):\n    connections.append(key)", ["connections"]),
        ("seen = {}\ndef check_rate_limit(who):\n    seen[who] = 1", ["seen"]),
        ("seen = {}\ndef look(who):\n    seen[who] = 1", []),
        ("cache = {}\ndef read_rate_limits(who):\n    cache[who] = 1", []),
        ("jobs = set()\ndef run(job):\n    jobs.add(job)\n    job.add_done_callback(jobs.discard)", []),
    ],
)
def test_what_a_module_keeps(source: str, names: list[str]) -> None:
    assert _names(source) == names


_CLASS = """
class SessionStore:
    {own}

    def __init__(self):
        self.rows = {{}}

    def put(self, key, value):
        {put}
"""


@pytest.mark.parametrize(
    ("own", "put", "after", "names"),
    [
        ("pass", "self.rows[key] = value", "store = SessionStore()", ["SessionStore.rows"]),
        ("pass", "self.rows[key].append(value)", "store = SessionStore()", ["SessionStore.rows"]),
        ("pass", "self.rows[key] = value", "", []),
        ("pass", "return self.rows[key]", "store = SessionStore()", []),
        ("shared = {}", "self.shared[key] = value", "", ["SessionStore.shared"]),
        ("shared = {}", "SessionStore.shared[key] = value", "", ["SessionStore.shared"]),
    ],
)
def test_what_a_class_keeps_of_which_there_is_one(own: str, put: str, after: str, names: list[str]) -> None:
    assert _names(_CLASS.format(own=own, put=put) + after) == names


def test_a_setting_names_the_store() -> None:
    source = "from slowapi import Limiter\nLimiter(key, storage_uri=settings.LIMITER_STORAGE)"
    assert _names(source) == ["what the limiter counts"]
    assert _names(source, env="LIMITER_STORAGE=redis://cache:6379") == []
