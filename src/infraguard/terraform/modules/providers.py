"""Provider configurations: which one a resource uses, the tags that it puts on everything, and its region.

A module sees the configurations that it declares, those that its caller passes on, and without an alias the caller's
own. The region of a provider is where its resources are, and no attribute of them: with the provider before version 6
they have none.
"""

from __future__ import annotations

from infraguard.model.values import Unknown, Value
from infraguard.terraform.declarations import Declared
from infraguard.terraform.evaluation.scope import Scope
from infraguard.terraform.evaluation.types import Type
from infraguard.terraform.evaluation.values import joined, unknowns_in
from infraguard.terraform.modules.blocks import nested_values
from infraguard.terraform.modules.fitting import fitted
from infraguard.terraform.modules.settle import settled
from infraguard.terraform.syntax.nodes import Body, Literal, Node, Object, Traversal

_TAGS = Type("map", items=Type("string"))


class Providers:
    """The configurations that one module sees, by local name: `aws`, `aws.east`."""

    def __init__(self, declared: dict[str, Declared], scope: Scope) -> None:
        self._declared = declared
        self._scope = scope
        self._caller: Providers | None = None
        self._passed: dict[str, str] = {}
        self._tags: dict[str, Value] = {}
        self._regions: dict[str, str] = {}

    def called_by(self, caller: Providers, call: Body) -> None:
        """Tells which module calls this one, and with which `providers`."""
        self._caller = caller
        passed = call.attributes.get("providers")
        if passed is not None and isinstance(passed.value, Object):
            self._passed = {_name(key): _name(value) for key, value in passed.value.items}

    def default_tags(self, resource: Declared) -> Value:
        """The tags that the provider of a resource adds: an object, None for none, or why they are not known."""
        name = _used_by(resource)
        if name not in self._tags:
            found = self._found(name)
            self._tags[name] = _tags(nested_values(found[0].body, found[1], "default_tags")) if found else None
        return self._tags[name]

    def all_tags(self, resource: Declared, tags: Value) -> Value:
        """The tags of a resource together with those that its provider adds; None where only a plan tells.

        That is so of none and of empty ones, of which the provider leaves it open, and without a provider: what looks
        like a root may be called by somebody else's, which has one.
        """
        found = self._found(_used_by(resource))
        if found is None or any(block.type == "ignore_tags" for block in found[0].body.blocks):
            return None
        default = self.default_tags(resource)
        together = tags_all({} if default is None else default, {} if tags is None else tags)
        if unknowns := unknowns_in(together):
            return joined(unknowns, is_set=True)
        return together if together and all(together.values()) else None

    def region(self, resource: Declared) -> str:
        """The region that a resource of AWS is in; empty where that is not known, and for what is in none."""
        if not in_a_region(resource.block.labels[0]):
            return ""
        name = _used_by(resource)
        if name not in self._regions:
            found = self._found(name)
            attribute = found[0].body.attributes.get("region") if found else None
            value = settled(attribute.value, found[1]) if found and attribute else None
            self._regions[name] = value if isinstance(value, str) else ""
        return self._regions[name]

    def _found(self, name: str) -> tuple[Declared, Scope] | None:
        """The configuration of a name, and what its expressions see."""
        if name in self._passed and self._caller is not None:
            return self._caller._found(self._passed[name])  # noqa: SLF001 - another of its own class
        if name in self._declared:
            return self._declared[name], self._scope
        return self._caller._found(name) if self._caller is not None and "." not in name else None  # noqa: SLF001


#: What types of AWS begin with whose names hold in all regions.
_EVERYWHERE = (
    *("aws_iam_", "aws_route53", "aws_cloudfront_", "aws_s3_", "aws_s3control_", "aws_organizations_", "aws_account_"),
    *("aws_globalaccelerator_", "aws_waf_", "aws_shield_", "aws_budgets_", "aws_ce_", "aws_rds_global_cluster"),
)


def in_a_region(kind: str) -> bool:
    """Whether a type of resource is of AWS and lies in one region."""
    return kind.startswith("aws_") and not kind.startswith(_EVERYWHERE)


def _used_by(resource: Declared) -> str:
    return provider_named(resource) or resource.block.labels[0].partition("_")[0]


def _tags(blocks: Value) -> Value:
    if not isinstance(blocks, list):
        return blocks
    block = blocks[0]
    return fitted(block.get("tags"), _TAGS, "default_tags.tags") if isinstance(block, dict) else block


def provider_named(resource: Declared) -> str:
    """The configuration that a resource names by itself: `aws.east`; nothing where it takes its module's own."""
    chosen = resource.body.attributes.get("provider")
    return _name(chosen.value) if chosen else ""


def _name(node: Node) -> str:
    """The name of a configuration as an expression writes it: `aws.east`, in old files as a string."""
    if isinstance(node, Traversal):
        return ".".join((node.root, *(str(step) for step in node.steps)))
    return str(node.value) if isinstance(node, Literal) else ""


def tags_all(default: Value, tags: Value) -> Value:
    """All tags of a resource that has tags of its own: the provider's, and over them its own."""
    unknowns = [value for value in (default, tags) if isinstance(value, Unknown)]
    if unknowns:
        return joined(unknowns, is_set=True)
    return {**default, **tags} if isinstance(default, dict) and isinstance(tags, dict) else None
