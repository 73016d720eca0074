"""Images and compose services: what a Dockerfile becomes, and what Compose makes of its files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from infraguard.model.evidence import Evidence
from infraguard.model.values import Unknown, known

Files = Mapping[str, str | bytes]
Collect = Callable[[Files], Evidence]


def image(collect: Collect, text: str, **files: str) -> dict[str, Any]:
    evidence = collect({"Dockerfile": text, **{name.replace("__", "."): content for name, content in files.items()}})
    (found,) = [one for one in evidence.resources if one.kind == "container_image"]
    return dict(found.attributes)


def services(collect: Collect, files: dict[str, str | bytes]) -> dict[str, dict[str, Any]]:
    found = [one for one in collect(files).resources if one.kind == "compose_service"]
    return {str(one.attributes["name"]): dict(one.attributes) for one in found}


@pytest.mark.parametrize(
    ("base", "slim", "pinned"),
    [
        ("python:3.11-slim", True, True),
        ("python:3.11-slim-bookworm", True, True),
        ("python:3.11", False, True),
        ("python:slim", True, False),
        ("nginx:stable-alpine", True, False),
        ("debian:bookworm-slim", True, True),
        ("python", False, False),
        ("python:latest", False, False),
        ("python@sha256:abc", False, True),
        ("alpine:3.20", True, True),
        ("scratch", True, True),
        ("registry.access.redhat.com/ubi9/ubi-minimal:9.4", True, True),
        ("cgr.dev/chainguard/python:latest", True, False),
        ("cgr.dev/chainguard/python:latest-dev", False, True),
        ("slimtoolkit/python:3.11", False, True),
        ("prom/prometheus:v3.1.0", True, True),
        ("grafana/grafana-oss:11.2.0", True, True),
        ("traefik:v3", True, True),
        ("hashicorpish/vault", False, False),
    ],
)
def test_a_base_is_slim_by_its_name_and_pinned_by_its_tag(
    base: str, slim: bool, pinned: bool, collect: Collect
) -> None:
    found = image(collect, f"FROM {base}\n")
    assert (found["base_is_slim"], found["base_is_pinned"]) == (slim, pinned)


@pytest.mark.parametrize(
    ("run", "tools"),
    [
        ("apt-get update && apt-get install -y gcc curl", ["gcc"]),
        ("apt-get install -y gcc && make && apt-get purge -y gcc", []),
        ("apk add --no-cache --virtual .build build-base && pip install x && apk del .build", []),
        ("apk add build-base=1.0", ["build-base"]),
        ("pip install -r requirements-dev.txt", ["pip install -r requirements-dev"]),
        ("pip install -r requirements.txt", []),
        ("poetry install --only main", []),
    ],
)
def test_what_only_a_build_needs_is_named(run: str, tools: list[str], collect: Collect) -> None:
    assert image(collect, f"FROM python:3.11-slim\nRUN {run}\n")["build_tools"] == tools


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ('["python", "-c", "urlopen(\'http://localhost:8000/health\')"]', ("python", "/health", True)),
        ("curl -f http://localhost:8000/health || exit 1", ("curl", "/health", False)),
        ("wget -q http://localhost/ready", ("wget", "/ready", False)),
        ("/app/check.sh", ("check.sh", None, True)),
        ("[]", (None, None, False)),
    ],
)
def test_a_probe_works_with_what_the_image_holds(
    command: str, expected: tuple[str | None, str | None, bool], collect: Collect
) -> None:
    health = image(collect, f"FROM python:3.11-slim\nHEALTHCHECK CMD {command}\n")["healthcheck"]
    assert (health.get("program"), health.get("path"), health["works"]) == expected
    assert known(health["timeout_seconds"]) == 30


def test_the_full_image_holds_curl(collect: Collect) -> None:
    health = image(collect, "FROM python:3.11\nHEALTHCHECK CMD curl http://localhost/health\n")["healthcheck"]
    assert health["works"] is True


@pytest.mark.parametrize(
    ("ignored", "left_out"),
    [(".env\n", True), ("**/.env*\n", True), ("*\n!src\n", True), ("*\n!.env\n", False), ("", False)],
)
def test_the_last_pattern_decides_what_a_build_sees(ignored: str, left_out: bool, collect: Collect) -> None:
    assert image(collect, "FROM a:1\nCOPY . /app\n", __dockerignore=ignored)["ignores_env"] is left_out


def test_what_is_not_copied_whole_needs_no_ignore_file(collect: Collect) -> None:
    assert "ignores_env" not in image(collect, "FROM a:1\nCOPY src /app\n")


def test_a_dockerfile_for_development_is_told_apart(collect: Collect) -> None:
    files: dict[str, str | bytes] = dict.fromkeys(("Dockerfile", "Dockerfile.dev", "tests/Dockerfile"), "FROM a:1\n")
    found = {one.id: one.attributes["purpose"] for one in collect(files).resources if one.kind == "container_image"}
    assert found == {"Dockerfile": "service", "Dockerfile.dev": "other", "tests/Dockerfile": "other"}


def test_extends_and_overrides_are_merged_as_compose_does(collect: Collect) -> None:
    files: dict[str, str | bytes] = {
        "compose.yaml": "services:\n  a: {extends: {file: b.yaml, service: x}, environment: {C: 2}, ports: ['1:1']}\n",
        "b.yaml": "services:\n  x: {image: 'redis:7', environment: ['B=1', 'C=1'], ports: ['2:2']}\n",
        "compose.override.yaml": "services:\n  a: {environment: {D: '3'}}\n  more: {image: 'mysql:8'}\n",
    }
    found = services(collect, files)
    assert found["a"]["environment"] == {"B": "1", "C": 2, "D": "3"}
    assert found["a"]["ports"] == ["2:2", "1:1"]
    assert (found["a"]["engine"], found["a"]["engine_version"]) == ("redis", 7)
    assert found["more"]["data_volume"] == "none"


def test_a_service_that_extends_itself_ends(collect: Collect) -> None:
    text = "services:\n  a: {extends: b}\n  b: {extends: a, image: 'x:1'}\n"
    assert set(services(collect, {"compose.yaml": text})) == {"a", "b"}


@pytest.mark.parametrize(
    ("image_", "version"),
    [
        ("postgres:15-alpine", 15),
        ("postgis/postgis:16-3.4", 16),
        ("pgvector/pgvector:pg17", 17),
        ("pgvector/pgvector:0.8.0-pg17-bookworm", 17),
        ("timescale/timescaledb-ha:pg17", 17),
        ("postgres:${V:-14}", 14),
    ],
)
def test_versions_of_engines(image_: str, version: int, collect: Collect) -> None:
    found = services(collect, {"compose.yaml": f"services:\n  db: {{image: '{image_}'}}\n"})["db"]
    assert (found["engine"], found["engine_version"]) == ("postgresql", version)


@pytest.mark.parametrize("image_", ["postgres", "postgres:${V}", "postgres:latest"])
def test_a_version_that_is_not_said_is_unknown(image_: str, collect: Collect) -> None:
    found = services(collect, {"compose.yaml": f"services:\n  db: {{image: '{image_}'}}\n"})["db"]
    assert isinstance(found["engine_version"], Unknown)


@pytest.mark.parametrize(
    "text", ["services: []\n", "services: {a: 1}\n", "- x\n", "services: {a: {volumes: [1, {}]}}\n"]
)
def test_odd_files_are_read(text: str, collect: Collect) -> None:
    collect({"compose.yaml": text})
