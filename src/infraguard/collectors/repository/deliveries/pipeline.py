"""What workflows build, deploy, apply and log in to, each as a resource of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from infraguard.collectors.repository.deliveries.deployments import deployments
from infraguard.collectors.repository.deliveries.elsewhere import deployments_elsewhere
from infraguard.collectors.repository.deliveries.images import image_builds
from infraguard.collectors.repository.deliveries.infrastructure import (
    JOB,
    KIND,
    infrastructure_elsewhere,
    infrastructure_runs,
)
from infraguard.collectors.repository.deliveries.keys_elsewhere import keys_elsewhere
from infraguard.collectors.repository.found import UNIT, Found
from infraguard.collectors.repository.secrets.aws_keys import may_be_key
from infraguard.collectors.repository.suites.walked import Walk
from infraguard.model.evidence import Resource, Source
from infraguard.model.values import Location
from infraguard.readers.patterns import pattern

KINDS = ("image_build", "deployment", KIND, JOB, "cloud_login")
_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
#: A key of AWS by the name that a workflow from elsewhere takes it by.
_HANDED: Final = pattern(r"(?i)(?=.*aws)(?=.*access[-_]?key).*")


def facts_of(walk: Walk, resources: Iterable[Resource]) -> Found:
    """The deliveries of all workflows."""
    deployed = (*deployments(walk), *deployments_elsewhere(walk.tree))
    runs = tuple(infrastructure_runs(walk))
    untold = () if runs else tuple(infrastructure_elsewhere(walk.tree))
    stored = [
        _login(f"{path}/env", True, f"the stored key {name}", place) for path, name, place in keys_elsewhere(walk.tree)
    ]
    return Found((*image_builds(walk), *deployed, *runs, *_logins(walk, resources), *stored), untold)


def _logins(walk: Walk, resources: Iterable[Resource]) -> Iterator[Resource]:
    """Where a workflow gets its rights in AWS: by an action, or by variables that hold keys."""
    seen: set[str] = set()
    for walked in walk.steps:
        given = {
            name.lower().replace("_", "-").removeprefix("aws-"): value
            for name, value in walked.running.settings.items()
        }
        static = any(_is_stored(given.get(name)) for name in ("access-key-id", "access-key", "secret-access-key"))
        if walked.running.uses.lower().startswith("aws-actions/configure-aws-credentials") or (
            static and "secret-access-key" in given
        ):
            how = "stored keys" if static else "a token of its own"
            found = _login(f"{walked.running.step.id}", static, how, walked.place())
            if found.id not in seen:
                seen.add(found.id)
                yield found
    for resource in resources:
        variables = resource.attributes.get("env")
        if resource.kind not in ("workflow", "workflow_job", "workflow_step", "action_step"):
            continue
        named = [name for name in _KEYS if isinstance(variables, dict) and _is_stored(variables.get(name))]
        if named:
            place = resource.places.get("env", resource.location)
            yield _login(f"{resource.id}/env", True, f"the variable {named[0]}", place)
        if handed := _handed_out(resource):
            place = resource.places.get("secrets", resource.location)
            yield _login(f"{resource.id}/secrets", True, f"the stored key {handed}, which it hands on", place)


def _handed_out(job: Resource) -> str:
    """The key of AWS that a job gives to a workflow of another repository; of one that is here, its steps tell."""
    given = job.attributes.get("secrets")
    is_here = str(job.attributes.get("uses", "")).startswith(".") or "calls" in job.attributes
    if is_here or not isinstance(given, dict):
        return ""
    return next((name for name, value in given.items() if _HANDED.fullmatch(name) and _is_stored(value)), "")


def _is_stored(value: Any) -> bool:
    """A key from the secrets of the repository, or one of AWS that is written out.

    What a step before made is none, nor is what a test has in place of one.
    """
    if not isinstance(value, str) or "${{" in value:
        return "secrets." in str(value)
    return may_be_key(value)


def _login(name: str, static: bool, how: str, place: Location) -> Resource:
    return Resource(
        kind="cloud_login",
        id=name,
        source=Source.REPO,
        unit=UNIT,
        attributes={"static": static, "how": how},
        location=place,
    )
