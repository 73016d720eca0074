"""Reading one AWS account: who we are, what to read where, all at once, and in the same order every time."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from functools import partial
from itertools import groupby

from msgspec import structs

from infraguard.collectors.aws.calls import Calls
from infraguard.collectors.aws.catalogue import KINDS, READERS, attributes_of, with_held, with_holders
from infraguard.collectors.aws.connection import Connection
from infraguard.collectors.aws.deadline import Deadline
from infraguard.collectors.aws.identity import connect
from infraguard.collectors.aws.place import Place
from infraguard.collectors.aws.reader import Reader
from infraguard.collectors.aws.request import AwsRequest
from infraguard.model.evidence import Collected, Environment, Evidence, Gap, GapReason, Resource, Source, Target

#: The regions of the services that answer for a whole account.
_HOME, _HOME_IN_CHINA = "us-east-1", "cn-northwest-1"


def collect_aws(request: AwsRequest) -> Evidence:
    """Everything of the kinds asked for in the regions of one account; its unit is the account's id.

    Raises `UsageError` where boto3, the profile or a region is missing, and `CollectionError` where AWS does not take
    the credentials or cannot be reached. Whatever fails after that is a gap.
    """
    kinds = with_holders(request.kinds)
    deadline = Deadline(request.budget)
    connection, regions, account = connect(request, deadline.check)
    environment = request.environments.get(account, Environment.UNKNOWN)
    places = [Place(account, region, environment) for region in regions]
    with ThreadPoolExecutor(request.max_workers) as pool, ThreadPoolExecutor(request.max_workers) as details, deadline:
        resources, gaps = _read(connection, places, kinds, pool, details)
    return Evidence(
        targets=(Target(source=Source.AWS, name=account),),
        resources=tuple(sorted(resources, key=lambda resource: (resource.kind, resource.location.region, resource.id))),
        gaps=(*_summed(gaps), *(_not_ours(kind, account) for kind in sorted(kinds - KINDS))),
        collected=(
            Collected(
                source=Source.AWS,
                unit=account,
                kinds=tuple(sorted(kinds)),
                attributes=attributes_of(kinds),
                read_at=request.read_at,
            ),
        ),
    )


def _read(
    connection: Connection, places: list[Place], kinds: frozenset[str], pool: Executor, details: Executor
) -> tuple[list[Resource], list[Gap]]:
    """All resources and gaps, in no particular order.

    Readers run in one pool, and what they ask about single resources in another: waiting for one's own would block it.
    """
    jobs = [(reader, place) for reader in READERS if reader.wanted(kinds) for place in _where(reader, places)]
    resources: list[Resource] = []
    gaps: list[Gap] = []
    work = [pool.submit(_run, connection, kinds, details, *job) for job in jobs]
    for done in as_completed(work):
        found, missed = done.result()
        resources += found
        gaps += missed
    return resources, gaps


def _where(reader: Reader, places: list[Place]) -> list[Place]:
    """Where a reader is to look: everywhere, or where the services are that answer for a whole account."""
    if not reader.of_the_account:
        return places
    region = _HOME_IN_CHINA if places[0].region.startswith("cn-") else _HOME
    return [structs.replace(places[0], region=region)]


def _run(
    connection: Connection, kinds: frozenset[str], details: Executor, reader: Reader, place: Place
) -> tuple[list[Resource], list[Gap]]:
    """What one reader finds in one region, and what it could not read there."""
    calls = Calls(reader.service, place, partial(connection.client, reader.service, place.region), details)
    found = list(reader.read(calls, reader.wanted(kinds)))
    return found, calls.gaps


def _summed(gaps: Iterable[Gap]) -> list[Gap]:
    """The gaps in order, with those of one operation in one region that fail alike as one."""

    def alike(gap: Gap) -> tuple[str, str, tuple[str, ...]]:
        return gap.scope, gap.reason, gap.kinds

    summed = []
    for _, group in groupby(sorted(gaps, key=lambda gap: (*alike(gap), gap.detail)), key=alike):
        first, *others = group
        detail = f"{first.detail} (and {len(others)} more calls)" if others else first.detail
        summed.append(structs.replace(first, detail=detail, kinds=with_held(first.kinds)))
    return summed


def _not_ours(kind: str, account: str) -> Gap:
    """A kind that a gate asks for and nothing here reads: what is of it in the account is not known."""
    return Gap(
        source=Source.AWS,
        unit=account,
        scope=kind,
        reason=GapReason.UNSUPPORTED,
        detail="this version reads no resources of this kind from an account",
        remedy="scan the Terraform that declares it, or its plan; in the account, look for yourself",
        kinds=(kind,),
    )
