"""Load balancers and their listeners."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from infraguard.collectors.aws.answers import Answer, Field, always, at, attributes, each, maybe, pairs
from infraguard.collectors.aws.calls import Calls
from infraguard.collectors.aws.reader import Reader
from infraguard.model.evidence import Resource
from infraguard.model.values import ABSENT, Unknown, Value

_BALANCER = "aws_lb"
_LISTENER = "aws_lb_listener"
#: How many resources one DescribeTags call takes.
_TAGGED_AT_ONCE = 20
#: The protocols that speak TLS. AWS may report a policy for others too, where it means nothing.
_TLS_PROTOCOLS = ("HTTPS", "TLS")


def _block(name: str, fields: dict[str, Field]) -> Field:
    """A block of Terraform, which is a list of one, where the answer has the object that it stands for."""

    def read(answer: Answer) -> Value:
        return [attributes(answer[name], fields)] if answer.get(name) else ABSENT

    return read


def _internal(answer: Answer) -> Value:
    """Whether a load balancer is internal; one of type gateway has no scheme, and Terraform says false."""
    scheme = always("Scheme")(answer)
    if answer.get("Type") == "gateway" and isinstance(scheme, Unknown):
        return False
    return scheme if isinstance(scheme, Unknown) else scheme == "internal"


def _spoken(name: str) -> Field:
    """The protocol or the port of a listener, which those of gateway load balancers have none of."""

    def read(answer: Answer) -> Value:
        is_gateway = ":listener/gwy/" in str(answer.get("ListenerArn"))
        return maybe(name)(answer) if is_gateway else always(name)(answer)

    return read


def _ssl_policy(answer: Answer) -> Value:
    protocol = _spoken("Protocol")(answer)
    if isinstance(protocol, Unknown):
        return protocol
    return always("SslPolicy")(answer) if protocol in _TLS_PROTOCOLS else ABSENT


def _certificate(answer: Answer) -> Value:
    """The default certificate, the only one that DescribeListeners returns."""
    certificates = answer.get("Certificates") or [{}]
    return at(certificates[0], ("CertificateArn",))


_LOAD_BALANCER: dict[str, Field] = {
    "id": always("LoadBalancerArn"),
    "arn": always("LoadBalancerArn"),
    "name": always("LoadBalancerName"),
    "load_balancer_type": always("Type"),
    "internal": _internal,
    "subnets": each(("AvailabilityZones",), always("SubnetId")),
    "security_groups": maybe("SecurityGroups"),
    "vpc_id": always("VpcId"),
    "dns_name": maybe("DNSName"),
}
_LISTENER_FIELDS: dict[str, Field] = {
    "id": always("ListenerArn"),
    "arn": always("ListenerArn"),
    "load_balancer_arn": always("LoadBalancerArn"),
    "port": _spoken("Port"),
    "protocol": _spoken("Protocol"),
    "ssl_policy": _ssl_policy,
    "certificate_arn": _certificate,
    "default_action": each(("DefaultActions",), lambda action: attributes(action, _ACTION)),
}
_REDIRECT: dict[str, Field] = {
    "protocol": maybe("Protocol"),
    "port": maybe("Port"),
    "host": maybe("Host"),
    "path": maybe("Path"),
    "query": maybe("Query"),
    "status_code": always("StatusCode"),
}
_FIXED_RESPONSE: dict[str, Field] = {
    "content_type": maybe("ContentType"),
    "message_body": maybe("MessageBody"),
    "status_code": always("StatusCode"),
}


_ACTION: dict[str, Field] = {
    "type": always("Type"),
    "order": maybe("Order"),
    "target_group_arn": maybe("TargetGroupArn"),
    "redirect": _block("RedirectConfig", _REDIRECT),
    "fixed_response": _block("FixedResponseConfig", _FIXED_RESPONSE),
}


def _balancers(calls: Calls, kinds: frozenset[str]) -> Iterator[Resource]:
    """Load balancers, and the listeners of each; a listener serves the environment of its load balancer."""
    operation = "DescribeLoadBalancers"
    answers = calls.items(operation, "LoadBalancers", kinds)
    tags = _tags(calls, [answer["LoadBalancerArn"] for answer in answers if "LoadBalancerArn" in answer])
    if _BALANCER in kinds:
        for answer in answers:
            own = {**attributes(answer, _LOAD_BALANCER), "tags": tags.get(answer.get("LoadBalancerArn"))}
            yield from calls.found(_BALANCER, operation, own)
    if _LISTENER in kinds:
        yield from _listeners(calls, tags)


def _listeners(calls: Calls, balancers: dict[Any, Value]) -> Iterator[Resource]:
    """The listeners of all load balancers, which are given by ARN with their tags."""
    operation = "DescribeListeners"

    def of(balancer: str) -> list[Answer]:
        return calls.items(operation, "Listeners", (_LISTENER,), LoadBalancerArn=balancer)

    answers = [answer for found in calls.map(of, balancers) for answer in found]
    tags = _tags(calls, [answer["ListenerArn"] for answer in answers if "ListenerArn" in answer])
    for answer in answers:
        own = {**attributes(answer, _LISTENER_FIELDS), "tags": tags.get(answer.get("ListenerArn"))}
        parents_tags = balancers.get(answer.get("LoadBalancerArn"))
        yield from calls.found(_LISTENER, operation, own, parents_tags)


def _tags(calls: Calls, arns: list[str]) -> dict[Any, Value]:
    """The tags of each resource, or why they cannot be read."""

    def of(batch: list[str]) -> dict[str, Value]:
        answers = calls.values("DescribeTags", "TagDescriptions", ResourceArns=batch)
        if not isinstance(answers, list):
            return dict.fromkeys(batch, answers)
        said = {answer.get("ResourceArn"): pairs(("Tags",))(answer) for answer in answers}
        return {arn: said.get(arn, Unknown("AWS did not return its tags", remedy="scan again")) for arn in batch}

    batches = [arns[start : start + _TAGGED_AT_ONCE] for start in range(0, len(arns), _TAGGED_AT_ONCE)]
    return {arn: tags for found in calls.map(of, batches) for arn, tags in found.items()}


READERS = (
    Reader(
        service="elbv2",
        operations={
            _BALANCER: ("DescribeLoadBalancers", "DescribeTags"),
            _LISTENER: ("DescribeLoadBalancers", "DescribeListeners", "DescribeTags"),
        },
        attributes={_BALANCER: (*_LOAD_BALANCER, "tags"), _LISTENER: (*_LISTENER_FIELDS, "tags")},
        read=_balancers,
    ),
)
