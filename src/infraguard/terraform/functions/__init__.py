"""Terraform's pure functions, by name. They see known values only, and raise `EvaluationError` where Terraform does."""

from infraguard.terraform.functions import aws, collections, encoding, networks, numbers, sets, strings, times
from infraguard.terraform.functions.signature import Function

FUNCTIONS: dict[str, Function] = {
    **strings.FUNCTIONS,
    **numbers.FUNCTIONS,
    **collections.FUNCTIONS,
    **sets.FUNCTIONS,
    **encoding.FUNCTIONS,
    **networks.FUNCTIONS,
    **times.FUNCTIONS,
    **aws.FUNCTIONS,
}

__all__ = ["FUNCTIONS", "Function"]
