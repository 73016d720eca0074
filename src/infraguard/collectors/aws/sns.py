"""Topics, and who is told of what is published to them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from infraguard.collectors.aws.answers import Answer, Field, always, attributes, not_read
from infraguard.collectors.aws.calls import Calls
from infraguard.collectors.aws.reader import Reader
from infraguard.model.evidence import Resource
from infraguard.model.values import ABSENT, Value
from infraguard.readers.patterns import pattern

_TOPIC = "aws_sns_topic"
_SUBSCRIPTION = "aws_sns_topic_subscription"
_KEY = "kms_master_key_id"
#: What stands in place of the ARN of a subscription that nobody has confirmed, or that was given up.
#: Source: https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html.
_PENDING = ("PendingConfirmation", "Deleted")
_WEB_ADDRESS = pattern(r"(https?://)(?:[^/@]*@)?([^/?#]+).*", re.DOTALL)


def _subscription_id(answer: Answer) -> Value:
    """The ARN; while there is none, the topic and a digest of the endpoint tell subscriptions apart."""
    if answer.get("SubscriptionArn") not in _PENDING:
        return always("SubscriptionArn")(answer)
    digest = hashlib.sha256(str(answer.get("Endpoint")).encode()).hexdigest()[:12]
    return f"{answer.get('TopicArn')}:pending-{answer.get('Protocol')}-{digest}"


def _endpoint(answer: Answer) -> Value:
    """Where messages go. Of a web address only the host: the rest is often a secret, as in webhooks of chats."""
    endpoint = always("Endpoint")(answer)
    return _WEB_ADDRESS.sub(r"\1\2/…", endpoint) if isinstance(endpoint, str) else endpoint


def _is_pending(answer: Answer) -> Value:
    arn = always("SubscriptionArn")(answer)
    return arn in _PENDING if isinstance(arn, str) else arn


_TOPIC_FIELDS: dict[str, Field] = {
    "id": always("TopicArn"),
    "arn": always("TopicArn"),
    "name": lambda answer: str(answer["TopicArn"]).rpartition(":")[2] if "TopicArn" in answer else ABSENT,
    "tags": not_read("tags of topics"),
}
_SUBSCRIPTION_FIELDS: dict[str, Field] = {
    "id": _subscription_id,
    "arn": lambda answer: ABSENT if answer.get("SubscriptionArn") in _PENDING else always("SubscriptionArn")(answer),
    "topic_arn": always("TopicArn"),
    "protocol": always("Protocol"),
    "endpoint": _endpoint,
    "pending_confirmation": _is_pending,
}


def _keys(calls: Calls, arns: list[str]) -> dict[str, Value]:
    """The key that each topic is encrypted with: absent when it is not, or why that cannot be read."""

    def of(arn: str) -> Value:
        answer = calls.one("GetTopicAttributes", "Attributes", TopicArn=arn)
        return answer.get("KmsMasterKeyId", ABSENT) if isinstance(answer, dict) else answer

    return dict(zip(arns, calls.map(of, arns), strict=True))


def _topics(calls: Calls, kinds: frozenset[str]) -> Iterator[Resource]:
    """Topics with the subscriptions of each, those of other accounts included, which ListSubscriptions leaves out."""
    topics = calls.items("ListTopics", "Topics", kinds)
    arns = [topic["TopicArn"] for topic in topics if "TopicArn" in topic]
    if _TOPIC in kinds:
        keys = _keys(calls, arns)
        for topic in topics:
            key = keys.get(str(topic.get("TopicArn")), ABSENT)
            own = {} if key is ABSENT else {_KEY: key}
            yield from calls.found(_TOPIC, "ListTopics", {**attributes(topic, _TOPIC_FIELDS), **own})
    if _SUBSCRIPTION not in kinds:
        return
    operation = "ListSubscriptionsByTopic"

    def of(arn: str) -> list[Answer]:
        return calls.items(operation, "Subscriptions", (_SUBSCRIPTION,), TopicArn=arn)

    for answers in calls.map(of, arns):
        for answer in answers:
            yield from calls.found(_SUBSCRIPTION, operation, attributes(answer, _SUBSCRIPTION_FIELDS))


READERS = (
    Reader(
        service="sns",
        operations={
            _TOPIC: ("ListTopics", "GetTopicAttributes"),
            _SUBSCRIPTION: ("ListTopics", "ListSubscriptionsByTopic"),
        },
        attributes={_TOPIC: (*_TOPIC_FIELDS, _KEY), _SUBSCRIPTION: tuple(_SUBSCRIPTION_FIELDS)},
        read=_topics,
    ),
)
