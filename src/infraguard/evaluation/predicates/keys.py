"""Whether something is encrypted with a key of the customer's own, in place of one that AWS keeps for the service."""

from __future__ import annotations

from typing import Any, Final

from infraguard.evaluation.kleene import Truth
from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.relations import refers
from infraguard.evaluation.why import why_gaps, why_unread
from infraguard.evaluation.world import Item, Unit, World
from infraguard.model.evidence import Source
from infraguard.model.findings import Trace
from infraguard.model.values import ABSENT, Denied, Unknown, Value, known

KEYS: Final = ("aws_kms_key", "aws_kms_alias", "aws_kms_external_key", "aws_kms_replica_key")
#: What the aliases of the keys that AWS keeps begin with; no customer may make such an alias.
_OF_AWS: Final = "alias/aws/"


def own_key(item: Item, world: World, *, attribute: str) -> Trace:
    """Whether an attribute names a key of one's own.

    A configuration that names any key but one by an alias of AWS means one of its own. A live account names keys by
    ids, from which nothing shows: there the keys of the account are asked.
    """
    value = known(lookup(item.value, attribute))
    truth, why = _judged(item, world.unit, attribute, value)
    return Trace(
        operator="own_key",
        truth=truth,
        path=item.join(attribute),
        expected="a key of your own",
        observed=None if value is ABSENT else value,
        origin="absent" if value is ABSENT else "",
        location=item.place(attribute),
        **why,
    )


def encrypted_with(item: Item, world: World, *, attribute: str, own: bool) -> Trace:
    """Whether it is encrypted, which its service always does: where `own` asks for it, with a key of one's own."""
    if own:
        return own_key(item, world, attribute=attribute)
    value = known(lookup(item.value, attribute))
    return Trace(
        operator="encrypted_with",
        truth=True,
        path=item.join(attribute),
        expected="any key",
        observed="the key that AWS keeps for the service" if value is ABSENT else value,
        location=item.place(attribute),
    )


def _judged(item: Item, unit: Unit, attribute: str, value: Value) -> tuple[Truth, dict[str, Any]]:
    if value is ABSENT or (isinstance(value, str) and (not value or _OF_AWS in value)):
        return False, {}
    path = item.join(attribute)
    links = [refers(item.resource, path, key) for key in unit.named(KEYS).by(item.resource, path)]
    if True in links:
        return True, {}
    if isinstance(value, (Unknown, Denied)):
        return None, why_unread(value)
    if unit.source is not Source.AWS:
        return True, {}
    gaps = unit.gaps(("aws_kms_key",))
    return (None, why_gaps(gaps)) if gaps else (False, {})
