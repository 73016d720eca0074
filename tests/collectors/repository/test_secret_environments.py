"""Which secrets the jobs of several environments share, and where the programs of a repository get theirs from."""

from __future__ import annotations

from typing import Any

import pytest

from infraguard.collectors.repository import collect_repository
from infraguard.model.values import Unknown
from infraguard.readers.tree import MemoryTree

DEPLOY = """
on: {push: {branches: [main]}}
jobs:
  staging:
    runs-on: ubuntu-24.04
    environment: staging
    steps:
      - run: ./deploy.sh staging
        env: {KEY: "${{ secrets.%s }}"}
  production:
    needs: [staging]
    runs-on: ubuntu-24.04
    %s
    steps:
      - run: ./deploy.sh production
        env: {KEY: "${{ secrets.%s }}"}
"""


def found(kind: str, files: dict[str, str]) -> list[dict[str, Any]]:
    evidence = collect_repository(MemoryTree(files))
    return [dict(one.attributes) for one in evidence.resources if one.kind == kind]


def environments(first: str, second: str, scope: str = "environment: production") -> dict[str, dict[str, Any]]:
    files = {".github/workflows/deploy.yml": DEPLOY % (first, scope, second), "deploy.sh": "kubectl apply -f k8s\n"}
    return {str(one["environment"]): one for one in found("environment_secrets", files)}


def test_each_environment_takes_what_github_keeps_for_it() -> None:
    jobs = environments("KEY", "KEY")
    assert jobs.keys() == {"staging", "production"}
    assert all(one["github_environment"] and one["secrets"] == ["KEY"] and one["shared"] == [] for one in jobs.values())


def test_names_that_differ_are_not_shared_without_an_environment_of_github() -> None:
    production = environments("STAGING_KEY", "PRODUCTION_KEY", scope="name: production")
    assert all(one["shared"] == [] for one in production.values())


@pytest.mark.parametrize("name", ["ALB_LISTENER_ARN", "ECS_CLUSTER", "GREEN_TARGET_GROUP_ARN", "SUBNET_IDS"])
def test_where_something_is_is_no_secret(name: str) -> None:
    assert environments(name, name) == {}


@pytest.mark.parametrize("name", ["SLACK_WEBHOOK", "CODECOV_TOKEN", "GITHUB_TOKEN", "DOCKERHUB_PASSWORD"])
def test_what_tools_of_the_whole_repository_share_opens_no_environment(name: str) -> None:
    assert environments(name, name) == {}


def test_a_secret_of_the_repository_that_two_environments_take_is_shared() -> None:
    text = (DEPLOY % ("KEY", "name: to production", "KEY")).replace("environment: staging", "name: to staging")
    jobs = found("environment_secrets", {".github/workflows/deploy.yml": text, "deploy.sh": "kubectl apply -f k8s\n"})
    assert [one["shared"] for one in jobs] == [["KEY"], ["KEY"]]


def test_one_environment_shares_with_none() -> None:
    text = DEPLOY.split("  production:", maxsplit=1)[0] % "KEY"
    assert found("environment_secrets", {".github/workflows/deploy.yml": text}) == []


def supply(files: dict[str, str]) -> dict[str, Any]:
    (one,) = found("secret_supply", files)
    return one


READS = 'import os\nimport fastapi\n\nDATABASE_URL = os.environ["DATABASE_URL"]\n'


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        ("src/store.py", 'import boto3\nboto3.client("secretsmanager")\n', "AWS Secrets Manager"),
        (
            "main.tf",
            'resource "aws_secretsmanager_secret" "a" {}\nvalueFrom = aws_secretsmanager_secret.a.arn\n',
            "AWS Secrets Manager",
        ),
        (
            "main.tf",
            'resource "aws_db_instance" "a" {\n  manage_master_user_password = true\n}\n',
            "AWS Secrets Manager",
        ),
        ("task.json", '{"valueFrom": "arn:aws:secretsmanager:eu:1:secret:a"}\n', "AWS Secrets Manager"),
        ("src/store.py", 'import boto3\nboto3.client("ssm")\n', "AWS Parameter Store"),
        ("src/store.py", "import hvac\n", "Vault"),
        ("k8s/app.yaml", "env: [{valueFrom: {secretKeyRef: {name: a}}}]\n", "Kubernetes secrets"),
        (
            ".github/workflows/d.yml",
            'on: push\njobs: {a: {runs-on: x, steps: [{run: "true", env: {A: "${{ secrets.DATABASE_URL }}"}}]}}\n',
            "secrets of GitHub",
        ),
        (
            "src/bound.py",
            'import json\nimport os\nSERVICES = json.loads(os.environ["VCAP_SERVICES"])\n',
            "services that Cloud Foundry binds",
        ),
        ("deploy.sh", 'cf set-env app DB_PASSWORD "$DB_PASSWORD"\n', "secrets of the platform"),
        ("main.tf", 'resource "aws_ssm_parameter" "a" {\n  type = "SecureString"\n}\n', "AWS Parameter Store"),
        ("main.tf", 'data "aws_ssm_parameter" "database_password" {\n  name = "/a"\n}\n', "AWS Parameter Store"),
    ],
)
def test_stores_that_fill_secrets_are_named(path: str, text: str, name: str) -> None:
    assert name in supply({"src/app.py": READS, path: text})["filled_by"]


@pytest.mark.parametrize(
    "text", ["secrets.GITHUB_TOKEN", "secrets.inherit", "secrets.CIRCLE_CI_V2_TOKEN", "secrets.LIVE_ENV_GIST"]
)
def test_the_token_of_a_workflow_is_no_store(text: str) -> None:
    steps = '[{run: "true", env: {A: "${{ TEXT }}"}}]'.replace("TEXT", text)
    workflow = f"on: push\njobs: {{a: {{runs-on: x, steps: {steps}}}}}\n"
    filled = supply({"src/app.py": READS, ".github/workflows/d.yml": workflow})["filled_by"]
    assert isinstance(filled, Unknown)


def test_secrets_that_nobody_is_seen_to_fill_are_unknown_with_a_remedy() -> None:
    one = supply({"src/app.py": READS})
    assert one["read_in"] == "src/app.py"
    assert isinstance(one["filled_by"], Unknown)
    assert one["filled_by"].remedy


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("compose.yaml", "services: {api: {build: ., environment: {DATABASE_URL: '${DATABASE_URL}'}}}\n"),
        ("main.tf", 'resource "aws_secretsmanager_secret" "a" {}\n'),  # which nothing takes
        ("main.tf", 'resource "aws_ssm_parameter" "model" {\n  type = "String"\n}\n'),
        ("main.tf", 'data "aws_ssm_parameter" "ami" {\n  name = "/aws/service/a"\n}\n'),
    ],
)
def test_what_hands_on_secrets_or_holds_settings_is_no_store(path: str, text: str) -> None:
    assert isinstance(supply({"src/app.py": READS, path: text})["filled_by"], Unknown)


def test_a_repository_without_secrets_has_no_supply() -> None:
    assert found("secret_supply", {"src/app.py": "import fastapi\n"}) == []


def test_an_environment_of_github_is_one_whatever_an_input_says() -> None:
    """A called workflow puts a release into preprod also on its way to production: the secrets are those of preprod."""
    called = "on: {workflow_call: {inputs: {environment: {type: string}}}}\njobs:\n"
    for name in ("preprod", "prod"):
        called += f"  {name}:\n    runs-on: ubuntu-24.04\n    environment: {name}\n    steps:\n"
        called += '      - run: ./deploy.sh\n        env: {KEY: "${{ secrets.KEY }}"}\n'
    files = {".github/workflows/called.yml": called, "deploy.sh": "kubectl apply -f k8s\n"}
    for name in ("preprod", "prod"):
        text = "on: workflow_dispatch\njobs:\n  call:\n    uses: ./.github/workflows/called.yml\n"
        files[f".github/workflows/{name}.yml"] = f"{text}    with: {{environment: {name}}}\n"
    assert [one["shared"] for one in found("environment_secrets", files)] == [[], [], [], []]
