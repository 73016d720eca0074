"""Without an identity there is nothing to judge, and one line says why."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from infraguard.model.errors import CollectionError, InfraGuardError, UsageError
from tests.collectors.aws.conftest import Collect
from tests.emulator.server import ACCOUNT, Emulator

KINDS = frozenset({"aws_db_instance"})


def refused(collect: Collect, error: type[InfraGuardError], **settings: object) -> InfraGuardError:
    with pytest.raises(error) as caught:
        collect(KINDS, **settings)
    assert caught.value.hint
    assert "\n" not in caught.value.message
    return caught.value


def test_no_credentials(aws: Emulator, collect: Collect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    error = refused(collect, CollectionError)
    assert error.message == "no AWS credentials were found"
    assert "--profile" in error.hint


def test_half_of_the_credentials(aws: Emulator, collect: Collect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    error = refused(collect, CollectionError)
    assert error.message.startswith("the AWS credentials cannot be used")
    assert "AWS_SECRET_ACCESS_KEY" in error.message
    assert "sign in" in error.hint


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("expired", "the AWS credentials have expired"),
        ("optin", "AWS does not know these credentials"),
        ("deny", "AWS cannot be asked who we are: AccessDenied"),
        ("reset", "AWS cannot be asked who we are: ConnectionClosedError"),
        ("garbage", "AWS cannot be asked who we are: HTTP 502"),
    ],
)
def test_sts_refuses_or_is_silent(aws: Emulator, collect: Collect, fault: str, message: str) -> None:
    aws.faults([{"kind": fault, "service": "sts"}])
    assert refused(collect, CollectionError).message.startswith(message)


def test_sts_is_asked_in_the_next_region_when_one_is_silent(aws: Emulator, collect: Collect) -> None:
    aws.faults([{"kind": "garbage", "service": "sts", "region": "us-east-1"}])
    evidence = collect(KINDS, regions=("us-east-1", "eu-west-1"))
    assert evidence.targets[0].name == ACCOUNT
    assert evidence.gaps == ()


def test_an_answer_of_sts_without_an_account(aws: Emulator, collect: Collect) -> None:
    aws.overlay([{"service": "sts", "operation": "GetCallerIdentity", "output": {}}])
    assert "lacks Account" in refused(collect, CollectionError).message


def test_a_refusal_is_not_asked_again_elsewhere(aws: Emulator, collect: Collect) -> None:
    aws.faults([{"kind": "expired", "service": "sts"}])
    refused(collect, CollectionError, regions=("us-east-1", "eu-west-1"))
    assert [entry.region for entry in aws.log()] == ["us-east-1"]


def test_a_role_that_may_not_be_assumed(aws: Emulator, collect: Collect) -> None:
    aws.faults([{"kind": "deny", "service": "sts", "operation": "AssumeRole"}])
    role = "arn:aws:iam::111111111111:role/auditor"
    error = refused(collect, CollectionError, role_arn=role)
    assert error.message.startswith(f"{role} cannot be assumed: AccessDenied")
    assert "trust policy" in error.hint


def test_an_unknown_profile(aws: Emulator, collect: Collect) -> None:
    assert "nobody" in refused(collect, UsageError, profile="nobody").message


def test_a_profile_gives_credentials_and_the_region(
    aws: Emulator, collect: Collect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    aws.seed_good("us-east-1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    config = tmp_path / "config"
    config.write_text("[profile audit]\nregion = us-east-1\naws_access_key_id = a\naws_secret_access_key = b\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    evidence = collect(KINDS, profile="audit")
    assert [resource.location.region for resource in evidence.resources] == ["us-east-1"]


def test_broken_settings(aws: Emulator, collect: Collect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("[profile audit\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    assert "AWS settings" in refused(collect, UsageError).message


def test_no_region(aws: Emulator, collect: Collect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    assert "--region" in refused(collect, UsageError).hint


@pytest.mark.parametrize("region", ["eu west 1", "-", "eu-west-1/../x"])
def test_a_region_that_cannot_be_one(aws: Emulator, collect: Collect, region: str) -> None:
    assert region in refused(collect, UsageError, regions=(region,)).message


def test_boto3_is_missing(aws: Emulator, collect: Collect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    assert refused(collect, UsageError).hint == "pip install 'infraguard[aws]'"
