"""`environment_secrets`: which secrets and roles a job takes that deploys to one of several environments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from infraguard.collectors.repository.deliveries.stages import stage_of_environment
from infraguard.collectors.repository.found import UNIT
from infraguard.model.evidence import Resource, Source
from infraguard.model.values import Unknown
from infraguard.readers.patterns import pattern

KINDS = ("environment_secrets",)
_NAMES: Final = pattern(r"secrets\.([A-Za-z_]\w*)")
_CHOSEN: Final = pattern(r"secrets\[[^\]]*(?!['\"]\w+['\"]\])")
_VARIABLE: Final = pattern(r"\$\{\{\s*(?:vars|env|secrets)\.(\w+)\s*\}\}")
#: What tools of the whole repository share by right: it opens no environment.
_OF_ALL: Final = pattern(
    r"(?i)SLACK|DISCORD|TEAMS|WEBHOOK|CODECOV|DOCKER|GHCR|REGISTRY|NPM|PYPI|SONAR|GITHUB|^GH_|SENTRY|SNYK|NOTIF"
    r"|ACCOUNT_ID|REGION"
)
#: What says where something is, and opens it to nobody: a listener, a network, a bucket.
_PLACE: Final = pattern(
    r"(?i)\A(?:\w+_)?(?:LISTENER|TARGET_?GROUP|CLUSTER|SUBNETS?|SECURITY_?GROUPS?|VPC|BUCKET|DISTRIBUTION|REPOSITORY)"
    r"(?:_(?:ARN|IDS?|NAME|UR[IL]))?\Z"
)
_REMEDY: Final = "give the job an `environment`, and keep its secrets in that environment of GitHub"
#: The environment that is chosen by hand, in the name of a deployment.
_OPTION: Final = pattern(r" \([^()/]*\)")


class _Deploying(Struct, frozen=True):
    """A job that deploys: to which environment, in whose name GitHub gives it secrets, and what it takes."""

    deployment: Resource
    environment: str
    scope: str
    names: tuple[str, ...]
    is_chosen: bool


def environment_secrets(deployments: Iterable[Resource], resources: Iterable[Resource]) -> Iterator[Resource]:
    """One for each job that deploys with secrets or a role, where the repository has several environments."""
    by_id = {one.id: one for one in resources if one.kind in ("workflow", "workflow_job", "workflow_step")}
    jobs = [
        _deploying(one, by_id) for one in deployments if one.kind == "deployment" and one.attributes["job"] in by_id
    ]
    if len({job.environment for job in jobs if job.environment}) > 1:
        yield from (_resource(job, jobs) for job in jobs if job.names or job.is_chosen)


def _deploying(deployment: Resource, by_id: Mapping[str, Resource]) -> _Deploying:
    attributes = deployment.attributes
    job = by_id[str(attributes["job"])]
    stage, named = attributes["stage"], str(attributes["environment_name"])
    text = _text_of(deployment, job, by_id)
    names = [*_NAMES.findall(text), *_roles(job.id, by_id)]
    return _Deploying(
        deployment,
        stage if isinstance(stage, str) else "" if "${{" in named else named,
        deployment.id if "${{" in named else named,
        tuple(dict.fromkeys(name for name in names if not _OF_ALL.search(name) and not _PLACE.search(name))),
        bool(_CHOSEN.search(text)),
    )


def _text_of(deployment: Resource, job: Resource, by_id: Mapping[str, Resource]) -> str:
    """All that names secrets for a job: what its caller maps for it, else what it and its steps say."""
    name = _OPTION.sub("", deployment.id)
    caller = by_id.get(name.partition("/")[0] if name not in by_id else job.id)
    caller = caller or next((one for one in by_id.values() if name.startswith(f"{one.id}/")), None)
    mapped = caller.attributes.get("secrets") if caller and caller.id != job.id else None
    if isinstance(mapped, dict):
        return str(mapped)
    steps = [one for one in by_id.values() if one.kind == "workflow_step" and one.attributes["job"] == job.id]
    parts = [str(job.attributes.get(key, "")) for key in ("env", "with", "secrets")]
    parts += [str(step.attributes.get(key, "")) for step in steps for key in ("variables", "with", "run")]
    return "\n".join(parts)


def _roles(job: str, by_id: Mapping[str, Resource]) -> Iterator[str]:
    for step in by_id.values():
        given = step.attributes.get("with")
        if step.kind == "workflow_step" and step.attributes["job"] == job and isinstance(given, dict):
            role = str(given.get("role-to-assume", ""))
            match = _VARIABLE.fullmatch(role)
            if match:
                yield match[1]
            elif role and "${{" not in role:
                yield role


def _resource(job: _Deploying, jobs: list[_Deploying]) -> Resource:
    is_one = bool(stage_of_environment(job.scope)) and "#" not in job.scope  # GitHub's own, whatever else is said of it
    others = [one for one in jobs if one.environment != job.environment and one.scope == job.scope and not is_one]
    common = [name for name in job.names if any(name in one.names for one in others)]
    certain = [name for name in common if any(one.environment and name in one.names for one in others)]
    shared: list[str] | Unknown = certain if job.environment else []
    if common and not shared:
        shared = Unknown("no name tells which environment it deploys to", (job.deployment.id,), remedy=_REMEDY)
    elif job.is_chosen and not job.scope and not shared:
        shared = Unknown("an expression chooses the secret", (job.deployment.id,), remedy=_REMEDY)
    attributes: dict[str, Any] = {
        "environment": job.environment
        or Unknown("no name tells which environment it deploys to", (job.deployment.id,), remedy=_REMEDY),
        "github_environment": bool(job.scope),
        "secrets": list(job.names),
        "shared": shared,
    }
    return Resource(
        kind=KINDS[0],
        id=job.deployment.id,
        source=Source.REPO,
        unit=UNIT,
        attributes=attributes,
        location=job.deployment.location,
        environment=job.deployment.environment,
        references=job.deployment.references,
    )
