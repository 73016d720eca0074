from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr, ValidationError
from redis import Redis

from {{ cookiecutter.package_name }}.portal import make_portal
from {{ cookiecutter.package_name }}.redis_access import CacheToken, signed_by_role
from {{ cookiecutter.package_name }}.settings import Settings


def test_a_token_is_used_for_a_while() -> None:
    time, signed = [0.0], iter(["first", "second"])
    token = CacheToken("portal-service", lambda: next(signed), lambda: time[0])
    assert token.get_credentials() == token.get_credentials() == ("portal-service", "first")
    time[0] = 600
    assert token.get_credentials() == ("portal-service", "second")


def test_the_role_of_the_task_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of-the-task")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    user, token = signed_by_role("portal-service", "portal-production").get_credentials()
    parts = urlsplit(f"//{token}")
    assert (user, parts.netloc, parts.path) == ("portal-service", "portal-production", "/")
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert (query["Action"], query["User"]) == ("connect", "portal-service")
    assert (query["X-Amz-Expires"], query["X-Amz-Security-Token"]) == ("900", "of-the-task")
    assert query["X-Amz-Credential"].endswith("/eu-west-1/elasticache/aws4_request")


def test_the_cache_of_a_deployment_is_reached_by_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    settings = Settings(
        redis_url=SecretStr("rediss://cache:6379/0"), redis_user="portal", redis_cache="portal-1"
    )
    portal = make_portal(settings)
    provider = portal.redis.connection_pool.connection_kwargs["credential_provider"]
    assert isinstance(provider, CacheToken)
    portal.close()


def test_without_a_user_nothing_is_signed() -> None:
    portal = make_portal(Settings())
    assert isinstance(portal.redis, Redis)
    assert portal.redis.connection_pool.connection_kwargs["credential_provider"] is None
    portal.close()


def test_a_user_belongs_to_a_cache() -> None:
    with pytest.raises(ValidationError, match="REDIS_USER and REDIS_CACHE"):
        Settings(redis_user="portal")
