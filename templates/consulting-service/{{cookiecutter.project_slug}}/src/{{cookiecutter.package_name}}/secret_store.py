"""The database's password in AWS Secrets Manager, followed through its rotations."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import NamedTuple, Protocol


class SecretsClient(Protocol):
    """The one call of Secrets Manager that is needed."""

    def get_secret_value(self, *, SecretId: str, VersionStage: str) -> dict[str, str]:  # noqa: N803
        """Read the version of a secret that has this label."""


class DatabasePassword:
    """The current password: read once, kept for some minutes, and read again when it is refused."""

    def __init__(
        self,
        client: SecretsClient,
        secret: str,
        keep_seconds: float = 300,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is read before the password is asked for."""
        self._client = client
        self._secret = secret
        self._keep_seconds = keep_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._value = ""
        self._read_at: float | None = None

    def __call__(self) -> str:
        """Give the password as it was at most `keep_seconds` ago."""
        with self._lock:
            if self._read_at is None or self._clock() - self._read_at >= self._keep_seconds:
                self._value = self._read("AWSCURRENT")
                self._read_at = self._clock()
            return self._value

    def anew(self) -> str:
        """Give the password as it is now: the database refused what was read before."""
        with self._lock:
            self._read_at = None
        return self()

    def before_rotation(self) -> str:
        """Give the password that the last rotation replaced."""
        return self._read("AWSPREVIOUS")

    def _read(self, stage: str) -> str:
        answer = self._client.get_secret_value(SecretId=self._secret, VersionStage=stage)
        return str(json.loads(answer["SecretString"])["password"])


class Account(NamedTuple):
    """Who signs in to the database, and with what."""

    user: str
    password: str


def secrets_manager(secret: str) -> DatabasePassword:
    """Follow a secret with the credentials and the region of the task."""
    return DatabasePassword(_client(), secret)


def read_account(secret: str) -> Account:
    """Read the account of a secret as it is now."""
    answer = _client().get_secret_value(SecretId=secret, VersionStage="AWSCURRENT")
    told = json.loads(answer["SecretString"])
    return Account(told["username"], told["password"])


def _client() -> SecretsClient:
    import boto3  # pylint: disable=import-outside-toplevel # half a second, and only in AWS

    client: SecretsClient = boto3.client("secretsmanager")
    return client
