"""What security groups let in from everywhere, and whether it is a load balancer that answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from infraguard.evaluation import kleene
from infraguard.evaluation.compare import as_text
from infraguard.evaluation.kleene import Truth
from infraguard.evaluation.lookup import first_open, first_unknown, lookup
from infraguard.evaluation.predicates.network import RULE_KINDS, network_of, ranges_of
from infraguard.evaluation.relations import refers
from infraguard.evaluation.why import why_gaps, why_unread
from infraguard.evaluation.world import Item, Unit, World
from infraguard.model.evidence import Resource, Source
from infraguard.model.findings import Trace
from infraguard.model.values import ABSENT, Denied, Unknown, Value, known
from infraguard.readers.patterns import pattern

GROUPS: Final = ("aws_security_group", "aws_default_security_group")
RULES: Final = RULE_KINDS
BALANCERS: Final = ("aws_lb", "aws_elb")
#: Ports at which servers of the web answer.
_WEB: Final = (80, 443, 3000, 5000, 8000, 8080, 8443)
_WITHOUT_PORTS: Final = ("icmp", "icmpv6", "1", "58")
_EVERY_PROTOCOL: Final = ("all", "-1")
#: Names of load balancers and of what belongs to them: `alb-sg`, `app_lb`, `load_balancer`.
_FOR_BALANCER: Final = pattern(r"(?i)(?:\A|[^a-z])[ane]?lb(?:[^a-z]|\Z)|load[-_ ]?balancer")
#: A range with a shorter prefix than this is everywhere: two halves of the internet are the whole of it.
_EVERYWHERE: Final = {4: 8, 6: 16}


class _Opening(NamedTuple):
    """One rule: whether everywhere may come in by it, and whether it opens nothing but the ports that are allowed."""

    world: Truth
    allowed: Truth
    shown: str
    at: str


def opens_only(item: Item, world: World, *, ports: list[int]) -> Trace:
    """Whether the whole internet reaches these ports only, and only on a load balancer."""
    wide = [opening for opening in _openings(item.resource, ports) if opening.world is not False]
    balanced = _on_balancer(item.resource, world.unit) if wide else True
    truth = kleene.every(
        kleene.some((kleene.negate(each.world), kleene.every((each.allowed, balanced)))) for each in wide
    )
    if truth is False:  # what is not known says nothing beside what is open
        wide = [each for each in wide if each.world is True]
    shown = ", ".join(dict.fromkeys(each.shown for each in wide))
    return Trace(
        operator="opens_only",
        truth=truth,
        path="open_ports",
        expected=f"nothing but {', '.join(map(as_text, ports))} on a load balancer",
        observed=shown or "none",
        location=item.place(wide[0].at) if wide else item.resource.location,
        **(_why(item.resource, world.unit) if truth is None else {}),
    )


def is_open_to_all(service: Resource, path: str, unit: Unit) -> bool:
    """Whether a group that is named there certainly lets everywhere in, by a rule of its own or by one for it."""
    groups = [group for group in unit.named(GROUPS).by(service, path) if refers(service, path, group) is True]
    rules = (
        rule
        for rule in unit.resources(RULES)
        if any(refers(rule, "security_group_id", group) is True for group in groups)
    )
    return any(opening.world is True for each in (*groups, *rules) for opening in _openings(each, []))


def opens_web_to_all(server: Resource, path: str, unit: Unit) -> bool:
    """Whether a group that is named there certainly lets everywhere in at a port that is usual for the web."""
    return any(kleene.some(_everywhere(rule)) is True and _has_web(rule) for rule in inward_rules(server, path, unit))


def inward_rules(server: Resource, path: str, unit: Unit) -> Iterator[dict[str, Value]]:
    """The rules by which the groups that are named there let something in: those in a group, and those beside it."""
    groups = [group for group in unit.named(GROUPS).by(server, path) if refers(server, path, group) is True]
    for group in groups:
        inline = lookup(group.attributes, "ingress")
        yield from (rule for rule in (inline if isinstance(inline, list) else ()) if isinstance(rule, dict))
    for rule in unit.resources(RULES):
        is_inward = known(lookup(rule.attributes, "type")) != "egress"
        if is_inward and any(refers(rule, "security_group_id", group) is True for group in groups):
            yield rule.attributes


def _has_web(rule: dict[str, Value]) -> bool:
    if _protocol(rule) in _EVERY_PROTOCOL:
        return True
    try:
        span = range(int(known(rule.get("from_port"))), int(known(rule.get("to_port"))) + 1)
    except (TypeError, ValueError):
        return False
    return any(port in span for port in _WEB)


def _openings(resource: Resource, ports: list[int]) -> Iterator[_Opening]:
    if resource.kind in GROUPS:
        inline = lookup(resource.attributes, "ingress")
        if isinstance(inline, (Unknown, Denied)):
            yield _Opening(None, None, "unknown rules", "ingress")
        for at, rule in enumerate(inline if isinstance(inline, list) else ()):
            yield from _opening(rule, ports, f"ingress.{at}")
    elif resource.kind != "aws_security_group_rule":
        yield from _opening(resource.attributes, ports, "from_port")
    elif (direction := known(lookup(resource.attributes, "type"))) != "egress":
        unread = isinstance(direction, (Unknown, Denied))  # a rule that may let out only opens nothing for certain
        for opening in _opening(resource.attributes, ports, "from_port"):
            yield opening._replace(world=kleene.every((opening.world, None))) if unread else opening


def _opening(rule: Value, ports: list[int], at: str) -> Iterator[_Opening]:
    """What a rule opens; nothing where its protocol has no ports."""
    if not isinstance(rule, dict):
        yield _Opening(None, None, "an unknown rule", at)
    elif _protocol(rule) not in _WITHOUT_PORTS:
        yield _Opening(kleene.some(_everywhere(rule)), _only(rule, ports), _shown(rule), at)


def _protocol(rule: dict[str, Value]) -> Value:
    protocol = known(rule.get("protocol", rule.get("ip_protocol")))
    return protocol if isinstance(protocol, (Unknown, Denied)) else as_text(protocol).lower()


def _everywhere(rule: dict[str, Value]) -> Iterator[Truth]:
    for cidr in ranges_of(rule):
        network = network_of(cidr)
        yield None if network is None else network.prefixlen < _EVERYWHERE[network.version]


def _only(rule: dict[str, Value], ports: list[int]) -> Truth:
    protocol = _protocol(rule)
    if isinstance(protocol, (Unknown, Denied)):
        return None
    if protocol in _EVERY_PROTOCOL:
        return False
    low, high = known(rule.get("from_port")), known(rule.get("to_port"))
    try:
        span = range(int(low), int(high) + 1)
    except (TypeError, ValueError):
        return None
    return len(span) <= len(ports) and all(port in ports for port in span)


def _shown(rule: dict[str, Value]) -> str:
    if _protocol(rule) in _EVERY_PROTOCOL:
        return "every port"
    low, high = known(rule.get("from_port")), known(rule.get("to_port"))
    if isinstance(low, (Unknown, Denied)) or isinstance(high, (Unknown, Denied)):
        return "a port that is not known"
    return as_text(low) if low == high else f"{as_text(low)} to {as_text(high)}"


def _on_balancer(resource: Resource, unit: Unit) -> Truth:
    """Whether the group, or the group of the rule, is one that a load balancer has."""
    groups = [resource]
    if resource.kind not in GROUPS:
        path = "security_group_id"
        groups = [group for group in unit.named(GROUPS).by(resource, path) if refers(resource, path, group)]
        if not groups:
            return None
    balancers = list(unit.resources(BALANCERS))
    if not balancers and unit.source is not Source.AWS and any(map(_is_named_for_one, groups)):
        return True  # the configuration that makes the balancer is another, or is yet to be written
    links = [refers(balancer, "security_groups", group) for balancer in balancers for group in groups]
    found = kleene.some(links)
    return None if found is False and (unit.gaps(BALANCERS) or _looked_up(balancers)) else found


def _is_named_for_one(group: Resource) -> bool:
    """Whether a group is called that of a load balancer."""
    tags = lookup(group.attributes, "tags")
    names = [group.id.rpartition(".")[2], lookup(group.attributes, "name"), lookup(group.attributes, "name_prefix")]
    names += [tags.get("Name")] if isinstance(tags, dict) else []
    return any(isinstance(name, str) and _FOR_BALANCER.search(name) for name in names)


def _looked_up(balancers: Iterable[Resource]) -> str:
    """The balancer whose groups are looked up when Terraform plans, which may find any group by its name."""
    for balancer in balancers:
        unread = first_unknown(lookup(balancer.attributes, "security_groups"))
        if isinstance(unread, Unknown) and any("data.aws_security_group" in cause for cause in unread.depends_on):
            return balancer.id
    return ""


def _why(resource: Resource, unit: Unit) -> dict[str, Any]:
    if unread := first_open(resource):
        return why_unread(unread)
    gaps = unit.gaps(BALANCERS)
    if gaps:
        return why_gaps(gaps)
    if balancer := _looked_up(unit.resources(BALANCERS)):
        return {
            "reason": f"which groups {balancer} has is looked up when Terraform plans",
            "remedy": "give the load balancer the group itself, or scan a plan",
            "depends_on": (balancer,),
        }
    outside = known(lookup(resource.attributes, "security_group_id"))
    named = "the security group that it belongs to" if outside is not ABSENT else "what uses it"
    return {
        "reason": f"{named} is not in this configuration",
        "remedy": "scan the configuration that makes it, or the live account",
        "depends_on": (resource.id,),
    }
