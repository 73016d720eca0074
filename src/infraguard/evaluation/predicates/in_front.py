"""What stands before a load balancer and is set elsewhere: a network that all who reach it come through."""

from __future__ import annotations

import ipaddress
from typing import Final

from infraguard.evaluation.predicates.network import network_of, ranges_of
from infraguard.evaluation.predicates.openings import GROUPS, RULES, inward_rules
from infraguard.evaluation.world import Item, World
from infraguard.model.findings import Trace
from infraguard.model.values import Unknown, Value
from infraguard.readers.patterns import pattern

READS: Final = (*GROUPS, *RULES)
#: https://www.cloudflare.com/ips/
_CLOUDFLARE: Final = tuple(
    ipaddress.ip_network(each)
    for each in (
        *("173.245.48.0/20", "103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22", "141.101.64.0/18"),
        *("108.162.192.0/18", "190.93.240.0/20", "188.114.96.0/20", "197.234.240.0/22", "198.41.128.0/17"),
        *("162.158.0.0/15", "104.16.0.0/13", "104.24.0.0/14", "172.64.0.0/13", "131.0.72.0/22"),
        *("2400:cb00::/32", "2606:4700::/32", "2803:f800::/32", "2405:b500::/32", "2405:8100::/32"),
        *("2a06:98c0::/29", "2c0f:f248::/32"),
    )
)
#: Its ranges as the provider of Cloudflare lists them, when Terraform plans.
_LISTED: Final = pattern(r"data\.cloudflare_ip_ranges\.")


def behind_cloudflare(item: Item, world: World) -> Trace:
    """Whether what guards Cloudflare guards a load balancer: not known where nothing else reaches it, else false."""
    rules = inward_rules(item.resource, "security_groups", world.unit)
    ranges = [each for rule in rules for each in ranges_of(rule)]
    is_behind = bool(ranges) and all(map(_is_of_cloudflare, ranges))
    return Trace(
        operator="behind_cloudflare",
        truth=None if is_behind else False,
        path="security_groups",
        expected="only Cloudflare's addresses, and a guard there",
        observed="only Cloudflare's addresses" if is_behind else "others, or none",
        location=item.place("security_groups"),
        reason="only Cloudflare's addresses reach it, and what guards there is set in Cloudflare" if is_behind else "",
        remedy="look there, and waive the gate with what was found" if is_behind else "",
        depends_on=(item.resource.id,) if is_behind else (),
    )


def _is_of_cloudflare(cidr: Value) -> bool:
    if isinstance(cidr, Unknown):
        return bool(cidr.depends_on) and all(map(_LISTED.match, cidr.depends_on))
    network = network_of(cidr)
    return network is not None and any(
        network.version == each.version and network.subnet_of(each)  # type: ignore[arg-type]
        for each in _CLOUDFLARE
    )
