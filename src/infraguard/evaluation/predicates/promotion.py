"""Whether what a service runs was in staging first, by what ECS recorded of deployments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from infraguard.evaluation.kleene import Truth
from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.why import why_unread
from infraguard.evaluation.world import Item, World
from infraguard.model.evidence import Environment, Resource
from infraguard.model.findings import Trace
from infraguard.model.values import Denied, Unknown, Value, known

#: A revision of a service of ECS: the digests of its images, and when it was deployed.
REVISIONS: Final = "aws_ecs_service_revision"
_LOOK: Final = "look up in the releases what staging has run before"


def ran_in_staging(item: Item, world: World) -> Trace:
    """Whether each digest of a revision was deployed to the end in staging before the revision was made."""
    digests = known(lookup(item.value, "digests"))
    if isinstance(digests, (Unknown, Denied)):
        return _trace(item, None, "not known", **why_unread(digests))
    staged = [each for each in world.unit.resources((REVISIONS,)) if each.environment is Environment.STAGING]
    if not staged:
        reason = "no service of this account is of staging: another account may run it, or no tag says which one is"
        remedy = f"{_LOOK}, or give the services of staging the tag Environment = staging"
        return _trace(item, None, _short(digests), reason=reason, remedy=remedy, depends_on=(item.resource.id,))
    made = known(lookup(item.value, "created"))
    for digest in digests:
        truth = _was_there(digest, made, staged)
        if truth is False:
            return _trace(item, False, f"{_short([digest])}, which staging got later")
        if truth is None:
            why = _doubt(digest, staged, world)
            return _trace(item, None, _short([digest]), depends_on=(item.resource.id,), **why)
    return _trace(item, True, _short(digests))


def _was_there(digest: Value, made: Value, staged: Iterable[Resource]) -> Truth:
    """Whether some revision of staging with the digest was deployed before a time; False where all were later."""
    times = [_deployed(each) for each in staged if digest in _digests(each)]
    if not times or not isinstance(made, str):
        return None
    if any(isinstance(time, str) and time <= made for time in times):
        return True
    return False if all(isinstance(time, str) for time in times) else None


def _deployed(revision: Resource) -> Value:
    """When a revision was there: the end of its first deployment, or its making where that is too long ago."""
    deployed = known(lookup(revision.attributes, "deployed"))
    return deployed if isinstance(deployed, str) else known(lookup(revision.attributes, "created"))


def _digests(revision: Resource) -> tuple[Value, ...]:
    found = known(lookup(revision.attributes, "digests"))
    return tuple(found) if isinstance(found, list) else ()


def _doubt(digest: Value, staged: Iterable[Resource], world: World) -> dict[str, Any]:
    """Why it is open whether staging ran a digest: a revision that cannot be read, or more than 90 days ago."""
    if hidden := world.unit.why_missing((REVISIONS,)):
        return {"reason": hidden["reason"], "remedy": hidden["remedy"]}
    for revision in staged:
        digests = known(lookup(revision.attributes, "digests"))
        if isinstance(digests, (Unknown, Denied)):
            why = why_unread(digests)
            return {"reason": why["reason"], "remedy": why["remedy"]}
    reason = f"no deployment to staging of {_short([digest])} is among those of the last 90 days, which ECS keeps"
    return {"reason": reason, "remedy": _LOOK}


def _short(digests: Iterable[Value]) -> str:
    """Digests as people tell them apart."""
    return ", ".join(str(digest)[:19] for digest in digests)


def _trace(item: Item, truth: Truth, observed: str, **why: Any) -> Trace:
    return Trace(
        operator="promoted", truth=truth, path="digests", observed=observed, location=item.place("digests"), **why
    )
