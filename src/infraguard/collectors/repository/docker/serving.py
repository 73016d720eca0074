"""Whether an image answers requests: a job, a worker and a program of one run do not, and nobody asks their health."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from infraguard.collectors.repository.docker.places import Copies
from infraguard.collectors.repository.docker.starting import Run, Start
from infraguard.collectors.repository.nature.applications import ERRANDS, PYTHON_FRAMEWORKS, SERVERS
from infraguard.collectors.repository.python.imports import imported_roots, modules_of
from infraguard.collectors.repository.suites.programs import invocations, name_of
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Tree, text_or_empty

#: Programs that fetch their work from a queue or a clock.
_WORKERS: Final = pattern(
    r"(?i)\bcelery\b.*\b(?:worker|beat)\b|\brq\s+worker\b|\brqworker\b|\bdramatiq\b|\barq\b|\bhuey_consumer|\bsidekiq\b"
    r"|\bqueue:work\b|\bschedule:work\b|\bqcluster\b|\bairflow\s+(?:scheduler|celery\s+worker|triggerer)\b|\bprefect\s+worker\b"
    r"|\bdagster-daemon\b|\bsupercronic\b|\bcrond?\b|\bfaust\b.*\bworker\b"
)
#: Programs that do one thing and end.
_ONCE: Final = frozenset(
    {
        "alembic",
        "psql",
        "pg_dump",
        "pg_restore",
        "mysql",
        "mysqldump",
        "aws",
        "gcloud",
        "az",
        "terraform",
        "tofu",
        "dbt",
    }
    | {"flyway", "liquibase", "sqitch", "ansible-playbook", "curl", "wget", "rsync", "restic", "pytest", "tox", "nox"}
    | {"make", "ruff", "k6", "locust", "newman", "jq", "kubectl", "helm", "git", "tar", "gitleaks", "trivy"}
)
#: Images that serve web pages, and those that keep data, when nothing else is started.
_WEB_BASES: Final = frozenset({"nginx", "httpd", "caddy", "traefik", "haproxy", "envoy", "nginx-unprivileged"})
_STORES: Final = frozenset(
    {"postgres", "postgis", "pgvector", "timescaledb", "mysql", "mariadb", "mongo", "redis", "valkey", "memcached"}
    | {"rabbitmq", "fluent-bit", "aws-for-fluent-bit", "fluentd", "vector", "telegraf", "filebeat"}
)
#: Calls by which a program starts to answer.
_ANSWERS: Final = pattern(
    r"\buvicorn\.run\(|\bhypercorn\b.*\bserve\(|\bweb\.run_app\(|\bserve_forever\(|HTTPServer\(|\bstart_server\("
    r"|\bcreate_server\(|\brun_simple\(|\bmake_server\(|\bgrpc\.(?:aio\.)?server\(|\bwaitress\b|start_http_server\("
    r"|\b(?:app|application|server|socketio|demo|ui)\.(?:run|launch|serve|listen)\(|\bgranian\b|\.listen\(|createServer\("
)
_GUARD: Final = pattern(r"(?m)^if __name__\s*==.*", re.DOTALL)
_MANAGED: Final = pattern(r"(?i)serv|grpc|run")
_NAMED: Final = pattern(r"(?i)(?:^|/)(?:server|www)(?:\.\w+)?\Z")
_REMEDY: Final = "start the server by name in CMD, or EXPOSE its port"


def serves(tree: Tree, line: Sequence[Any], start: Start, copies: Copies) -> Any:
    """Whether a container of the image answers requests; unknown where what it starts is not read."""
    answers = [_of_run(tree, run, copies) for run in start.runs if not run.is_script]
    if any(ERRANDS.search(run.text) for run in start.runs):
        return False
    if True in answers or any("expose" in stage.attributes for stage in line):
        return True
    if not start.is_said:
        return serves_of_base(str(line[0].attributes.get("image", "")))
    if start.unread:
        return Unknown(f"what it starts is not read in full: {start.unread}", (start.unread,), remedy=_REMEDY)
    unknown = next((answer for answer in answers if isinstance(answer, Unknown)), None)
    return unknown if unknown is not None else False


def program_of(start: Start, copies: Copies) -> str | None:
    """The Python program that a container starts, where the repository has it."""
    for run in start.runs:
        words = next(iter(invocations(run.words)), [])
        is_python = bool(words) and (name_of(words).startswith(("python", "pypy")) or words[0].endswith(".py"))
        if is_python and (path := _program(words, copies)):
            return path
    return None


def serves_of_base(base: str) -> Any:
    """Whether an image of another answers requests by itself."""
    name = base.rpartition("/")[2]
    if name in _WEB_BASES:
        return True
    if name in _STORES:
        return False
    return Unknown("it starts nothing by itself: who runs it says what", (base,), remedy=_REMEDY)


def _of_run(tree: Tree, run: Run, copies: Copies) -> Any:
    text = run.text
    if _WORKERS.search(text):
        return False
    if SERVERS.search(text):
        return True
    chain = invocations(run.words)
    words = chain[0] if chain else list(run.words)
    name = name_of(words)
    if any(name_of(each) in _ONCE for each in chain or [words]):
        return False
    if name.startswith(("python", "pypy")) or words[0].endswith(".py"):
        return _of_python(tree, words, copies)
    if name in ("node", "tsx", "ts-node", "bun", "deno") and any(_NAMED.search(word) for word in words[1:]):
        return True
    return Unknown(
        f"whether {' '.join(words[:3])[:60]} answers requests is not told by the Dockerfile", (name,), remedy=_REMEDY
    )


def _of_python(tree: Tree, words: Sequence[str], copies: Copies) -> Any:
    """Whether a Python program answers requests, by what it and the modules that it imports call."""
    path = _program(words, copies)
    if path is None:
        shown = " ".join(words[:3])[:60]
        return Unknown(f"the program of `{shown}` is not in the repository", (shown,), remedy=_REMEDY)
    if path.endswith("manage.py"):
        given = words[words.index(next(word for word in words if word.endswith("manage.py"))) + 1 :]
        return _of_management(given)
    if _ANSWERS.search(text_or_empty(tree, path)):
        return True
    modules = [each for each in modules_of(tree, path) if each != path]
    texts = {each: _GUARD.sub("", text_or_empty(tree, each)) for each in modules}
    if any(_ANSWERS.search(text) for text in texts.values()):
        return True
    for each, text in {path: text_or_empty(tree, path), **texts}.items():
        framework = next((name for name in imported_roots(text) if name in PYTHON_FRAMEWORKS), "")
        if framework:
            why = f"{path} comes to {each}, which imports {framework}, and nothing tells whether it answers requests"
            return Unknown(why, (each,), remedy=_REMEDY)
    return False


def _of_management(given: Sequence[str]) -> Any:
    """A command of Django's manage.py: servers are called so, and others do one thing."""
    command = next(iter(given), "")
    if command and not _MANAGED.search(command) and "$" not in command:
        return False
    return Unknown(
        f"whether `manage.py {command}` answers requests is not told by its name", (command,), remedy=_REMEDY
    )


def _program(words: Sequence[str], copies: Copies) -> str | None:
    """The file that `python FILE` or `python -m MODULE` runs."""
    rest = list(words) if words[0].endswith(".py") else list(words[1:])
    for index, word in enumerate(rest):
        if word == "-m" and index + 1 < len(rest):
            module = rest[index + 1].replace(".", "/")
            return next(
                (found for end in (f"{module}.py", f"{module}/__main__.py") if (found := copies.file(end))), None
            )
        if word == "-c":
            return None
        if not word.startswith("-"):
            return copies.file(word) if word.endswith(".py") else None
    return None
