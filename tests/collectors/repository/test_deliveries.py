"""Jobs that deliver: where to, after what, by whose leave, and what becomes of a release that fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from infraguard.collectors.repository.deliveries.releasing import applies_infrastructure
from infraguard.model.evidence import Environment, Evidence, Resource
from infraguard.model.values import Unknown

Collect = Callable[[Mapping[str, str | bytes]], Evidence]
APPLY = "kubectl apply -f app.yaml"


def of_kind(collect: Collect, kind: str, *files: str) -> dict[str, Resource]:
    """The resources of a kind in workflows, by the last part of their ids."""
    named = {f".github/workflows/w{number}.yml": text for number, text in enumerate(files)}
    return {each.id.partition("#")[2]: each for each in collect(named).resources if each.kind == kind}


def job(name: str, *steps: str, more: str = "") -> str:
    lines = "".join(f"      - {step}\n" for step in steps)
    return f"  {name}:\n    runs-on: ubuntu-24.04\n{more}    steps:\n{lines}"


def deployments(collect: Collect, *jobs: str, on: str = "{push: {branches: [main]}}") -> dict[str, dict[str, Any]]:
    found = of_kind(collect, "deployment", f"on: {on}\njobs:\n{''.join(jobs)}")
    return {name: each.attributes for name, each in found.items()}


@pytest.mark.parametrize(
    ("name", "more", "step", "stage"),
    [
        ("app", "    environment: production\n", f"run: {APPLY}", "production"),
        ("app", "    environment: {name: staging}\n", f"run: {APPLY}", "staging"),
        ("deploy-staging", "", f"run: {APPLY}", "staging"),
        ("deploy-prd", "", f"run: {APPLY}", "production"),
        ("app", "", f"run: {APPLY} --namespace uat", "staging"),
        ("deploy-dev", "", f"run: {APPLY}", "development"),
        ("pre-prod", "", f"run: {APPLY}", "staging"),
    ],
)
def test_a_deployment_goes_where_its_environment_its_name_or_its_words_say(
    name: str, more: str, step: str, stage: str, collect: Collect
) -> None:
    assert deployments(collect, job(name, step, more=more))[name]["stage"] == stage


@pytest.mark.parametrize("name", ["app", "product", "delivery"])
def test_the_only_environment_that_there_is_is_production(name: str, collect: Collect) -> None:
    assert deployments(collect, job(name, f"run: {APPLY}"))[name]["stage"] == "production"


@pytest.mark.parametrize("name", ["deploy-prod-and-staging", "non-prod", "deploy-qa"])
def test_a_name_that_tells_of_no_environment_or_of_several_leaves_it_unknown(name: str, collect: Collect) -> None:
    stage = deployments(collect, job(name, f"run: {APPLY}"))[name]["stage"]
    assert isinstance(stage, Unknown)
    assert stage.remedy == "name the environment of the job"


def test_the_environment_is_that_of_the_resource_too(collect: Collect) -> None:
    text = "on: push\njobs:\n" + job("production", f"run: {APPLY}") + job("app", f"run: {APPLY}")
    found = of_kind(collect, "deployment", text)
    assert found["production"].environment is Environment.PRODUCTION
    assert found["app"].environment is Environment.UNKNOWN


@pytest.mark.parametrize(
    "step",
    [
        "run: pytest",
        "run: mkdocs gh-deploy",
        "uses: peaceiris/actions-gh-pages@v4",
        "uses: actions/deploy-pages@v4",
        "uses: acme/actions/github-deploy-key@v4",
        "run: docker compose up -d",
        "run: kubectl rollout undo deployment/app",
        "run: kubectl apply --dry-run=server -f app.yaml",
        "run: helm upgrade app ./chart --install --dry-run",
        "run: helm plugin install https://github.com/helm-unittest/helm-unittest",
        'run: echo "Now run kubectl apply -f app.yaml"',
        "run: ssh deploy@host uptime",
        "run: ssh -T git@github.com",
        'run: aws ssm send-command --parameters "commands=[df -h]"',
        "run: gcloud run services list",
        "run: ./scripts/check-deployment-status.sh app",
        "run: make verify-deployment",
        "run: echo ECS Deploy of $ENV",
        "{uses: slackapi/slack-github-action@v3, with: {payload: kubectl apply is done}}",
    ],
)
def test_what_delivers_no_release_is_no_deployment(step: str, collect: Collect) -> None:
    assert deployments(collect, job("app", step)) == {}


def test_compose_brings_up_a_release_in_a_job_that_is_called_so(collect: Collect) -> None:
    found = deployments(collect, job("deploy", "run: ssh host docker compose up -d"))
    assert found["deploy"]["by"] == "docker compose up"


@pytest.mark.parametrize(
    "command",
    [
        "k3s kubectl -n shop set image deployment/web web=$IMAGE",
        "kubectl --context=x rollout restart deployment/web",
        "helm --namespace shop upgrade --install web ./chart",
        "kustomize build overlays/x | kubectl -n shop apply -f -",
        "aws --region eu-west-1 ecs update-service --service web --force-new-deployment",
        "aws apprunner start-deployment --service-arn $ARN",
        "aws autoscaling start-instance-refresh --auto-scaling-group-name web",
        'aws ssm send-command --parameters "commands=[docker compose pull && docker compose up -d]"',
        'ssh ec2-user@$HOST "docker pull $IMAGE && docker run -d $IMAGE"',
        "ssh $HOST sudo systemctl restart web",
        "cf push web -f manifest.yml",
        "git push https://heroku:$KEY@git.heroku.com/web.git HEAD:main",
        'curl -fsS "${{ secrets.RENDER_DEPLOY_HOOK_URL }}"',
        "az containerapp update -n web --image $IMAGE",
        "gcloud beta run deploy web --image $IMAGE",
        "gcloud run services update web --image $IMAGE",
        "kamal redeploy",
        "docker service update --image $IMAGE web",
        "helmfile -e x apply",
    ],
)
def test_tools_deploy_whatever_stands_before_what_they_are_asked(command: str, collect: Collect) -> None:
    assert list(deployments(collect, job("release", f"run: {command!r}" if ": " in command else f"run: {command}")))


def test_a_cluster_that_a_job_makes_for_itself_gets_no_release(collect: Collect) -> None:
    steps = ("uses: helm/kind-action@v1", "run: helm upgrade --install app ./chart")
    assert deployments(collect, job("app", *steps)) == {}
    assert "app" in deployments(collect, job("app", *steps[1:]))


CHAIN = (
    job("build", "run: docker build -t app ."),
    job("staging", f"run: {APPLY}", more="    needs: build\n    environment: staging\n"),
    job("integration", "run: pytest tests/integration", more="    needs: staging\n"),
    job("production", f"run: {APPLY}", more="    needs: [integration]\n    environment: production\n"),
)


def test_what_a_deployment_waits_for_is_seen_through_all_that_is_before_it(collect: Collect) -> None:
    found = deployments(collect, *CHAIN)
    keys = ("after_build", "after_staging", "after_integration_tests", "builds")
    assert {key: found["production"][key] for key in keys} == dict(zip(keys, (True, True, True, False), strict=True))
    assert {key: found["staging"][key] for key in keys} == dict(zip(keys, (True, False, False, False), strict=True))


def test_tests_that_do_not_wait_for_staging_are_not_after_it(collect: Collect) -> None:
    early = job("integration", "run: pytest tests/integration", more="    needs: build\n")
    last = job("production", f"run: {APPLY}", more="    needs: [staging, integration]\n    environment: production\n")
    found = deployments(collect, CHAIN[0], CHAIN[1], early, last)["production"]
    assert (found["after_staging"], found["after_integration_tests"]) == (True, False)


def test_tests_after_the_deployment_in_the_job_of_staging_are_after_it(collect: Collect) -> None:
    staging = job("staging", f"run: {APPLY}", "run: pytest tests/smoke", more="    environment: staging\n")
    last = job("production", f"run: {APPLY}", more="    needs: staging\n    environment: production\n")
    assert deployments(collect, staging, last)["production"]["after_integration_tests"] is True


def test_jobs_that_wait_for_each_other_end(collect: Collect) -> None:
    one = job("staging", f"run: {APPLY}", more="    needs: production\n")
    two = job("production", f"run: {APPLY}", more="    needs: staging\n")
    assert deployments(collect, one, two)["production"]["after_staging"] is True


@pytest.mark.parametrize(
    ("steps", "when"),
    [
        (("run: alembic upgrade head", f"run: {APPLY}"), "before"),
        ((f"run: {APPLY}", "run: alembic upgrade head"), "after"),
        ((f"run: alembic upgrade head && {APPLY}",), "together"),
        ((f"run: {APPLY}",), "never"),
        (("run: alembic upgrade head --sql", f"run: {APPLY}"), "never"),
    ],
)
def test_when_the_schema_is_migrated(steps: tuple[str, ...], when: str, collect: Collect) -> None:
    assert deployments(collect, job("production", *steps))["production"]["migrates"] == when


def test_a_job_of_its_own_migrates_before(collect: Collect) -> None:
    migrate = job("migrate", "run: python manage.py migrate")
    found = deployments(collect, migrate, job("production", f"run: {APPLY}", more="    needs: migrate\n"))
    assert found["production"]["migrates"] == "before"


@pytest.mark.parametrize(
    ("steps", "rolls_back"),
    [
        ((f"run: {APPLY}",), False),
        ((f"run: {APPLY}", "{if: failure(), run: kubectl rollout undo deployment/app}"), True),
        ((f"run: {APPLY}", "{run: kubectl rollout undo deployment/app}"), False),
        (("run: helm upgrade --atomic app chart",), True),
        (("run: helm upgrade --wait app chart",), False),
        ((f"run: {APPLY}", "{if: failure(), run: echo sorry}"), False),
    ],
)
def test_a_failure_brings_back_what_ran_before(steps: tuple[str, ...], rolls_back: bool, collect: Collect) -> None:
    assert deployments(collect, job("production", *steps))["production"]["rolls_back"] is rolls_back


def test_a_service_that_may_roll_back_by_itself_leaves_it_unknown(collect: Collect) -> None:
    step = "run: aws ecs update-service --cluster a --service b"
    assert isinstance(deployments(collect, job("production", step))["production"]["rolls_back"], Unknown)


@pytest.mark.parametrize(
    ("step", "by_digest"),
    [
        ("run: kubectl set image deployment/app app=registry/app@sha256:${{ needs.build.outputs.id }}", True),
        ("run: kubectl set image deployment/app app=registry/app:${{ github.sha }}", False),
        ("run: kubectl set image deployment/app app=registry/app:latest", False),
        ("run: helm upgrade app chart --set image.digest=$DIGEST", True),
    ],
)
def test_an_image_is_deployed_by_digest_or_by_a_name_that_moves(step: str, by_digest: bool, collect: Collect) -> None:
    assert deployments(collect, job("production", step))["production"]["by_digest"] is by_digest


def test_an_image_that_nothing_names_is_unknown(collect: Collect) -> None:
    assert isinstance(deployments(collect, job("production", f"run: {APPLY}"))["production"]["by_digest"], Unknown)


@pytest.mark.parametrize(
    ("on", "more", "steps", "approval", "by_hand"),
    [
        ("push", "    environment: production\n", (), True, False),
        ("push", "", (), False, False),
        ("push", "", ("uses: trstringer/manual-approval@v1",), True, False),
        ("workflow_dispatch", "", (), False, True),
        ("{push: {tags: ['v*']}}", "", (), False, True),
        ("{workflow_dispatch: , push: }", "", (), False, False),
    ],
)
def test_by_whose_leave_it_runs(
    on: str, more: str, steps: tuple[str, ...], approval: bool, by_hand: bool, collect: Collect
) -> None:
    found = deployments(collect, job("production", *steps, f"run: {APPLY}", more=more), on=on)["production"]
    assert (found["approval"], found["only_by_hand"]) == (approval, by_hand)


CALLED = """on: {workflow_call: {inputs: {environment: {type: string}}}}
jobs:
  run:
    runs-on: ubuntu-24.04
    environment: ${{ inputs.environment }}
    steps: [{run: kubectl apply -f app.yaml}]
"""
CALLER = """on: {push: {branches: [main]}}
jobs:
  staging:
    uses: ./.github/workflows/w1.yml
    with: {environment: staging}
  production:
    needs: staging
    uses: ./.github/workflows/w1.yml
    with: {environment: production}
"""


def test_a_called_workflow_is_a_deployment_for_each_that_calls_it(collect: Collect) -> None:
    found = of_kind(collect, "deployment", CALLER, CALLED)
    assert {name: each.attributes["stage"] for name, each in found.items()} == {
        "staging/run": "staging",
        "production/run": "production",
    }
    assert found["production/run"].attributes["after_staging"] is True
    assert found["production/run"].attributes["workflow"] == ".github/workflows/w0.yml"


def test_a_called_workflow_of_another_repository_that_deploys_is_not_read(collect: Collect) -> None:
    text = "on: push\njobs:\n  deploy-production:\n    uses: acme/flows/.github/workflows/deploy.yml@v1\n"
    found = of_kind(collect, "deployment", text)["deploy-production"].attributes
    assert isinstance(found["rolls_back"], Unknown)
    assert "stands in another repository" in found["rolls_back"].reason


@pytest.mark.parametrize(
    ("text", "static"),
    [
        ("{uses: aws-actions/configure-aws-credentials@v4, with: {role-to-assume: a}}", False),
        ('{uses: aws-actions/configure-aws-credentials@v4, with: {aws-access-key-id: "${{ secrets.ID }}"}}', True),
        (
            (
                "{uses: aws-actions/configure-aws-credentials@v4, "
                'with: {aws-access-key-id: "${{ vars.ID }}", aws-secret-access-key: "${{ secrets.KEY }}"}}'
            ),
            True,
        ),
        ('{run: aws s3 ls, env: {AWS_ACCESS_KEY_ID: "${{ secrets.KEY }}"}}', True),
        ("{run: aws s3 ls, env: {AWS_ACCESS_KEY_ID: %s}}" % ("AKIA" + "Q7WM2ZX6LR4TB2VN"), True),
    ],
)
def test_how_a_workflow_reaches_the_cloud(text: str, static: bool, collect: Collect) -> None:
    (found,) = of_kind(collect, "cloud_login", f"on: push\njobs:\n{job('app', text)}").values()
    assert found.attributes["static"] is static


@pytest.mark.parametrize(
    "value", ["${{ steps.assume.outputs.key }}", "test", "", "testing", "minioadmin", "AKIAIOSFODNN7EXAMPLE"]
)
def test_a_key_that_a_step_made_or_that_stands_for_one_is_not_stored(value: str, collect: Collect) -> None:
    step = f'{{run: aws s3 ls, env: {{AWS_ACCESS_KEY_ID: "{value}"}}}}'
    assert of_kind(collect, "cloud_login", f"on: push\njobs:\n{job('app', step)}") == {}


@pytest.mark.parametrize(
    ("script", "applies"),
    [
        ("terraform apply plan.bin", True),
        ("terraform -chdir=infra/service apply", True),
        ('terraform -chdir="infra/project-config" apply -auto-approve', False),
        ("terraform plan -destroy -out x && terraform -chdir=infra/app-config apply", False),
        ("terraform -chdir=infra/app-config apply; terraform -chdir=infra/service apply", True),
        ("terraform apply -target=module.app.aws_ecs_task_definition.app -auto-approve", False),
        ("TF_CLI_ARGS_apply=-input=false -target=module.app terraform apply", False),
        ("terraform apply -target=module.network\nterraform apply", True),
    ],
)
def test_a_folder_of_settings_is_applied_for_its_outputs(script: str, applies: bool) -> None:
    assert bool(applies_infrastructure(script)) is applies


def test_a_task_definition_that_is_made_for_migrations_is_no_deployment(collect: Collect) -> None:
    steps = "{run: docker build -t portal .}\n      - {run: ./bin/run-database-migrations portal}"
    script = (
        '#!/bin/bash\nTF_CLI_ARGS_apply="-input=false\n  -target=module.app.aws_ecs_task_definition.app" make app\n'
    )
    files = {
        ".github/workflows/ci.yml": f"on: push\njobs:\n  app:\n    runs-on: x\n    steps:\n      - {steps}\n",
        "bin/run-database-migrations": script,
        "Makefile": "app:\n\tterraform apply\n",
    }
    assert not [one for one in collect(files).resources if one.kind == "deployment"]
    files["bin/run-database-migrations"] = script.replace("-target=module.app.aws_ecs_task_definition.app", "")
    assert [one for one in collect(files).resources if one.kind == "deployment"]
