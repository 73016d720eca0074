"""Whether a job's token may write what nothing in the job writes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from infraguard.evaluation.kleene import Truth
from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.why import why_gaps, why_unread
from infraguard.evaluation.world import Item, World
from infraguard.model.evidence import Resource
from infraguard.model.findings import Trace
from infraguard.model.values import Denied, Unknown, known
from infraguard.readers.patterns import pattern

STEP: Final = "workflow_step"
#: Words by which a step uses the right, whichever tool it is; scopes that are not named here are not weighed.
_USES: Final = {
    "actions": r"workflow|cancel|rerun|cache|artifact|run[-_]",
    "attestations": r"attest|provenance|slsa|sign",
    "checks": r"check|report|junit|annotat|review|test-summary",
    "contents": r"push|commit|release|publish|tag|bump|version|merge|deploy|pages|changelog|pull-request|dependency",
    "deployments": r"deploy|environment",
    "id-token": r"aws|gcloud|google|azure|vault|oidc|codecov|attest|provenance|sign|publish|pypi|release|deploy|login"
    r"|id_token",
    "issues": r"issue|stale|label|comment|pull|review",
    "packages": r"docker|podman|buildah|ghcr|publish|push|package|helm|image|npm|container",
    "pages": r"page|mkdocs|deploy",
    "pull-requests": r"pull|comment|label|review|coverage|danger|merge|release|assign|\bpr\b",
    "security-events": r"sarif|codeql|scorecard|zizmor|trivy|semgrep|scan|security|upload|audit",
    "statuses": r"status|commit|coverage|codecov|preview",
}
#: Words by which a step has the token in its hands.
_IN_HAND: Final = r"github[._]token|\bgh\s|api\.github\.com|github-script|ghapi|octokit"
#: Actions that only prepare a run, and programs that only test what is checked out. None of them writes to GitHub.
_QUIET_ACTIONS: Final = pattern(
    r"(?i)(?:actions/(?:checkout|setup-[\w-]+|cache(?:/[\w-]+)?|(?:up|down)load-artifact)|astral-sh/(?:setup-uv|ruff-action)"
    r"|snok/install-poetry|abatilo/actions-poetry|psf/black|isort/isort-action|hashicorp/setup-[\w-]+"
    r"|dorny/paths-filter|tj-actions/changed-files|opentofu/setup-opentofu|terraform-linters/setup-tflint|docker/setup-[\w-]+-action|pnpm/action-setup|oven-sh/setup-bun)@"
)
_QUIET_PROGRAMS: Final = frozenset(
    {"bandit", "black", "cat", "cd", "coverage", "echo", "export", "flake8", "isort", "ls", "mkdir", "mypy", "pip"}
    | {"pip-audit", "pip3", "pwd", "pylint", "pyright", "pytest", "ruff", "set", "sleep", "test", "true", "["}
    | {
        "[[",
        "((",
        "actionlint",
        "alembic",
        "apt-get",
        "awk",
        "basename",
        "cargo",
        "chmod",
        "cp",
        "createdb",
        "curl",
        "cut",
    }
    | {"date", "diff", "dirname", "docker", "docker-compose", "exit", "false", "find", "go", "grep", "hadolint", "head"}
    | {"jq", "mv", "nox", "npm", "pg_isready", "pnpm", "printf", "psql", "read", "rm", "sed", "shellcheck", "sort"}
    | {"tail", "tar", "tee", "tflint", "touch", "tox", "tr", "uname", "uniq", "unzip", "wc", "wget", "which", "yarn"}
    | {"yq", "zip"}
)
#: What git only reads or writes here.
_QUIET_GIT: Final = pattern(
    r"git\s+(?:-\S+\s+(?:\S+=\S+\s+)?)*(?:branch|checkout|config|describe|diff|fetch|log|ls-\w+|merge-base|rev-list|rev-parse"
    r"|show|status|submodule)\b"
)
_QUIET_MODULES: Final = pattern(r"(?:uv|poetry|pdm|pipenv)\s+(?:sync|install|lock|pip|venv|run\s+(?P<run>[\w-]+)\b)")
#: What looks at Terraform's files alone: no state, no provider that could hold a token of GitHub.
_QUIET_TERRAFORM: Final = pattern(r"(?:terraform|tofu)\s+(?:-\S+\s+)*(?:fmt|validate|version|get)\b")
#: A variable that is set, perhaps to what a command says, and what stands between commands.
_ASSIGNED: Final = pattern(r"\w+=(?P<value>\S*|\$\((?P<inner>[^()]*)\))")
_JOINTS: Final = pattern(r"\|\||&&|[|;]")
#: What is fetched from a release is no release that is made.
_FETCHED: Final = pattern(r"https://github\.com/\S+/releases/\S*")
_PYTHON_MODULE: Final = pattern(r"python[\d.]*\s+-m\s+(?P<run>[\w-]+)\b")


def token_writes_what_is_used(item: Item, world: World) -> Trace:
    """Whether something in the job may use each right to write that its token has."""
    granted = known(lookup(item.value, "token_permissions"))
    why: dict[str, Any] = why_unread(granted) if isinstance(granted, (Unknown, Denied)) else {}
    scopes = _writes(granted) if isinstance(granted, Mapping) else []
    truth: Truth = None if why else True
    unused: list[str] = []
    if scopes and "uses" not in item.resource.attributes:
        steps = [s for s in world.unit.resources((STEP,)) if s.attributes.get("job") == item.resource.id]
        unused = [scope for scope in scopes if not any(_uses(step, scope) for step in steps)]
        loud = next((step for step in steps if not _is_quiet(step)), None)
        truth = None if unused and (loud or world.unit.gaps((STEP,))) else not unused
        if truth is None:
            why = why_gaps(world.unit.gaps((STEP,))) if loud is None else _doubt(unused, loud)
    return Trace(
        operator="token_writes_what_is_used",
        truth=truth,
        path=item.join("token_permissions"),
        expected="no right to write but those that the job uses",
        observed=", ".join(f"{scope}: write" for scope in unused) or "none that is unused",
        location=item.place("token_permissions"),
        **why,
    )


def _writes(granted: Mapping[str, Any]) -> list[str]:
    return [scope for scope in sorted(_USES) if granted.get(scope) == "write"]


def _doubt(unused: list[str], step: Resource) -> dict[str, Any]:
    return {
        "reason": f"nothing tells whether one of its steps uses {', '.join(f'{scope}: write' for scope in unused)}",
        "remedy": "give the right to the one job that uses it, or write the command that does in the workflow",
        "depends_on": (step.id,),
    }


def _text(step: Resource) -> str:
    text = " ".join(str(step.attributes.get(name, "")) for name in ("name", "uses", "run", "with", "env"))
    return _FETCHED.sub("", text)


def _uses(step: Resource, scope: str) -> bool:
    return bool(re.search(f"(?i){_IN_HAND}|{_USES[scope]}", _without_quiet_names(step)))


def _without_quiet_names(step: Resource) -> str:
    """What a step says, without the name of an action that is known to write nothing, as `upload-artifact`."""
    uses = str(step.attributes.get("uses", ""))
    return "" if _QUIET_ACTIONS.match(uses) else _text(step)


def _is_quiet(step: Resource) -> bool:
    """Whether a step is known to write nothing to GitHub."""
    uses, commands = str(step.attributes.get("uses", "")), step.attributes.get("commands", [])
    if uses:
        return bool(_QUIET_ACTIONS.match(uses))
    if not isinstance(commands, list) or not all(isinstance(command, Mapping) for command in commands):
        return False
    return all(_is_quiet_command(" ".join(map(str, command["words"]))) for command in commands)


def _is_quiet_command(text: str) -> bool:
    if given := _ASSIGNED.fullmatch(text):
        inner = _JOINTS.split(given["inner"] or "")
        return "$(" not in given["value"] or all(_is_quiet_command(part.strip()) for part in inner)
    text = re.sub(r"\A(?:(?:\w+=\S*|sudo)\s+)+", "", text)
    if _QUIET_TERRAFORM.match(text) or _QUIET_GIT.match(text):
        return True
    wrapped = _QUIET_MODULES.match(text) or _PYTHON_MODULE.match(text)
    name = wrapped["run"] if wrapped else text.partition(" ")[0]
    return name is None or name in _QUIET_PROGRAMS
