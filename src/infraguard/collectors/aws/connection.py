"""Clients of one identity, and whose account it is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache
from typing import Any

from infraguard.collectors.aws.request import AwsRequest

#: Sessions share the loader, so clients of all of them are made one after the other.
_MAKING = threading.Lock()


class Connection:
    """A session and its clients, one a service and region. Making clients is not thread-safe, and using them is.

    `before_attempt` is called before every attempt of every call, and may raise to end the call.
    """

    def __init__(self, request: AwsRequest, session: Any, before_attempt: Callable[[], None]) -> None:
        self.session = session
        self._request = request
        self._before_attempt = before_attempt
        self._clients: dict[tuple[str, str, int], Any] = {}

    def client(self, service: str, region: str, retries: int | None = None) -> Any:
        """The client of a service in a region. Raises what botocore raises where there can be none."""
        patience = self._request.retries if retries is None else retries
        with _MAKING:
            key = (service, region, patience)
            if key not in self._clients:
                self._clients[key] = self._make(*key)
            return self._clients[key]

    def _make(self, service: str, region: str, retries: int) -> Any:
        from botocore.config import Config

        config = Config(
            connect_timeout=self._request.connect_timeout,
            read_timeout=self._request.read_timeout,
            retries={"mode": "standard", "max_attempts": retries},
            max_pool_connections=self._request.max_workers,
            user_agent_extra="infraguard",
        )
        client = self.session.client(service, region_name=region, config=config)
        client.meta.events.register("request-created", lambda **_: self._before_attempt())
        return client


def open_session(profile: str = "", credentials: dict[str, str] | None = None) -> Any:
    """A boto3 session of a profile, with the temporary credentials that STS answered with in place of its own.

    Raises what botocore raises where the profile or the settings file is wrong.
    """
    from boto3 import Session
    from botocore.session import get_session

    core = get_session()
    core.register_component("data_loader", _loader())
    if credentials:
        core.set_credentials(*(credentials[name] for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")))
    session = Session(botocore_session=core, profile_name=profile or None)
    core.get_scoped_config()  # settings are read late, and a wrong profile is to show here
    return session


def known_regions(session: Any, named: tuple[str, ...]) -> tuple[str, ...]:
    """The regions named, each once, or else the default one of the session; none where neither is set.

    Raises what botocore raises where a name cannot be that of a region.
    """
    from botocore.utils import validate_region_name

    regions = tuple(dict.fromkeys(named or filter(None, (session.region_name,))))
    for region in regions:
        validate_region_name(region)
    return regions


@cache
def _loader() -> Any:
    """One loader for all sessions: reading the models of the services is most of what a new session costs."""
    from botocore.loaders import create_loader

    return create_loader()
