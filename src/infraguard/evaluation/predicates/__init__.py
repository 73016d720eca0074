"""Named functions for what conditions cannot say. Adding one: a module beside this one, and a line in `PREDICATES`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from infraguard.evaluation.predicates import (
    agents,
    alarms,
    backups,
    capacity,
    certificates,
    checklists,
    composites,
    composition,
    containers,
    dates,
    engine_settings,
    environments,
    in_front,
    keys,
    listeners,
    log_events,
    members,
    network,
    openings,
    parts,
    placement,
    prometheus_alerts,
    promotion,
    running,
    scheduled_work,
    secrecy,
    services,
    serving,
    texts,
    token_scopes,
    trust,
    versions,
    watching,
)
from infraguard.evaluation.predicates.reachability import closed_to_the_internet
from infraguard.evaluation.predicates.watches import WATCHES
from infraguard.model.errors import PolicyError
from infraguard.model.findings import Trace
from infraguard.model.policy import Predicate


class Definition(NamedTuple):
    """A predicate, the arguments it takes, and the kinds of resources besides its item that collectors must bring."""

    judge: Callable[..., Trace]
    reads: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()


PREDICATES: Final[dict[str, Definition]] = {
    "closed_to_the_internet": Definition(
        closed_to_the_internet, reads=("aws_rds_cluster", *network.ROUTING_KINDS, *network.SECURITY_GROUP_KINDS)
    ),
    **{f"watches_{name}": Definition(watching.watching(name)) for name in WATCHES},
    **{f"alerts_on_{name}": Definition(watching.alerting(name), arguments=("limit",)) for name in WATCHES},
    **{
        f"prometheus_alerts_on_{name}": Definition(prometheus_alerts.goes_off_in_time(name), arguments=("limit",))
        for name in prometheus_alerts.SUBJECTS
    },
    "alarm_on_free_disk": Definition(watching.alarm_on_free_disk, reads=(alarms.KIND,), arguments=("percent",)),
    "same_part_runs": Definition(parts.same_part_runs, reads=(parts.RUN,), arguments=("tools",)),
    "token_writes_what_is_used": Definition(token_scopes.token_writes_what_is_used, reads=(token_scopes.STEP,)),
    "at_least_times": Definition(capacity.at_least_times, arguments=("high", "low", "factor")),
    "containers_have_user": Definition(containers.containers_have_user),
    "containers_hold_no_secret": Definition(containers.containers_hold_no_secret),
    "variables_hold_no_secret": Definition(containers.variables_hold_no_secret),
    "containers_log_to": Definition(containers.containers_log_to, arguments=("drivers",)),
    "forwards_to_several": Definition(capacity.forwards_to_several),
    "brought_share": Definition(capacity.brought_share, arguments=("percent",)),
    "has_points": Definition(checklists.has_points, arguments=("points",)),
    "has_sibling_environment": Definition(composition.has_sibling_environment, reads=composition.COMPOSED),
    "has_tags": Definition(composition.has_tags, arguments=("patterns",)),
    "like_other_environments": Definition(composition.like_other_environments, reads=composition.COMPOSED),
    "logs_every_event": Definition(log_events.logs_every_event, reads=(log_events.EVENT,)),
    "names_exist": Definition(composition.names_exist),
    "runs_no_command": Definition(composition.runs_no_command, arguments=("commands",)),
    "is_named": Definition(texts.is_named, arguments=("pattern",)),
    "is_one_of": Definition(texts.is_one_of, arguments=("kinds",)),
    "lasts": Definition(dates.lasts, arguments=("path", "days")),
    "mentions": Definition(texts.mentions, arguments=("path", "pattern")),
    "no_key_of_a_workflow": Definition(trust.no_key_of_a_workflow),
    "runs_once": Definition(serving.runs_once, reads=(containers.TASKS,)),
    "answers_internet": Definition(serving.answers_internet, reads=serving.OPENS),
    "serves_requests": Definition(serving.serves_requests, reads=serving.READS),
    "starts_an_agent": Definition(agents.starts_an_agent, arguments=("agents",)),
    "starts_work_named": Definition(scheduled_work.starts_work_named, reads=scheduled_work.READS, arguments=("names",)),
    "service_has": Definition(services.service_has, arguments=("fact",)),
    "service_scales": Definition(capacity.service_scales, reads=(capacity.TARGET,), arguments=("minimum",)),
    "trusts_exact_subjects": Definition(trust.trusts_exact_subjects),
    "trusts_workflows": Definition(trust.trusts_workflows, reads=(trust.PROVIDER,)),
    "goes_off_after": Definition(watching.goes_off_after, arguments=("minutes",)),
    "goes_off_within": Definition(watching.goes_off_within, arguments=("minutes",)),
    "not_told_here": Definition(texts.not_told_here, arguments=("reason", "remedy")),
    "on_what_scales": Definition(watching.on_what_scales),
    "tells_people": Definition(watching.tells_people),
    "backed_up": Definition(backups.backed_up, reads=backups.KINDS, arguments=("hours", "days", "continuous")),
    "copied_elsewhere": Definition(backups.copied_elsewhere, reads=(*backups.KINDS, "aws_backup_vault")),
    "encrypted_with": Definition(keys.encrypted_with, reads=keys.KEYS, arguments=("attribute", "own")),
    "in_several_zones": Definition(members.in_several_zones, reads=(members.MEMBER,)),
    "from_store": Definition(secrecy.from_store, reads=secrecy.STORES, arguments=("attribute",)),
    "kept_out_of_state": Definition(secrecy.kept_out_of_state, arguments=("attribute", "placeholder")),
    "may_be_left_out": Definition(secrecy.may_be_left_out, arguments=("attribute", "instead")),
    "named_for_its_environment": Definition(secrecy.named_for_its_environment),
    "no_secret_written": Definition(secrecy.no_secret_written, arguments=("attributes",)),
    "in_private_subnets": Definition(placement.in_private_subnets, reads=placement.KINDS),
    "of_a_lesser_environment": Definition(environments.of_a_lesser_environment),
    "one_environment": Definition(environments.one_environment, reads=environments.INSIDE),
    "behind_cloudflare": Definition(in_front.behind_cloudflare, reads=in_front.READS),
    "opens_only": Definition(openings.opens_only, reads=(*openings.GROUPS, *openings.BALANCERS), arguments=("ports",)),
    "own_key": Definition(keys.own_key, reads=keys.KEYS, arguments=("attribute",)),
    "ran_in_staging": Definition(promotion.ran_in_staging, reads=(promotion.REVISIONS,)),
    "read_by_a_composite": Definition(composites.read_by_a_composite, reads=(composites.KIND,)),
    "runs_within": Definition(running.runs_within, arguments=("attribute", "days")),
    "never_reached": Definition(listeners.never_reached, reads=(listeners.RULE, *listeners.LISTENERS)),
    "several_members": Definition(members.several_members, reads=(members.MEMBER,), arguments=("least",)),
    "version_at_least": Definition(versions.version_at_least, arguments=("attribute", "least")),
    "trusted_issuer": Definition(certificates.trusted_issuer),
    "tls_required": Definition(engine_settings.tls_required, reads=engine_settings.PARAMETER_GROUPS),
}


def predicate_named(condition: Predicate) -> Definition:
    """The predicate a policy asks for. Raises `PolicyError` at its place: an unknown name, or other arguments."""
    found = PREDICATES.get(condition.name)
    if found is None:
        raise _error(condition, f"no predicate {condition.name!r}", f"known: {', '.join(sorted(PREDICATES))}")
    if sorted(condition.arguments) != sorted(found.arguments):
        raise _error(condition, f"{condition.name} takes {', '.join(found.arguments) or 'no arguments'}", "")
    return found


def _error(condition: Predicate, why: str, hint: str) -> PolicyError:
    at = condition.at
    return PolicyError(why, file=at.file, line=at.line, column=at.column, hint=hint)
