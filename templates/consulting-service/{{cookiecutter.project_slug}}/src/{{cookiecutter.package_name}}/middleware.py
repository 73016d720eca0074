"""What happens to every request: an id, a line in the log, figures, a place in the queue, and careful headers."""

from __future__ import annotations

import asyncio
import re
import time
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import metrics

log = structlog.get_logger(__name__)

REQUEST_ID = "X-Request-ID"
_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

SECURITY_HEADERS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}

#: The page of the API's documentation loads its scripts from elsewhere; it exists in development only.
_DOCS = ("/docs", "/redoc")

#: Asked by machines that decide whether this instance lives: they never wait in the queue.
_UNQUEUED = ("/health", "/ready", "/metrics", "/version")

_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class SecurityHeaders:
    """Headers that tell browsers to be careful, on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the headers that the answer did not set itself."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        documentation = scope["path"].startswith(_DOCS)

        async def careful(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    if not (documentation and name == "Content-Security-Policy"):
                        headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, careful)


class RequestContext:
    """An id for the request, on its answer and on every line that is logged meanwhile; its figures; its errors."""

    def __init__(self, app: ASGIApp, slow_seconds: float) -> None:
        """Wrap an application; requests over `slow_seconds` are warned of."""
        self.app = app
        self.slow_seconds = slow_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and tell of it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get(REQUEST_ID, "")
        request_id = given if _ACCEPTABLE_ID.fullmatch(given) else uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id, method=scope["method"])
        scope.setdefault("state", {})
        status = 0

        async def with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = request_id
            await send(message)

        started = time.perf_counter()
        metrics.HTTP_IN_PROGRESS.inc()
        try:
            await self.app(scope, receive, with_id)
        except Exception as error:  # whatever it is, it is told of here
            metrics.ERRORS.labels(type(error).__name__).inc()
            log.exception("error", error_type=type(error).__name__)
            if status:
                raise  # half an answer is out already: the server closes the connection
            await JSONResponse({"detail": "internal error"}, 500)(scope, receive, with_id)
        finally:
            metrics.HTTP_IN_PROGRESS.dec()
            self._tell(scope, status, time.perf_counter() - started)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        # The template of the route: a path would be personal data, and one time series each.
        route = getattr(scope.get("route"), "path", "unknown")
        metrics.HTTP_REQUESTS.labels(scope["method"], route, str(status)).inc()
        metrics.HTTP_SECONDS.labels(scope["method"], route).observe(seconds)
        facts = {
            "route": route,
            "status": status,
            "duration_ms": round(seconds * 1000, 1),
            "user_id": scope["state"].get("user_id"),
        }
        log.info("request", **facts)
        if seconds > self.slow_seconds:
            log.warning("slow_request", **facts)


class Admission:
    """A bounded number of requests at once, a bounded number waiting, and a quick "busy" for the rest."""

    def __init__(self, app: ASGIApp, at_once: int, waiting: int) -> None:
        """Let `at_once` requests in, and `waiting` more stand in line."""
        self.app = app
        self.places = asyncio.Semaphore(at_once)
        self.waiting = waiting
        self.in_line = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request when there is room for it."""
        if scope["type"] != "http" or scope["path"] in _UNQUEUED:
            await self.app(scope, receive, send)
            return
        if self.places.locked() and self.in_line >= self.waiting:
            busy = JSONResponse({"detail": "busy: try again"}, 503, {"Retry-After": "1"})
            await busy(scope, receive, send)
            return
        self._line_up(1)
        try:
            await self.places.acquire()
        finally:
            self._line_up(-1)
        try:
            await self.app(scope, receive, send)
        finally:
            self.places.release()

    def _line_up(self, one: int) -> None:
        self.in_line += one
        metrics.REQUEST_QUEUE.set(self.in_line)


class SameOrigin:
    """Refuses changes that another site's page asks a signed-in browser for."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, unless the request would change something and comes from elsewhere."""
        if scope["type"] == "http" and scope["method"] not in _SAFE_METHODS:
            headers = Headers(scope=scope)
            origin, site = headers.get("Origin"), headers.get("Sec-Fetch-Site", "same-origin")
            elsewhere = origin is not None and origin.split("://")[-1] != headers.get("Host")
            if elsewhere or site not in ("same-origin", "none"):
                await JSONResponse({"detail": "asked from another site"}, 403)(scope, receive, send)
                return
        await self.app(scope, receive, send)
