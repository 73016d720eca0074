"""What a module that nobody has read is about, as its name says it.

A folder called `secrets` holds no trail, and a repository called `terraform-aws-vpc` no budget, whoever wrote it. Each
word of a name must be known here, or say nothing; a module of any other name may make anything.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from functools import cache
from typing import Final

from infraguard.readers.patterns import pattern
from infraguard.terraform.known_modules.growth import of_same_services
from infraguard.terraform.known_modules.topics import BESIDE, EMPTY, PAIRS, TOPIC_OF, TOPICS

#: The types of security groups alone, which are of the network as much else is.
_GROUPS: Final = (
    *("aws_security_group", "aws_security_group_rule"),
    *("aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"),
)
#: How the name of a list of addresses ends, whoever's they are; of a firewall, it is one of its rules.
_LIST: Final = pattern(r"(?:\A|_)(?:(?:allow|deny|block|white|black|ip|cidr)_?lists?|ip_(?:ranges|addresses)|cidrs)\Z")
_LISTS: Final = ("aws_ec2_managed_prefix_list", "aws_ec2_managed_prefix_list_entry", "aws_ssm_parameter")
#: What is made together with a network, and by nothing that is given one.
_OF_NETWORK: Final = pattern(
    r"aws_(?:vpc\Z|vpc_(?!endpoint|security_group)|vpn_|ec2_client_vpn|customer_gateway|flow_log|internet_gateway|nat_gateway"
    r"|egress_only_|default_|main_route_table|network_acl)"
)
#: What is made together with subnets. Groups of subnets come with what is put into them, too.
_OF_SUBNETS: Final = pattern(r"aws_(?:subnet|route|route_table\w*|main_route_table_association)\Z")
_SUBNET_GROUP: Final = pattern(r"aws_\w+_subnet_group\Z")
_KEEPS_DATA: Final = frozenset({"rds", "redis"})
#: What lies in a network and is let into by a group, which its module makes where it is given none.
_HAVE_GROUPS: Final = frozenset({"rds", "redis", "alb", "ecs", "ec2", "efs"})
_IS_SUBNETS: Final = pattern(r"(?i)(?:\w+_)?subnets?(?:_?ids?)?(?:_list)?\Z")
_IS_GROUP: Final = pattern(r"(?i)(?:.*_)?(?:sgs?|security_?groups?)(?:_.*)?\Z")
_IS_NETWORK: Final = pattern(r"(?i)(?:\w+_)?(?:vpc(?:_?id)?|(?:\w+_)?subnets?(?:_?ids?)?(?:_list)?)\Z")
_IS_CERTIFICATE: Final = pattern(r"(?i)(?:\w+_)?cert(?:ificate)?s?_arns?\Z")
#: `NAMESPACE/NAME/PROVIDER`, with the host of a private registry before it or without.
_REGISTRY: Final = pattern(r"(?:[\w-]+\.[\w.-]+/)?[\w-]+/[\w-]+/[a-z0-9]+\Z(?<!\.git)")
_SPLIT: Final = pattern(r"[-_.\s]+")


@cache
def topics_of(source: str) -> frozenset[str] | None:
    """What the last part of a source's path is called after; None where a word of it is not known."""
    path = source.partition("?")[0].removesuffix(".git").rstrip("/")
    path = path.rpartition("/")[0] if _REGISTRY.match(path) else path
    name = "_".join(_SPLIT.split(posixpath.basename(path).lower()))
    for pair, word in PAIRS.items():
        name = name.replace(pair, word)
    words = [word for word in name.split("_") if word not in EMPTY]
    if _LIST.search(name) and TOPIC_OF.keys().isdisjoint(words):
        return frozenset({"addresses"})
    told = [word for word in words if word not in BESIDE]
    if not told or not all(word in TOPIC_OF for word in told):
        return None
    topics = frozenset(TOPIC_OF[word] for word in told)
    return topics & {"alarms"} if "alarms" in told or "alarm" in told else topics  # alarms of a service make none of it


def named_after(source: str, given: Iterable[str] = ()) -> frozenset[str] | None:
    """The types that a module may make whose name says what it is about; None where it does not.

    What is given a network, subnets or a certificate by arguments of these names makes none, unless that is what it is
    about; and what is given no security group has one of its own.
    """
    topics, given = topics_of(source), frozenset(given)
    if topics is None:
        return None
    own: tuple[str, ...] = _GROUPS if "sg" in topics else _LISTS if "addresses" in topics else ()
    if not own and not topics.isdisjoint(_HAVE_GROUPS) and not any(map(_IS_GROUP.match, given)):
        own = _GROUPS[:1]
    found = of_same_services(kind for topic in topics for kind in TOPICS[topic]).union(own)
    if "vpc" not in topics and any(map(_IS_NETWORK.match, given)):
        found = frozenset(kind for kind in found if not _OF_NETWORK.match(kind))
    if "vpc" not in topics and any(map(_IS_SUBNETS.match, given)):
        found = frozenset(kind for kind in found if not _OF_SUBNETS.match(kind))
        if topics.isdisjoint(_KEEPS_DATA):
            found = frozenset(kind for kind in found if not _SUBNET_GROUP.match(kind))
    if "acm" not in topics and any(map(_IS_CERTIFICATE.match, given)):
        found = frozenset(kind for kind in found if not kind.startswith("aws_acm"))
    return found
