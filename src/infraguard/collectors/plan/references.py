"""Which resources a value comes from: through variables, outputs and `each`, as far as a plan tells.

It tells the names that an expression uses and not how. So what is followed here is certain only where there is one
thing that the value can come from, or where all of them are in it: `Origins.certain`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from infraguard.collectors.plan.addresses import Instances, Part, Parts, address_of, block_of, parts_of
from infraguard.collectors.plan.document import ConfiguredModule, ConfiguredResource, ModuleCall, Variable
from infraguard.collectors.plan.expressions import UNTOLD, Argument, Configured, Nested, configured

#: Hops from a value to where it comes from. Modules are nested three or four deep.
MAX_HOPS = 60


class Origin(NamedTuple):
    """A resource or data source, and the attribute of it that is used; empty for the whole of it."""

    address: str
    attribute: str


class Origins(NamedTuple):
    """What an expression leads to.

    `told` is false when a name was met that a plan does not explain. `chosen` is true when names were used that lead
    to plain values, such as `var.on`: they may choose among the others. `added` is true when such a value may itself
    be in the result, as `var.more_subnets` may.
    """

    found: frozenset[Origin] = frozenset()
    told: bool = True
    chosen: bool = False
    added: bool = False

    def certain(self, *, several: bool) -> bool:
        """Whether the value surely comes from all that was found. `several` says that it is a list, a set or a map."""
        if not self.told or not self.found:
            return False
        if not several:
            return len({origin.address for origin in self.found}) == 1
        return not self.chosen or len({block_of(parts_of(origin.address)) for origin in self.found}) == 1


_UNTOLD = Origins(told=False)


def _joined(every: Iterable[Origins]) -> Origins:
    """What an expression leads to whose parts lead to these."""
    parts = tuple(every)
    return Origins(
        frozenset().union(*(part.found for part in parts)),
        all(part.told for part in parts),
        any(part.chosen for part in parts),
        any(part.added for part in parts),
    )


def _plain(value: Any) -> Origins:
    """A value that comes from no resource. Only text can be what a resource is named by."""
    waiting = [value]
    for item in waiting:
        if isinstance(item, str):
            return Origins(chosen=True, added=True)
        if isinstance(item, (list, dict)):
            waiting.extend(item.values() if isinstance(item, dict) else item)
    return Origins(chosen=True)


class Block(NamedTuple):
    """Where an expression stands: its module, and the resource or module call it is an argument of.

    `provider` is the key of the configuration that makes a resource; empty where the plan names none.
    """

    module: Parts
    itself: Parts
    for_each: Any = None
    provider: str = ""


class Tracer:
    """Follows references through the configuration of one plan.

    `marks` are the objects of the plan by address, with `after_sensitive` of each; `variables` those of the root.
    """

    def __init__(
        self, root: ConfiguredModule, marks: Mapping[str, Any], variables: Mapping[str, Variable] | None = None
    ) -> None:
        self._variables = variables or {}
        self._instances = Instances(marks)
        self._marks = marks
        self._modules: dict[str, tuple[ConfiguredModule, ModuleCall | None]] = {"": (root, None)}
        self._resources: dict[str, ConfiguredResource] = {}
        self._known: dict[tuple[Parts, str], Origins] = {}
        waiting: list[tuple[str, ConfiguredModule]] = [("", root)]
        while waiting:
            prefix, module = waiting.pop()
            for resource in module.resources:
                if resource.mode == "managed":
                    self._resources[f"{prefix}{resource.type}.{resource.name}"] = resource
            for name, call in module.module_calls.items():
                self._modules[f"{prefix}module.{name}"] = (call.module, call)
                waiting.append((f"{prefix}module.{name}.", call.module))

    def resource(self, address: str) -> tuple[Configured, Block]:
        """What is written of a resource, and where it is written."""
        itself = parts_of(address)
        resource = self._resources.get(block_of(itself))
        module = itself[:-2]
        if resource is None:
            return UNTOLD, Block(module, itself)
        return Nested((resource.expressions,)), Block(
            module, itself, resource.for_each_expression, resource.provider_config_key
        )

    def is_collection(self, origin: Origin) -> bool:
        """Whether an attribute is a list, a set or a map, whose shape marks have even where no value is known."""
        marks = self._marks.get(origin.address)
        return isinstance(marks, dict) and isinstance(marks.get(origin.attribute), (list, dict))

    def origins(self, written: Argument, block: Block, hops: int = 0) -> Origins:
        """What an argument in a block leads to by the names that its expression uses."""
        if not written.references:
            return _plain(written.constant)
        by_key = any(name.startswith(("each.", "count.")) for name in written.references)
        lead = (self._lead(name, block, hops + 1, by_key=by_key) for name in written.references)
        return _joined(one for one in lead if one is not None)

    def _lead(self, name: str, block: Block, hops: int, *, by_key: bool) -> Origins | None:
        """What one name leads to; None for those that are not about any value."""
        parts = parts_of(name)
        if hops > MAX_HOPS or not parts:
            return _UNTOLD
        match parts[0].name:
            case "count" | "path" | "terraform":
                return None
            case "each":
                return self._each(name, block, hops) if name.startswith("each.value") else None
            case "local" | "self":
                return _UNTOLD
            case "var":
                return self._variable(parts, block, hops)
            case "module":
                return self._output(parts, block, hops, by_key=by_key)
        taken = 3 if parts[0].name in ("data", "ephemeral") else 2
        attribute = parts[taken].name if len(parts) > taken else ""
        found = self._instances_of((*block.module, *parts[:taken]), block, by_key=by_key)
        return Origins(frozenset(Origin(address, attribute) for address in found))

    def _each(self, name: str, block: Block, hops: int) -> Origins:
        """What the item of `for_each` leads to, of which an attribute may be used."""
        collection = configured(block.for_each)
        if not isinstance(collection, Argument):
            return _UNTOLD
        leads = (self._lead(each, block, hops, by_key=True) for each in collection.references)
        found = (
            _joined(one for one in leads if one is not None) if collection.references else _plain(collection.constant)
        )
        attribute = next((part.name for part in parts_of(name)[2:3]), "")
        return found._replace(found=frozenset(Origin(o.address, o.attribute or attribute) for o in found.found))

    def _variable(self, parts: Parts, block: Block, hops: int) -> Origins:
        """What the caller of the module gives, or the plain value of a variable of the root."""
        name = next((part.name for part in parts[1:2]), "")
        _, call = self._modules.get(block_of(block.module), (None, None))
        if call is None:
            return _plain(self._variables[name].value if name in self._variables else "")
        if name not in call.expressions:
            return _plain("")  # its default, which is plain
        caller = Block(block.module[:-2], block.module, call.for_each_expression)
        return self._named(block.module, f"var.{name}", configured(call.expressions[name]), caller, hops)

    def _output(self, parts: Parts, block: Block, hops: int, *, by_key: bool) -> Origins:
        """What an output of the called modules leads to; all outputs when none is named."""
        module, _ = self._modules.get(block_of((*block.module, *parts[:2])), (None, None))
        if module is None:
            return _UNTOLD
        wanted = [part.name for part in parts[2:3]] or list(module.outputs)
        called = self._modules_of((*block.module, *parts[:2]), block, by_key=by_key)
        return _joined(
            self._named(path, name, configured(module.outputs[name].expression), Block(path, path), hops)
            for path in called
            for name in wanted
            if name in module.outputs
        )

    def _named(self, module: Parts, name: str, written: Configured, block: Block, hops: int) -> Origins:
        """What a variable or output of a module leads to, worked out once."""
        key = (module, name)
        if key not in self._known:
            self._known[key] = _UNTOLD  # for what leads back to itself
            self._known[key] = self.origins(written, block, hops) if isinstance(written, Argument) else _UNTOLD
        return self._known[key]

    def _modules_of(self, path: Parts, block: Block, *, by_key: bool) -> list[Parts]:
        """The instances of a module that a path without a key at its end can mean."""
        path = self._keyed(path, block, by_key=by_key)
        if path[-1].key is not None or not self._instances.keys(path):
            return [path]
        return [(*path[:-1], Part(path[-1].name, key)) for key in sorted(self._instances.keys(path))]

    def _instances_of(self, target: Parts, block: Block, *, by_key: bool) -> tuple[str, ...]:
        """The addresses of the instances that a reference can mean."""
        target = self._keyed(target, block, by_key=by_key)
        return self._instances.matching(target) or (address_of(target),)

    def _keyed(self, target: Parts, block: Block, *, by_key: bool) -> Parts:
        """The target with the key of the block, if it is used beside it and both have instances with the same keys."""
        own = block.itself[-1].key if block.itself else None
        if not by_key or own is None or target[-1].key is not None:
            return target
        if not self._instances.have_the_same_keys(block.itself, target):
            return target
        return (*target[:-1], Part(target[-1].name, own))
