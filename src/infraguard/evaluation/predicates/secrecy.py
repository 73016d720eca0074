"""Where a secret comes from, whether one is written down, and for which environment one is named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from infraguard.evaluation.kleene import Truth
from infraguard.evaluation.known_text import known_text
from infraguard.evaluation.lookup import lookup
from infraguard.evaluation.predicates.environments import is_of_each
from infraguard.evaluation.relations import references_at
from infraguard.evaluation.why import why_unread
from infraguard.evaluation.world import Item, World
from infraguard.model.environments import environment_named
from infraguard.model.evidence import Environment
from infraguard.model.findings import Trace
from infraguard.model.values import ABSENT, UNKNOWN_PART, Denied, Holder, Unknown, Value, known
from infraguard.readers.patterns import pattern

STORES: Final = (
    *("aws_secretsmanager_secret_version", "aws_ssm_parameter"),
    *("vault_generic_secret", "vault_kv_secret", "vault_kv_secret_v2", "vault_database_secret_backend_connection"),
)
#: Where stores have what they keep.
_KEPT: Final = ("secret_string", "value", "data_json")
_LOOKED_UP: Final = pattern(
    r"(?:^|\.)(?:data|ephemeral)\.(?:aws_secretsmanager_|aws_ssm_parameter|vault_)|(?:^|\.)vault_"
)
SECRET_NAME: Final = pattern(
    r"(?i)(password|passwd|secret|token|(?:api|private|access|secret|signing)_?key|credentials?)$"
)
#: Keys of AWS by their form, and a secret that a script assigns a literal.
_WRITTEN: Final = pattern(
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|(?i:(?:password|passwd|secret|secret_access_key|api_?key|token)\b[\"']?\s*[=:]\s*[\"']?(?![$<{*\s\"'])[^\s\"']{6,})"
)
#: What is named so and is the place of a secret, not the secret.
SECRET_PLACE: Final = pattern(r"^(arn:|ssm:|/|\$\{|https?://|vault:)|^$")
#: A value that is a secret is not to be written anywhere for a scan: how it is set is what can change.
_REMEDY: Final = "set it outside of Terraform, or by an argument that is written only (`secret_string_wo`, `value_wo`)"


def from_store(item: Item, world: World, *, attribute: str) -> Trace:
    """Whether a password is looked up in a store of secrets, or made by Terraform and put into one."""
    value = known(lookup(item.value, attribute))
    path = item.join(attribute)
    made = isinstance(value, Unknown) and value.is_set
    truth: Truth = None if isinstance(value, (Unknown, Denied)) and not made else False
    causes = value.depends_on if isinstance(value, Unknown) else ()
    sources = (*references_at(item.resource, path, value), *causes)
    observed = "written in the configuration" if isinstance(value, str) else None
    if any(_LOOKED_UP.search(each) for each in sources):
        truth, observed = True, "looked up in a store of secrets"
    elif _is_put_into_one(world, causes):
        truth, observed = True, "put into a store of secrets"
    elif made:
        truth = any(world.unit.resources(STORES)) or (None if world.unit.gaps(STORES) else False)
        observed = "made by Terraform, beside a store of secrets" if truth else observed
    elif isinstance(value, Unknown) and value.held_by is Holder.PERSON:
        truth = None if world.unit.gaps(STORES) else False
    return Trace(
        operator="from_store",
        truth=truth,
        path=path,
        expected="a value from a store of secrets",
        observed=observed,
        location=item.place(attribute),
        **(why_unread(value) if truth is None else {}),
    )


def _is_put_into_one(world: World, causes: Sequence[str]) -> bool:
    """Whether what a value waits for is also what some secret of a store is filled with."""
    variables = {cause for cause in causes if cause.startswith("var.") and SECRET_NAME.search(cause)}
    kept = (known(each.attributes.get(name)) for each in world.unit.resources(STORES) for name in _KEPT)
    return bool(variables) and any(isinstance(value, Unknown) and variables & {*value.depends_on} for value in kept)


def kept_out_of_state(item: Item, _: World, *, attribute: str, placeholder: str) -> Trace:
    """Whether an argument has no value, which Terraform's state would hold; a placeholder is no secret."""
    value = known(lookup(item.value, attribute))
    truth: Truth = False
    if value is ABSENT or (isinstance(value, str) and re.search(placeholder, value)):
        truth = True
    elif isinstance(value, Denied) or (isinstance(value, Unknown) and not value.is_set and not value.json):
        truth = None
    return Trace(
        operator="kept_out_of_state",
        truth=truth,
        path=item.join(attribute),
        expected="absent, or written only",
        observed=None if value is ABSENT else "a placeholder" if truth else "a value",
        origin="absent" if value is ABSENT else "",
        location=item.place(attribute),
        **({**why_unread(value), "remedy": _REMEDY} if truth is None else {}),
    )


def may_be_left_out(item: Item, _: World, *, attribute: str, instead: list[str]) -> Trace:
    """Whether an argument may turn out to have no value: it is absent, or another that stands for it is there.

    A variable without a value may be null. A database without any password cannot be made, so where nothing else gives
    one, the variable has it.
    """
    value = known(lookup(item.value, attribute))
    others = [name for name in instead if known(lookup(item.value, name)) not in (ABSENT, False, "")]
    return Trace(
        operator="may_be_left_out",
        truth=value is ABSENT or bool(others),
        path=item.join(attribute),
        expected=f"absent, or one of {', '.join(instead)}",
        observed=None if value is ABSENT else "a value, whatever it is",
        origin="absent" if value is ABSENT else "",
        location=item.place(attribute),
    )


def no_secret_written(item: Item, _: World, *, attributes: list[str]) -> Trace:
    """Whether no attribute of these holds the text of a secret; a value that only apply tells is written nowhere."""
    for attribute in attributes:
        value = known(lookup(item.value, attribute))
        found = next(_secrets(value), "")
        if found:
            return _written(item, attribute, truth=False, found=found)
        if isinstance(value, (Unknown, Denied)) and not (isinstance(value, Unknown) and value.is_set):
            return _written(item, attribute, truth=None, **why_unread(value))
    return _written(item, attributes[0], truth=True)


def _written(item: Item, attribute: str, *, truth: Truth, found: str = "", **why: Any) -> Trace:
    return Trace(
        operator="no_secret_written",
        truth=truth,
        path="written",
        expected="no secret",
        observed=found or ("nothing" if truth else None),
        location=item.place(attribute),
        **why,
    )


def _secrets(value: Value, name: str = "") -> Iterator[str]:
    """What of a value is a secret, by name or form; never the secret itself."""
    value = known(value)
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _secrets(inner, str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _secrets(inner, name)
    elif isinstance(value, str) and SECRET_NAME.search(name) and not SECRET_PLACE.search(value):
        yield name
    elif isinstance(value, (str, Unknown)) and _WRITTEN.search(known_text(value).replace(UNKNOWN_PART, "$")):
        yield "something of the form of a key or password"


def _told_by(value: Value) -> set[str]:
    """For which environments a name is that is not known: by its known part, or by what makes it another in each."""
    if not isinstance(value, Unknown):
        return set()
    if "terraform.workspace" in value.depends_on:
        return {"each workspace"}
    said = environment_named(value.text)
    if said is not Environment.UNKNOWN:
        return {str(said)}
    return {"each environment"} if is_of_each(value) else set()


#: What is for developers, and not for development: `dev-hub`, `dev_portal`.
_FOR_DEVELOPERS: Final = pattern(
    r"(?i)(?<![a-z])dev[-_ ]?(?:hub|portal|docs?|console|cent(?:er|re)|tools?|experience|relations|community)(?![a-z])"
)


def named_for_its_environment(item: Item, _: World) -> Trace:
    """Whether a secret's name speaks of the environment that it lies in; unknown when neither speaks of any."""
    secret = item.resource
    value = next(
        (found for name in ("name", "name_prefix") if (found := lookup(item.value, name)) is not ABSENT), ABSENT
    )
    said = environment_named(value) if isinstance(value, str) else Environment.UNKNOWN
    if isinstance(value, str) and secret.environment is not Environment.UNKNOWN and _FOR_DEVELOPERS.search(value):
        said = environment_named(_FOR_DEVELOPERS.sub("", value))
    told = {str(each) for each in (said, secret.environment) if each is not Environment.UNKNOWN}
    why: dict[str, Any] = {}
    if isinstance(known(value), (Unknown, Denied)):
        told = _told_by(value)
    if not told:
        why = why_unread(value) or {
            "reason": "nothing says which environment it is for",
            "remedy": "begin its name with the environment, or tag it with Environment",
            "depends_on": (f"{secret.id}.name",),
        }
    return Trace(
        operator="named_for_its_environment",
        truth=len(told) == 1 if told else None,
        path="environments",
        expected="one environment",
        observed=" and ".join(sorted(told)) or None,
        location=item.place("name"),
        **why,
    )
