"""The part of AWS that a reader looks at, and how a thing found there becomes a resource."""

from __future__ import annotations

from msgspec import Struct

from infraguard.model.environments import environment_named
from infraguard.model.evidence import Environment, Resource, Source
from infraguard.model.values import Location, Value

#: Tags that say the environment, in small letters; the first that says one counts.
_ENVIRONMENT_TAGS = ("environment", "env")


class Place(Struct, frozen=True):
    """One region of one account; `environment` is the account's, for things whose tags do not say."""

    account: str
    region: str
    environment: Environment = Environment.UNKNOWN

    def resource(
        self, kind: str, call: str, attributes: dict[str, Value], parents_tags: Value = None
    ) -> Resource | None:
        """A resource under its ARN, or its AWS id where it has none; None when neither is known.

        `parents_tags` are those of what it belongs to; they say its environment where its own tags do not.
        """
        arn, own_id = attributes.get("arn"), attributes.get("id")
        name = next((name for name in (arn, own_id) if isinstance(name, str) and name), None)
        if name is None:
            return None
        return Resource(
            kind=kind,
            id=name,
            source=Source.AWS,
            unit=self.account,
            attributes=attributes,
            location=Location(
                arn=arn if isinstance(arn, str) else "", account=self.account, region=self.region, call=call
            ),
            environment=self._environment(attributes.get("tags"), parents_tags),
        )

    def _environment(self, *tags: Value) -> Environment:
        for given in tags:
            if isinstance(given, dict):
                said = {str(key).lower(): str(value) for key, value in given.items()}
                for key in _ENVIRONMENT_TAGS:
                    environment = environment_named(said.get(key, ""))
                    if environment is not Environment.UNKNOWN:
                        return environment
        return self.environment
