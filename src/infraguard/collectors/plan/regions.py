"""The region that an object of a plan or a state is in: by itself, or by the provider that makes it.

A plan has the configurations of providers with what their arguments refer to, and not how. So a region that is worked
out of a variable is known only where that variable holds the name of a region and no second provider uses it: of
`region = var.here` and `region = var.pairs[var.here]`, one is in another region, and both look alike.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from infraguard.collectors.plan.document import Document, ProviderConfig
from infraguard.collectors.plan.expressions import Argument, configured
from infraguard.readers.patterns import pattern
from infraguard.terraform.modules.providers import in_a_region

#: `eu-west-1`, `us-gov-west-1`: so that no other word passes for a region.
_REGION: Final = pattern(r"[a-z]{2}(?:-[a-z]+)+-[0-9]{1,2}")


class Regions:
    """The regions of a plan's providers, by the keys that its resources name them by."""

    def __init__(self, document: Document) -> None:
        said = {key: _said(config) for key, config in document.configuration.provider_config.items()}
        users = Counter(one.references for one in said.values() if one.references)
        self._by_key = {
            key: _region(one.constant) or (_of_variable(key, one, document) if users[one.references] == 1 else "")
            for key, one in said.items()
        }

    def of(self, kind: str, values: dict[str, Any], provider: str) -> str:
        """The region of an object with these values; empty where that is not known, and for what is in none."""
        if not in_a_region(kind):
            return ""
        if "region" in values:  # of version 6 of the provider on, and over what the provider says
            return _region(values["region"])
        arn = values.get("arn")
        if isinstance(arn, str) and arn.count(":") >= _PARTS_OF_AN_ARN:
            return _region(arn.split(":")[3])
        return self._by_key.get(provider, "")


_PARTS_OF_AN_ARN: Final = 5


def _said(config: ProviderConfig) -> Argument:
    found = configured(config.expressions.get("region", {}))
    return found if isinstance(found, Argument) else Argument()


def _of_variable(key: str, said: Argument, document: Document) -> str:
    """What a single variable of the root holds; a provider within a module refers to variables of that."""
    if len(said.references) != 1 or ":" in key:
        return ""
    variable = document.variables.get(said.references[0].removeprefix("var."))
    return _region(variable.value) if variable and said.references[0].startswith("var.") else ""


def _region(value: Any) -> str:
    return value if isinstance(value, str) and _REGION.fullmatch(value) else ""
