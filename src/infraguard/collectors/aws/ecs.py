"""What services of ECS run and have run: their revisions, with the digest of each image.

ECS resolves an image to its digest when it deploys, so that a tag tells what it meant on that day. Of deployments it
keeps those of 90 days. A service that CodeDeploy or a controller of one's own deploys has no revisions.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from infraguard.collectors.aws.answers import Answer, always, at, maybe, moment, pairs
from infraguard.collectors.aws.calls import Calls
from infraguard.collectors.aws.failures import Failure
from infraguard.collectors.aws.reader import Reader
from infraguard.model.evidence import GapReason, Resource
from infraguard.model.values import ABSENT, Denied, Unknown, Value

_REVISION = "aws_ecs_service_revision"
#: How many things one call takes, by the documentation of each operation.
_CLUSTERS_AT_ONCE, _SERVICES_AT_ONCE, _REVISIONS_AT_ONCE = 100, 10, 20
_TAGS = ["TAGS"]
_READ = ("id", "arn", "service", "cluster", "images", "digests", "created", "deployed", "is_current", "tags")


class _Service(Struct, frozen=True):
    """A service, its tags, and those of its cluster."""

    answer: Answer
    tags: Value
    clusters_tags: Value

    @property
    def arn(self) -> str:
        return str(self.answer.get("serviceArn"))

    @property
    def cluster(self) -> str:
        return str(self.answer.get("clusterArn"))


def _revisions(calls: Calls, kinds: frozenset[str]) -> Iterator[Resource]:
    """The revisions of all services that run now, or that were deployed to the end."""
    clusters = [str(arn) for arn in calls.items("ListClusters", "clusterArns", kinds)]
    tags = _tags_of_clusters(calls, clusters)

    def services(cluster: str) -> list[_Service]:
        return [_Service(answer, _tags(answer), tags.get(cluster)) for answer in _services_of(calls, kinds, cluster)]

    every = [service for found in calls.map(services, clusters) for service in found]
    for service, found in zip(every, calls.map(lambda each: _of_service(calls, kinds, each), every), strict=True):
        for attributes in found:
            yield from calls.found(_REVISION, "DescribeServiceRevisions", attributes, service.clusters_tags)


def _services_of(calls: Calls, kinds: frozenset[str], cluster: str) -> list[Answer]:
    arns = [str(arn) for arn in calls.items("ListServices", "serviceArns", kinds, cluster=cluster)]
    found: list[Answer] = []
    for batch in _batches(arns, _SERVICES_AT_ONCE):
        answers = calls.items("DescribeServices", "services", kinds, cluster=cluster, services=batch, include=_TAGS)
        found += answers
        said = {answer.get("serviceArn") for answer in answers}
        for arn in batch if answers else []:
            if arn not in said:
                calls.report("DescribeServices", calls.lacking("DescribeServices", arn), kinds)
    return found


def _of_service(calls: Calls, kinds: frozenset[str], service: _Service) -> list[dict[str, Value]]:
    """The attributes of each revision of a service."""
    controller = at(service.answer, ("deploymentController", "type"))
    if controller not in (ABSENT, "ECS"):
        unseen = Unknown(
            f"{controller} deploys {service.arn}, and ECS keeps revisions only of what it deploys itself",
            remedy="look up in the releases which digests it ran",
        )
        return [_attributes(service, {"serviceRevisionArn": service.arn}, unseen, is_current=True)]
    where = {"service": service.arn, "cluster": service.cluster}
    deployments = calls.items("ListServiceDeployments", "serviceDeployments", kinds, **where, status=["SUCCESSFUL"])
    deployed = _first_deployed(deployments)
    running = _running(service, deployments)
    wanted = sorted({*deployed, *running})
    if not wanted:
        detail = f"ECS names no revision of {service.arn}: what it runs was deployed before October 2024"
        calls.report("DescribeServices", Failure(GapReason.UNRESOLVED, detail, "deploy it again"), kinds)
    found = []
    for batch in _batches(wanted, _REVISIONS_AT_ONCE):
        for answer in calls.items("DescribeServiceRevisions", "serviceRevisions", kinds, serviceRevisionArns=batch):
            arn = str(answer.get("serviceRevisionArn"))
            digests = _digests(answer)
            found.append(_attributes(service, answer, digests, arn in running, deployed.get(arn, ABSENT)))
    return found


def _attributes(
    service: _Service, revision: Answer, digests: Value, is_current: bool, deployed: Value = ABSENT
) -> dict[str, Value]:
    images = [str(image.get("image")) for image in revision.get("containerImages") or ()]
    read: dict[str, Value] = {
        "id": always("serviceRevisionArn")(revision),
        "arn": maybe("serviceRevisionArn")(revision),
        "service": always("serviceName")(service.answer),
        "cluster": service.cluster.rpartition("/")[2],
        "images": images,
        "digests": digests,
        "created": moment("createdAt")(revision),
        "deployed": deployed,
        "is_current": is_current,
        "tags": service.tags,
    }
    return {name: value for name, value in read.items() if value is not ABSENT}


def _digests(revision: Answer) -> Value:
    """The digests of a revision's images, each once; unknown where ECS has not resolved one."""
    found: set[str] = set()
    for image in revision.get("containerImages") or ():
        named = str(image.get("image"))
        digest = image.get("imageDigest") or named.partition("@")[2]
        if not digest:
            return Unknown(
                f"ECS recorded no digest of {named}, and its name may mean another image elsewhere",
                remedy="deploy images by digest",
            )
        found.add(str(digest))
    return sorted(found) or Unknown("ECS recorded no image of the revision", remedy="deploy the service again")


def _first_deployed(deployments: list[Answer]) -> dict[str, Value]:
    """When each revision was deployed to the end for the first time."""
    found: dict[str, Value] = {}
    for deployment in deployments:
        arn, finished = deployment.get("targetServiceRevisionArn"), moment("finishedAt")(deployment)
        if arn:
            earlier = found.get(arn)
            both = [text for text in (earlier, finished) if isinstance(text, str)]
            found[str(arn)] = min(both, default=ABSENT)
    return found


def _running(service: _Service, deployments: list[Answer]) -> set[str]:
    """The revisions that run now: those that the service names, or else the one that was deployed last."""
    named = {str(each.get("arn")) for each in service.answer.get("currentServiceRevisions") or ()}
    if named or not deployments:
        return named
    last = max(deployments, key=lambda each: str(moment("createdAt")(each)))
    return {str(last.get("targetServiceRevisionArn"))}


def _tags_of_clusters(calls: Calls, clusters: list[str]) -> dict[str, Value]:
    """The tags of each cluster, or why they cannot be read."""

    def of(batch: list[str]) -> dict[str, Value]:
        answers = calls.values("DescribeClusters", "clusters", clusters=batch, include=_TAGS)
        if isinstance(answers, (Unknown, Denied)):
            return dict.fromkeys(batch, answers)
        return {str(answer.get("clusterArn")): _tags(answer) for answer in answers}

    batches = _batches(clusters, _CLUSTERS_AT_ONCE)
    return {arn: tags for found in calls.map(of, batches) for arn, tags in found.items()}


def _tags(answer: Answer) -> Value:
    """Tags, of which ECS says nothing where there are none."""
    return {} if "tags" not in answer else pairs(("tags",), "key", "value")(answer)


def _batches(every: list[str], size: int) -> list[list[str]]:
    return [every[start : start + size] for start in range(0, len(every), size)]


READERS = (
    Reader(
        service="ecs",
        operations={
            _REVISION: (
                *("ListClusters", "DescribeClusters", "ListServices", "DescribeServices"),
                *("ListServiceDeployments", "DescribeServiceRevisions"),
            )
        },
        attributes={_REVISION: _READ},
        read=_revisions,
    ),
)
