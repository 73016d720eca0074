"""Deployments to the environment that a script of an earlier job finds out of what started the workflow."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from infraguard.model.evidence import Evidence
from infraguard.model.values import Unknown

Collect = Callable[[Mapping[str, str]], Evidence]

_WORKFLOW = """
on:
  push: {{branches: [main, develop]}}
{by_hand}
jobs:
  find:
    runs-on: ubuntu-24.04
    outputs:
      target-env: ${{{{ steps.find.outputs.env }}}}
    steps:
      - id: find
        run: |
{script}
  deploy:
    needs: [find]
    runs-on: ubuntu-24.04
    environment: ${{{{ needs.find.outputs.target-env }}}}
    steps:
      - run: ./scripts/deploy.sh
"""
_BY_HAND = """
  workflow_dispatch:
    inputs:
      environment: {type: choice, options: [dev, staging, prod]}
"""
_BY_REF = """
if [[ "${{ github.event_name }}" == "workflow_dispatch" ]]; then
  ENV="${{ github.event.inputs.environment }}"
elif [[ "${{ github.ref }}" == "refs/heads/main" ]]; then
  ENV="prod"
else
  ENV="staging"
fi
echo "env=${ENV}" >> $GITHUB_OUTPUT
"""


def found(collect: Collect, script: str, by_hand: str = "") -> dict[str, Any]:
    text = _WORKFLOW.format(script=textwrap.indent(script.strip(), " " * 10), by_hand=by_hand.strip("\n"))
    files = {".github/workflows/deploy.yml": text, "scripts/deploy.sh": "aws ecs update-service --service app\n"}
    made = [each for each in collect(files).resources if each.kind == "deployment"]
    return {
        str(each.attributes["environment_name"]): (each.attributes["stage"], each.attributes["starts_on"])
        for each in made
    }


_BY_PUSH = {
    "prod": ("production", ["push to the main branch"]),
    "staging": ("staging", ["push to develop"]),
}


@pytest.mark.parametrize(
    "script",
    [
        _BY_REF,
        """
        # which
        if [ "$GITHUB_REF_NAME" = "main" ]
        then
          echo "env=prod" >> "$GITHUB_OUTPUT"
        else
          echo "env=staging" >> "$GITHUB_OUTPUT"
        fi
        """,
        """
        ENV=staging
        if [[ "${GITHUB_REF}" == refs/heads/mai* && "${{ github.event_name }}" != "pull_request" ]]; then ENV=prod; fi
        echo env=$ENV >> ${GITHUB_OUTPUT}
        """,
        """
        if [[ "${{ github.ref_name }}" != "main" ]] || [[ -z "${{ github.ref }}" ]]; then
          if [[ -n "${{ github.ref }}" ]]; then
            export ENV='staging'
          else
            ENV=none
          fi
        elif [[ "${{ github.ref_type }}" == "branch" ]]; then
          ENV=prod
        fi
        echo "env=$ENV" >> $GITHUB_OUTPUT
        """,
    ],
)
def test_a_script_finds_the_environment_out_of_the_branch(collect: Collect, script: str) -> None:
    assert found(collect, textwrap.dedent(script)) == _BY_PUSH


def test_what_is_chosen_by_hand_is_found_too(collect: Collect) -> None:
    by_hand = found(collect, _BY_REF, _BY_HAND)
    assert {name: stage for name, (stage, _) in by_hand.items()} == {
        "prod": "production",
        "staging": "staging",
        "dev": "development",
    }
    assert by_hand["prod"][1] == ["push to the main branch"]
    assert all(start.startswith("manual") for start in by_hand["dev"][1])


def test_an_environment_that_is_none_is_not_deployed_to(collect: Collect) -> None:
    assert found(collect, _BY_REF.replace('"staging"', '"none"')) == {"prod": _BY_PUSH["prod"]}


def test_a_script_that_fails_lets_nothing_be_deployed(collect: Collect) -> None:
    assert found(collect, _BY_REF.replace('ENV="staging"', "exit 1")) == {"prod": _BY_PUSH["prod"]}


@pytest.mark.parametrize(
    "script",
    [
        'ENV=$(./scripts/which.sh)\necho "env=$ENV" >> $GITHUB_OUTPUT',
        'case "$GITHUB_REF" in *main) ENV=prod ;; esac\necho "env=$ENV" >> $GITHUB_OUTPUT',
        'if ./scripts/is-main.sh; then\n  ENV=prod\nfi\necho "env=$ENV" >> $GITHUB_OUTPUT',
        'if [[ "$WHICH" == "main" ]]; then\n  ENV=prod\nelse\n  ENV=dev\nfi\necho "env=$ENV" >> $GITHUB_OUTPUT',
        'echo "env=${{ vars.ENVIRONMENT }}" >> $GITHUB_OUTPUT',
        'echo "other=prod" >> $GITHUB_OUTPUT',
        'ENV=prod\nENV=$(./scripts/which.sh)\necho "env=$ENV" >> $GITHUB_OUTPUT',
        'ENV=prod\n./scripts/is-main.sh || ENV=dev\necho "env=$ENV" >> $GITHUB_OUTPUT',
        'ENV=prod\nread ENV < which.txt\necho "env=$ENV" >> $GITHUB_OUTPUT',
        'echo "env=prod" >> $GITHUB_OUTPUT\n./is-main.sh || echo "env=dev" >> $GITHUB_OUTPUT',
        'echo "env=prod" >> $GITHUB_OUTPUT\ncat <<EOF >> $GITHUB_OUTPUT\nenv=dev\nEOF',
        'echo "env=prod" >> $GITHUB_OUTPUT\nexit 0',
        'if [[ "${{ github.ref_name }}" == "main" ]]; then\n  echo "env=prod" >> $GITHUB_OUTPUT\nfi',
        'ENV="$(./scripts/which.sh)"\necho "env=$ENV" >> $GITHUB_OUTPUT',
        'ENV=`./scripts/which.sh`\necho "env=$ENV" >> $GITHUB_OUTPUT',
        'if [[ "${GITHUB_REF#refs/heads/}" == "main" ]]; then\n  ENV=prod\nfi\necho "env=$ENV" >> $GITHUB_OUTPUT',
        'ENV=${GITHUB_REF#refs/heads/}\necho "env=$ENV" >> $GITHUB_OUTPUT',
        _BY_REF.replace('ENV="prod"', 'ENV="prod-${{ github.event.inputs.environment }}${{ secrets.SUFFIX }}"'),
    ],
)
def test_what_is_not_told_leaves_the_environment_open(collect: Collect, script: str) -> None:
    stages = [stage for stage, _ in found(collect, script).values()]
    assert len(stages) == 1
    assert isinstance(stages[0], Unknown)


def test_a_free_choice_leaves_the_environment_open(collect: Collect) -> None:
    stages = [stage for stage, _ in found(collect, _BY_REF, "  workflow_dispatch:\n").values()]
    assert len(stages) == 1
    assert isinstance(stages[0], Unknown)
