"""Functions over address ranges."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network

from infraguard.readers.patterns import pattern
from infraguard.terraform.evaluation.failures import EvaluationError, Exhausted
from infraguard.terraform.functions.signature import Function, text, whole

#: Zeros before a number of an address, which count for nothing.
_ZEROS = pattern(r"(?<![0-9])0+(?=[0-9])")


def _network(prefix: str) -> IPv4Network | IPv6Network:
    is_old = ":" not in prefix
    if not is_old and "." in prefix:
        raise Exhausted("an address of version 4 within one of version 6")
    address, slash, length = prefix.partition("/")
    if not slash:
        raise EvaluationError(f'"{prefix}" is no range of addresses')
    try:
        return ip_network(f"{_ZEROS.sub('', address) if is_old else address}/{length}", strict=False)
    except ValueError as error:
        raise EvaluationError(f'"{prefix}" is no range of addresses') from error


def _longer(network: IPv4Network | IPv6Network, new_bits: int) -> int:
    length = network.prefixlen + new_bits
    if new_bits < 0 or length > network.max_prefixlen:
        raise EvaluationError(f"a range of /{network.prefixlen} cannot be extended by {new_bits} bits")
    return length


def _subnet(prefix: str, new_bits: int, number: int) -> str:
    network = _network(prefix)
    length = _longer(network, new_bits)
    if not 0 <= number < 2**new_bits:
        raise EvaluationError(f"{new_bits} bits cannot hold the subnet number {number}")
    start = int(network.network_address) + (number << (network.max_prefixlen - length))
    return str(type(network)((start, length)))


def _subnets(prefix: str, *new_bits: int) -> list[str]:
    network = _network(prefix)
    position, end = int(network.network_address), int(network.broadcast_address) + 1
    result: list[str] = []
    for bits in new_bits:
        length = _longer(network, bits)
        size = 1 << (network.max_prefixlen - length)
        start = -(-position // size) * size
        if start + size > end:
            raise EvaluationError("the range is too small for all these subnets")
        result.append(str(type(network)((start, length))))
        position = start + size
    return result


def _host(prefix: str, number: int) -> str:
    network = _network(prefix)
    offset = number if number >= 0 else network.num_addresses + number
    if not 0 <= offset < network.num_addresses:
        raise EvaluationError(f"{prefix} has no host number {number}")
    return str(network.network_address + offset)


def _netmask(prefix: str) -> str:
    network = _network(prefix)
    if isinstance(network, IPv6Network):
        raise EvaluationError("IPv6 ranges have no netmask")
    return str(network.netmask)


FUNCTIONS = {
    "cidrhost": Function(_host, (text, whole)),
    "cidrnetmask": Function(_netmask, (text,)),
    "cidrsubnet": Function(_subnet, (text, whole, whole)),
    "cidrsubnets": Function(_subnets, (text,), rest=whole),
}
