"""Deployments: what is read decides, what is not read is unknown, and what only explains states nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from infraguard.model.evidence import Evidence, Resource
from infraguard.model.values import Unknown

Collect = Callable[[Mapping[str, str | bytes]], Evidence]
Only = Callable[[str, Mapping[str, str | bytes]], Resource]
FACTS = ("canary", "blue_green", "checks_health", "by_digest", "rolls_back", "migrates")


def deployment(only: Only, step: str, files: Mapping[str, str]) -> Mapping[str, Any]:
    workflow = (
        "on: {push: {branches: [main]}}\njobs:\n  app:\n    runs-on: ubuntu-24.04\n    environment: production\n"
        f"    steps:\n      - {step}\n"
    )
    return only("deployment", {".github/workflows/deploy.yml": workflow, **files}).attributes


@pytest.mark.parametrize(
    ("step", "files", "why"),
    [
        ("uses: acme/deploy-service@v1", {}, "acme/deploy-service"),
        ("run: ./scripts/deploy.sh", {}, "scripts/deploy.sh is no file"),
        ("run: make deploy", {}, "no Makefile"),
        ("run: deployctl production", {}, "deployctl"),
        ("run: python scripts/deploy.py", {"scripts/deploy.py": "main()\n"}, "scripts/deploy.py"),
    ],
)
def test_what_is_not_read_leaves_every_fact_unknown(only: Only, step: str, files: Mapping[str, str], why: str) -> None:
    found = deployment(only, step, files)
    for fact in FACTS:
        assert isinstance(found[fact], Unknown), fact
        assert found[fact].remedy
    assert why in found["canary"].reason


@pytest.mark.parametrize(
    ("step", "files"),
    [
        ("run: ./scripts/deploy.sh", {"scripts/deploy.sh": "# canary, blue-green, /health\nkubectl apply -f x\n"}),
        ('run: "kubectl apply -f x # canary, blue-green, curl /health"', {}),
        (
            "run: ./scripts/release.sh",
            {"scripts/release.sh": "deploy_all() {\n  kubectl apply -f x\n}\ndeploy_map[$id]=1\ndeploy_all\n"},
        ),
    ],
)
def test_what_is_read_decides_and_comments_state_nothing(only: Only, step: str, files: Mapping[str, str]) -> None:
    found = deployment(only, step, files)
    assert [found[fact] for fact in ("canary", "blue_green", "checks_health", "migrates")] == [
        "",
        False,
        False,
        "never",
    ]


def test_a_docstring_of_a_program_states_nothing_and_its_code_does(only: Only) -> None:
    program = '"""Blue-green."""\nurl = "/health"  # canary 1 10 100\n'
    found = deployment(only, "run: python scripts/deploy.py", {"scripts/deploy.py": program})
    assert isinstance(found["blue_green"], Unknown)
    assert isinstance(found["canary"], Unknown)
    assert found["checks_health"] is True


MODULES = {
    "scripts/traffic.py": "import json\nimport health\nweights = [1, 10, 100]\nside = 'app-blue'\n",
    "scripts/health.py": "import traffic\nurl = '/health'\n",
}


def test_a_program_that_deploys_does_so_through_the_modules_beside_it(only: Only) -> None:
    files = {"scripts/deploy.py": "from health import url\nurl()\n", **MODULES}
    found = deployment(only, "run: python scripts/deploy.py", files)
    assert (found["blue_green"], found["checks_health"]) == (True, True)
    assert "weights" in found["canary"]


def test_modules_of_elsewhere_and_of_other_programs_state_nothing(only: Only) -> None:
    """A name that is imported need not be beside the program, and a program that deploys nothing has no canary."""
    files = {"scripts/deploy.py": "import os.traffic\nfrom . import health\nurl = ''\n", **MODULES}
    found = deployment(only, "run: python scripts/deploy.py", files)
    assert all(isinstance(found[fact], Unknown) for fact in ("blue_green", "checks_health", "canary"))
    step = "{run: python scripts/check.py}\n      - {run: kubectl apply -f x}"
    found = deployment(only, step, {"scripts/check.py": "import health\n", **MODULES})
    assert (found["blue_green"], found["checks_health"], found["canary"]) == (False, False, "")


@pytest.mark.parametrize(
    ("declared", "stage"),
    [
        ("{default: dev}", None),
        ("{type: choice, options: [dev, staging], default: dev}", "development"),
    ],
)
def test_the_environment_is_what_whoever_starts_it_may_choose(only: Only, declared: str, stage: str | None) -> None:
    workflow = (
        f"on: {{workflow_dispatch: {{inputs: {{environment: {declared}}}}}}}\njobs:\n  app:\n    runs-on: ubuntu\n"
        "    environment: ${{ github.event.inputs.environment || 'dev' }}\n"
        "    steps:\n      - run: kubectl apply -f app.yaml\n"
    )
    found = only("deployment", {".github/workflows/deploy.yml": workflow}).attributes["stage"]
    if stage is None:
        assert isinstance(found, Unknown)
        assert "chooses the environment" in found.reason
    else:
        assert found == stage


def by_choice(collect: Callable[..., Any], starts: str, job: str, more: str = "") -> dict[str, Any]:
    """The deployments of a workflow whose environment is chosen by hand: stages by names."""
    workflow = (
        "on:\n  workflow_dispatch:\n    inputs:\n"
        "      environment: {type: choice, options: [dev, stage, demo, prod]}\n"
        f"{starts}jobs:\n  app:\n{job}{more}"
    )
    called = "on: {workflow_call: {inputs: {environment: {type: string}}}}\njobs:\n  put:\n    runs-on: ubuntu\n"
    called += "    steps:\n      - run: make deploy ENVIRONMENT=${{ inputs.environment }}\n"
    found = collect({".github/workflows/deploy.yml": workflow, ".github/workflows/called.yml": called})
    return {each.id.partition("#")[2]: each.attributes for each in found.resources if each.kind == "deployment"}


PUSHED = "  push: {branches: [main]}\n"
OWN = "    runs-on: ubuntu\n    environment: {}\n    steps:\n      - run: kubectl apply -f app.yaml\n"
CALLS = "    uses: ./.github/workflows/called.yml\n    with: {environment: \"${{ inputs.environment || 'dev' }}\"}\n"


def test_each_environment_that_can_be_chosen_is_deployed_to(collect: Callable[..., Any]) -> None:
    """What is chosen is chosen by hand, whatever else starts the workflow; a demonstration is no stage on the way."""
    own = OWN.format("${{ github.event.inputs.environment || 'dev' }}")
    found = by_choice(collect, PUSHED, own)
    assert {name: each["stage"] for name, each in found.items()} == {
        "app": "development",
        "app (stage)": "staging",
        "app (prod)": "production",
    }
    assert (found["app"]["pushes"], found["app"]["only_by_hand"]) == ("main branch", False)
    assert (found["app (prod)"]["pushes"], found["app (prod)"]["only_by_hand"]) == ("never", True)
    assert found["app (prod)"]["environment_name"] == "prod"
    assert {name: each["repeats"] for name, each in found.items()} == {
        "app": False,
        "app (stage)": True,
        "app (prod)": True,
    }
    assert sorted(by_choice(collect, "", own)) == ["app (dev)", "app (prod)", "app (stage)"]


NAMED = "    name: Deploy to stage\n    runs-on: ubuntu\n    steps:\n      - run: kubectl apply -f {}\n"


@pytest.mark.parametrize(
    ("job", "names"),
    [
        (NAMED.format("app.yaml"), ["app"]),
        (NAMED.format("${{ inputs.environment }}.yaml"), ["app (prod)", "app (stage)"]),
        (NAMED.format("app.yaml") + "    if: inputs.environment == 'prod'\n", ["app (prod)"]),
        (NAMED.format("app.yaml").replace("stage", "a cluster"), ["app (prod)", "app (stage)"]),
    ],
)
def test_what_is_chosen_says_nothing_of_a_job_that_is_named_after_its_stage(
    collect: Callable[..., Any], job: str, names: list[str]
) -> None:
    found = by_choice(collect, "", job)
    assert [name for name in sorted(found) if name != "app (dev)"] == names


def test_a_job_that_waits_for_one_named_after_its_stage_is_after_staging(collect: Callable[..., Any]) -> None:
    after = "    needs: [app]\n    runs-on: ubuntu\n    environment: ${{ inputs.environment }}\n"
    second = "  second:\n" + after + "    steps:\n      - run: kubectl apply -f app.yaml\n"
    found = by_choice(collect, "", NAMED.format("app.yaml"), second)
    assert found["second (prod)"]["after_staging"] is True


def test_what_is_chosen_is_handed_to_workflows_that_are_called(collect: Callable[..., Any]) -> None:
    found = by_choice(collect, PUSHED, CALLS)
    assert {name: each["stage"] for name, each in found.items()} == {
        "app/put": "development",
        "app (stage)/put": "staging",
        "app (prod)/put": "production",
    }


def test_a_job_with_an_environment_of_its_own_is_no_choice(collect: Callable[..., Any]) -> None:
    found = by_choice(collect, PUSHED, OWN.format("production"))
    assert {name: each["stage"] for name, each in found.items()} == {"app": "production"}


def test_a_condition_tells_for_which_choice_a_job_runs(collect: Callable[..., Any]) -> None:
    """The job before production is skipped where production is chosen: nothing was staged."""
    chosen = OWN.format("${{ inputs.environment }}")
    only = "    if: inputs.environment == 'prod'\n    needs: [first]\n" + chosen
    first = "  first:\n    if: github.event.inputs.environment == 'stage'\n" + chosen
    found = by_choice(collect, PUSHED, only, first)
    assert {name: each["stage"] for name, each in found.items()} == {
        "app (prod)": "production",
        "first (stage)": "staging",
    }
    assert found["app (prod)"]["after_staging"] is False


CALLED = """on:
  workflow_call:
    inputs:
      command: {type: string}
      environment: {type: string}
      app_env: {type: string}
jobs:
  app:
    if: (inputs.command == 'apply')
    runs-on: ubuntu-24.04
    environment: ${{ inputs.environment }}
    steps:
      - run: aws ecs update-service --service app --force-new-deployment
"""


def called(given: str) -> dict[str, str]:
    workflow = "on: {push: {branches: [main]}}\njobs:\n  stack:\n    uses: ./.github/workflows/called.yml\n"
    workflow += f"    with: {{{given}}}\n"
    return {".github/workflows/main.yml": workflow, ".github/workflows/called.yml": CALLED}


def test_a_called_job_whose_input_says_no_does_not_deploy(collect: Callable[..., Any]) -> None:
    found = collect(called("command: plan, environment: production"))
    assert not [each for each in found.resources if each.kind == "deployment"]


def test_a_called_job_starts_as_its_caller_does(only: Only) -> None:
    found = only("deployment", called("command: apply, environment: production")).attributes
    assert (found["stage"], found["pushes"]) == ("production", "main branch")


@pytest.mark.parametrize(
    ("variables", "stage"), [("ENVIRONMENT: beta", "staging"), ("ENV: production", "production"), ("REGION: eu", None)]
)
def test_a_variable_of_the_workflow_names_the_environment(only: Only, variables: str, stage: str | None) -> None:
    step = "run: aws ecs update-service --cluster app --service app --force-new-deployment"
    text = (
        f"on: {{push: {{branches: [x]}}}}\nenv: {{{variables}}}\njobs: {{app: {{runs-on: a, steps: [{{{step}}}]}}}}\n"
    )
    found = only("deployment", {".github/workflows/a.yml": text, "envs/dev.tfvars": "a = 1\n"}).attributes["stage"]
    assert (None if isinstance(found, Unknown) else found) == stage


@pytest.mark.parametrize(
    ("script", "deploys"),
    [
        ("cd app && git pull && docker compose up -d", True),
        ("cd app && ./update.sh", True),
        ("cd app && sudo bash scripts/backup.sh", False),
        ("cd app && docker compose run --rm worker python prune.py", False),
        ("docker system prune -f && docker compose up -d", True),
        ("tox -e py312", False),
    ],
)
def test_what_keeps_a_machine_in_order_is_no_deployment(collect: Collect, script: str, deploys: bool) -> None:
    step = f"{{uses: appleboy/ssh-action@v1, with: {{script: '{script}'}}}}"
    text = f"on: {{schedule: [{{cron: '0 2 * * *'}}]}}\njobs: {{a: {{runs-on: x, steps: [{step}]}}}}\n"
    evidence = collect({".github/workflows/a.yml": text})
    assert any(each.kind == "deployment" for each in evidence.resources) is deploys


def test_an_input_that_contradicts_the_environment_leaves_the_stage_open(only: Only) -> None:
    found = only("deployment", called("command: apply, environment: prod, app_env: test")).attributes
    assert "its input app_env is test" in found["stage"].reason


@pytest.mark.parametrize(
    ("options", "deploys"),
    [
        ("--desired-count 1", False),
        ("\\\n            --desired-count 0 \\\n            --no-cli-pager", False),
        ("--desired-count 2 --force-new-deployment", True),
        ("--desired-count 2 --task-definition app:7", True),
        ("", True),
    ],
)
def test_another_number_of_tasks_is_no_release(collect: Callable[..., Any], options: str, deploys: bool) -> None:
    workflow = (
        "on: {schedule: [{cron: '0 7 * * 1-5'}]}\njobs:\n  resume:\n    runs-on: ubuntu-24.04\n    steps:\n"
        f"      - run: |\n          aws ecs update-service --service app {options}\n"
    )
    found = collect({".github/workflows/resume.yml": workflow})
    assert bool([each for each in found.resources if each.kind == "deployment"]) is deploys


@pytest.mark.parametrize(
    ("command", "count"),
    [
        ("./deployment/deploy.sh", 1),
        ("./deploy/release.sh", 1),
        ("./deployment/run_task staging migrate", 0),
        ("./deployment/infra apply", 1),
        ("./deployment/infra plan", 0),
        ("./deployment/infra destroy", 0),
    ],
)
def test_a_script_in_a_folder_for_deployment_is_judged_by_its_name_and_what_it_does(
    collect: Callable[[Mapping[str, str | bytes]], Evidence], command: str, count: int
) -> None:
    workflow = f"on: push\njobs:\n  app:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: {command}\n"
    scripts = {
        "deployment/run_task": "#!/bin/sh\naws ecs run-task --task-definition app\n",
        "deployment/infra": "#!/bin/sh\nDIR=$(dirname $0)/../deployment/terraform\nterraform apply\n",
    }
    kinds = [each.kind for each in collect({".github/workflows/deploy.yml": workflow, **scripts}).resources]
    assert kinds.count("deployment") == count


#: What a host is given: to migrate in a container of its own, and to put the new container in the old one's place.
REMOTE = """\
          cat > release.sh <<'END'
          docker run --rm --env-file .env \\
            "$IMAGE" alembic upgrade head
          docker stop app || true
          docker run -d --name app "$IMAGE"
          curl -f http://127.0.0.1:8000/health || docker run -d --name app "$PREVIOUS_IMAGE"
          END
"""


@pytest.mark.parametrize(
    ("command", "deploys"),
    [
        ("aws ssm send-command --instance-ids i-1 --document-name AWS-RunShellScript", "aws ssm send-command"),
        ("ssh ubuntu@host.example 'bash -s' < release.sh", "ssh ubuntu@h"),
    ],
)
def test_a_host_is_deployed_to_from_afar(only: Only, command: str, deploys: str) -> None:
    found = deployment(only, f"run: |\n{REMOTE}          {command}", {})
    assert found["by"] == deploys
    assert found["migrates"] == "before"
    assert found["rolls_back"] is True
    assert found["checks_health"] is False  # what served is stopped before anybody has asked what will


def test_a_command_on_a_host_that_puts_nothing_in_place_deploys_nothing(collect: Callable[..., Any]) -> None:
    workflow = (
        "on: push\njobs:\n  logs:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: ssh me@host.example uptime\n"
    )
    assert not [each for each in collect({".github/workflows/x.yml": workflow}).resources if each.kind == "deployment"]


def test_a_script_that_is_told_what_to_run_does_nothing_else(collect: Callable[..., Any]) -> None:
    script = (
        '#!/bin/bash\nfunction lint {\n    ruff check .\n}\nfunction release {\n    kubectl apply -f x\n}\n"${@}"\n'
    )
    workflow = "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: ./run {}\n"
    found = {
        task: [
            each.attributes["by"]
            for each in collect({".github/workflows/x.yml": workflow.format(task), "run": script}).resources
            if each.kind == "deployment"
        ]
        for task in ("lint", "release")
    }
    assert found == {"lint": [], "release": ["kubectl apply"]}


def test_migrations_in_a_job_that_waits_for_the_deployment_come_after_it(collect: Callable[..., Any]) -> None:
    workflow = (
        "on: {push: {branches: [main]}}\njobs:\n  app:\n    runs-on: ubuntu-24.04\n    environment: production\n"
        "    steps:\n      - uses: superfly/flyctl-actions/setup-flyctl@master\n"
        "      - run: flyctl deploy --remote-only\n"
        "  schema:\n    needs: [app]\n    runs-on: ubuntu-24.04\n    steps: [{run: alembic upgrade head}]\n"
    )
    found = [
        each for each in collect({".github/workflows/deploy.yml": workflow}).resources if each.kind == "deployment"
    ]
    assert [(each.attributes["by"], each.attributes["migrates"]) for each in found] == [("flyctl deploy", "after")]
