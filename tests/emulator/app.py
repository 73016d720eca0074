"""A WSGI application around moto: it keeps a log, injects faults, and answers where moto cannot or lies.

Its own address space is `/emulator/`: POST faults, POST overlay, POST seed, POST reset, GET log; all in JSON.
"""

from __future__ import annotations

import hashlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import moto.rds.models
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from tests.emulator.calls import Call, recognise
from tests.emulator.faults import Fault, Faults, answer
from tests.emulator.overlay import Answer
from tests.emulator.seeded import NOTHING

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


class EmulatorApp:
    """moto with a log, faults and an overlay."""

    def __init__(self) -> None:
        _give_databases_ids_of_their_own()
        _hold_restorable_points()
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._faults = Faults()
        self._answers: list[Answer] = []
        self._seeded: list[Answer] = []
        self._nothing = [Answer(**rule) for rule in NOTHING]
        self._log: list[dict[str, str]] = []
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        if path.startswith("/emulator/"):
            return self._control(path.removeprefix("/emulator/"), environ, start)
        call = recognise(environ)
        if call is None:
            return self._from_moto(environ, start)
        fault = self._faults.strike(call)
        with self._lock:
            self._log.append(
                {
                    "service": call.service,
                    "operation": call.operation,
                    "region": call.region,
                    "key": call.key,
                    "fault": fault.kind if fault else "",
                }
            )
        return self._struck(fault, call, environ, start) if fault else self._answer(call, environ, start)

    def _control(self, command: str, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        content = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        given = json.loads(content or b"null")
        reply: Any = None
        if command == "faults":
            self._faults.set([Fault(**fault) for fault in given])
        elif command == "overlay":
            self._answers = [Answer(**rule) for rule in given]
        elif command == "seed":
            self._seeded = [*(Answer(**rule) for rule in given), *self._seeded]
        elif command == "reset":
            self._faults.set([])
            self._answers = []
            self._seeded = []
            self._log = []
            moto_api_backend.reset()
        elif command == "log":
            reply = self._log
        else:
            return _send(start, 404, {"Content-Type": "text/plain"}, b"no such command")
        return _send(start, 200, {"Content-Type": "application/json"}, json.dumps(reply).encode())

    def _answer(self, call: Call, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        for rule in (*self._answers, *self._seeded, *self._nothing):
            if rule.fits(call):
                return _send(start, *rule.body(call))
        return self._from_moto(environ, start)

    def _from_moto(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        reply: Iterable[bytes] = self._moto(environ, start)
        return reply

    def _struck(self, fault: Fault, call: Call, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        if fault.kind in ("slow", "timeout"):
            time.sleep(fault.delay)
        if fault.kind == "slow":
            return self._answer(call, environ, start)
        if fault.kind in ("reset", "timeout"):
            return _hang_up(environ)
        if fault.kind == "truncate":
            return self._cut(call, environ, start)
        status, content_type, body = answer(fault, call)
        return _send(start, status, {"Content-Type": content_type}, body)

    def _cut(self, call: Call, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        """The first half of the true answer, with headers that say it is all."""
        heads: list[tuple[str, list[tuple[str, str]]]] = []
        whole = b"".join(self._answer(call, environ, lambda status, headers, _=None: heads.append((status, headers))))
        status, headers = heads[0]
        kept = {name: value for name, value in headers if name.lower() != "content-length"}
        return _send(start, int(status.split()[0]), kept, whole[: len(whole) // 2])


def _send(start: StartResponse, status: int, headers: dict[str, str], body: bytes) -> Iterable[bytes]:
    start(f"{status} {HTTPStatus(status).phrase}", [*headers.items(), ("Content-Length", str(len(body)))])
    return [body]


def _hang_up(environ: Environ) -> Iterable[bytes]:
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError


def _hold_restorable_points() -> None:
    """moto moves the newest restorable point with each question; two scans of the same account would differ."""
    started = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    for model in (moto.rds.models.DBCluster, moto.rds.models.DBInstance):
        setattr(model, "latest_restorable_time", property(lambda _: started))  # noqa: B010 - mypy allows it so only


def _give_databases_ids_of_their_own() -> None:
    """moto gives every database the same DbiResourceId; AWS never does, and `aws_db_instance.id` is that."""

    def resource_id(database: Any) -> str:
        return "db-" + hashlib.sha256(database.db_instance_arn.encode()).hexdigest()[:26].upper()

    def ignore(_database: Any, _value: str) -> None:
        """moto sets its constant in the constructor."""

    moto.rds.models.DBInstance.dbi_resource_id = property(resource_id, ignore)  # type: ignore[assignment]
