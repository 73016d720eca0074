"""The way into the cache: a token that the task's own role signs, so that there is no password anywhere.

ElastiCache takes a token for 15 minutes, and closes a connection after 12 hours; each new connection brings a new one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from redis.credentials import CredentialProvider

#: Seconds that a token is used again. It is good for 900.
KEEP_SECONDS = 600


class CacheToken(CredentialProvider):
    """The user of the cache and the token that lets it in."""

    def __init__(
        self,
        user: str,
        sign: Callable[[], str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is signed before a connection is made."""
        self._user = user
        self._sign = sign
        self._clock = clock
        self._lock = threading.Lock()
        self._signed = ""
        self._signed_at: float | None = None

    def get_credentials(self) -> tuple[str, str]:
        """Give the user and a token that is at most `KEEP_SECONDS` old."""
        with self._lock:
            if self._signed_at is None or self._clock() - self._signed_at >= KEEP_SECONDS:
                self._signed = self._sign()
                self._signed_at = self._clock()
            return self._user, self._signed


def signed_by_role(user: str, cache: str) -> CacheToken:
    """Sign tokens for a user of a cache with the credentials and the region of the task."""
    import boto3  # pylint: disable=import-outside-toplevel # half a second, and only in AWS
    from botocore.signers import RequestSigner  # pylint: disable=import-outside-toplevel

    session = boto3.Session()
    client = session.client("elasticache")
    region = client.meta.region_name
    signer = RequestSigner(
        client.meta.service_model.service_id,
        region,
        "elasticache",
        "v4",
        session.get_credentials(),
        session.events,
    )

    def sign() -> str:
        request = {
            "method": "GET",
            "url": f"http://{cache}/?Action=connect&User={user}",
            "body": {},
            "headers": {},
            "context": {},
        }
        signed = signer.generate_presigned_url(
            request, operation_name="connect", expires_in=900, region_name=region
        )
        return str(signed).removeprefix("http://")

    return CacheToken(user, sign)
