"""The emulator does what tests of the collector take for granted."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import time
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from tests.emulator.calls import recognise
from tests.emulator.faults import Fault
from tests.emulator.server import ACCOUNT, ROOT, Emulator, Entry


def at_once(aws: Emulator, service: str, read_timeout: float = 2) -> Any:
    """A client that does not try again."""
    config = Config(retries={"max_attempts": 0}, read_timeout=read_timeout)
    return boto3.client(service, config=config)  # type: ignore[call-overload]


def test_the_environment_leads_here_and_nowhere_else(aws: Emulator) -> None:
    assert boto3.client("sts").get_caller_identity()["Account"] == ACCOUNT
    assert boto3.client("sts").meta.endpoint_url == aws.endpoint


def test_the_log_names_every_call(aws: Emulator) -> None:
    boto3.client("elbv2", region_name="us-east-1").describe_load_balancers()
    aws.faults([{"kind": "deny", "service": "cloudwatch"}])
    with pytest.raises(ClientError):
        at_once(aws, "cloudwatch").describe_alarms()
    assert aws.log() == [
        Entry("elbv2", "DescribeLoadBalancers", "us-east-1", "test", ""),
        Entry("cloudwatch", "DescribeAlarms", "eu-west-1", "test", "deny"),
    ]


def test_reset_empties_everything(aws: Emulator) -> None:
    aws.seed_bad()
    aws.faults([{"kind": "deny"}])
    aws.overlay([{"service": "sns", "operation": "ListTopics", "output": {"Topics": [{"TopicArn": "arn:x"}]}}])
    aws.reset()
    assert boto3.client("rds").describe_db_instances()["DBInstances"] == []
    assert boto3.client("sns").list_topics()["Topics"] == []
    assert len(aws.log()) == 2


def test_faults_pick_their_calls_and_are_counted_off(aws: Emulator) -> None:
    aws.faults([{"kind": "deny", "service": "rds", "operation": "Describe*Clusters", "region": "eu-*", "n": 1}])
    rds = at_once(aws, "rds")
    rds.describe_db_instances()
    boto3.client("rds", region_name="us-east-1").describe_db_clusters()
    with pytest.raises(ClientError, match="AccessDenied"):
        rds.describe_db_clusters()
    rds.describe_db_clusters()


def test_chance_repeats(aws: Emulator) -> None:
    def run() -> list[str]:
        aws.reset()
        aws.faults([{"kind": "deny", "p": 0.5}])
        for _ in range(12):
            try:
                at_once(aws, "sns").list_topics()
            except ClientError:
                continue
        return [entry.fault for entry in aws.log()]

    first = run()
    assert first == run()
    assert set(first) == {"", "deny"}


@pytest.mark.parametrize(
    ("service", "operation", "codes"),
    [
        ("rds", "describe_db_instances", ("Throttling", "AccessDenied", "InvalidClientTokenId", "ExpiredToken")),
        ("ec2", "describe_vpcs", ("RequestLimitExceeded", "UnauthorizedOperation", "AuthFailure", "RequestExpired")),
        (
            *("cloudwatch", "describe_alarms"),
            ("ThrottlingException", "AccessDeniedException", "UnrecognizedClientException", "ExpiredTokenException"),
        ),
        (
            *("backup", "list_backup_plans"),
            ("ThrottlingException", "AccessDeniedException", "UnrecognizedClientException", "ExpiredTokenException"),
        ),
    ],
)
def test_each_protocol_fails_in_its_own_words(
    aws: Emulator, service: str, operation: str, codes: tuple[str, ...]
) -> None:
    for kind, code in zip(("throttle", "deny", "optin", "expired"), codes, strict=True):
        aws.faults([{"kind": kind, "n": 1}])
        with pytest.raises(ClientError) as caught:
            getattr(at_once(aws, service), operation)()
        assert caught.value.response["Error"]["Code"] == code
        assert kind in caught.value.response["Error"]["Message"]


def test_the_network_fails_too(aws: Emulator) -> None:
    aws.faults([{"kind": "reset", "n": 1}])
    with pytest.raises(ConnectionClosedError):
        at_once(aws, "rds").describe_db_instances()
    aws.faults([{"kind": "timeout", "n": 1, "delay": 0.6}])
    with pytest.raises(ReadTimeoutError):
        at_once(aws, "rds", read_timeout=0.2).describe_db_instances()


def test_an_unknown_fault_is_refused() -> None:
    with pytest.raises(ValueError, match="throttle"):
        Fault(kind="thottle")


def test_an_overlay_answers_in_every_protocol(aws: Emulator) -> None:
    created = "2026-11-01T00:00:00+00:00"
    aws.overlay(
        [
            {
                "service": "rds",
                "operation": "DescribeDBInstances",
                "output": {"DBInstances": [{"DBInstanceIdentifier": "one", "InstanceCreateTime": created}]},
            },
            {"service": "ec2", "operation": "DescribeVpcs", "output": {"Vpcs": [{"VpcId": "vpc-1"}]}},
            {
                "service": "cloudwatch",
                "operation": "DescribeAlarms",
                "output": {"MetricAlarms": [{"AlarmName": "one"}]},
                "account": "111111111111",
            },
            {
                "service": "backup",
                "operation": "ListBackupJobs",
                "output": {"BackupJobs": [{"BackupJobId": "one"}]},
            },
        ]
    )
    (database,) = boto3.client("rds").describe_db_instances()["DBInstances"]
    assert (database["DBInstanceIdentifier"], database["InstanceCreateTime"].year) == ("one", 2026)
    assert boto3.client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"] == "vpc-1"
    assert boto3.client("cloudwatch").describe_alarms()["MetricAlarms"] == [], "that is another account"
    assert boto3.client("backup").list_backup_jobs()["BackupJobs"] == [{"BackupJobId": "one"}]


def test_databases_have_ids_of_their_own(aws: Emulator) -> None:
    aws.seed_good()
    aws.seed_bad()
    databases = boto3.client("rds").describe_db_instances()["DBInstances"]
    assert len({database["DbiResourceId"] for database in databases}) == 2


@pytest.mark.parametrize(
    ("method", "path", "query", "service", "operation"),
    [
        ("GET", "/backup/plans/", "", "backup", "ListBackupPlans"),
        ("GET", "/backup/plans/abc/", "", "backup", "GetBackupPlan"),
        ("GET", "/bucket", "policy", "s3", "GetBucketPolicy"),
        ("GET", "/bucket/a/b", "", "s3", "GetObject"),
        ("GET", "/2013-04-01/hostedzone", "", "route53", "ListHostedZones"),
        ("GET", "/nothing/of/the/sort", "", "backup", ""),
    ],
)
def test_rest_calls_are_recognised(method: str, path: str, query: str, service: str, operation: str) -> None:
    call = recognise(
        {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential=key/20261123/eu-west-1/{service}/aws4_request",
            "wsgi.input": io.BytesIO(),
        }
    )
    assert call is not None
    assert (call.service, call.operation, call.region, call.key) == (service, operation, "eu-west-1", "key")


def test_the_process_ends_with_the_one_that_started_it() -> None:
    """The starter ends without a word to the emulator, as when a test run is killed."""
    code = "import os; from tests.emulator.server import Emulator; print(Emulator().endpoint, flush=True); os._exit(1)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    starter = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=False)
    port = int(starter.stdout.decode().rpartition(":")[2])
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            return
        time.sleep(0.1)
    pytest.fail(f"something still listens on port {port}")
