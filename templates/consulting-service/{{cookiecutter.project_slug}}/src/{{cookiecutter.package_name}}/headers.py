"""Headers that tell browsers to be careful, on every answer."""

from collections.abc import Awaitable, Callable

from fastapi import Request, Response

SECURITY_HEADERS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


async def add_security_headers(
    request: Request, answer: Callable[[Request], Awaitable[Response]]
) -> Response:
    """Answer the request, then add the headers that a route did not set itself."""
    response = await answer(request)
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    return response
