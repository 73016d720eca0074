"""Planned values as evidence: what is known plain, what is not as unknown, what is sensitive kept out.

- What only apply tells is unknown and set, where the configuration sets it. Where it does not, the provider will fill
  it in: that is absent here, as it is in Terraform source, so that `exists` means on both that somebody has set it.
- What is sensitive is unknown and set, whatever its type: no sensitive value is worth a verdict that might tell it.
- What is null or an empty text is absent, and what is an empty list, set or map too unless an argument gives it:
  providers write all of these for what was never given, and for nested blocks that others of their kind have.
"""

from __future__ import annotations

from typing import Any

from infraguard.collectors.plan.expressions import NOT_SET, UNTOLD, Argument, Configured, each_of, within
from infraguard.collectors.plan.references import Block, Tracer
from infraguard.model.values import Unknown, Value

_AFTER_APPLY = "judge the live account too, or the next plan"
#: Of `aws_subnet.private[*].id` Terraform tells no attribute; what resources are named by is their id.
_UNTOLD_ATTRIBUTE = "id"
_SENSITIVE = "judge it on the live account, or take the sensitive mark off"


class Reading:
    """Reads the values of one resource, noting on the way what its arguments refer to, by dotted path."""

    def __init__(self, tracer: Tracer, address: str, block: Block) -> None:
        self._tracer = tracer
        self._address = address
        self._block = block
        self.references: dict[str, tuple[str, ...]] = {}

    def block(
        self, after: dict[str, Any], unknown: Any, sensitive: Any, written: Configured, path: str = ""
    ) -> dict[str, Value]:
        """The arguments and nested blocks of a resource or of one block in it; what is absent has no key."""
        values: dict[str, Value] = {}
        hidden = unknown if isinstance(unknown, dict) else {}
        for name in dict.fromkeys((*after, *hidden)):
            inner = within(written, name)
            value = self._value(after.get(name), hidden.get(name, False), part(sensitive, name), inner, f"{path}{name}")
            if value is None or value == "" or (value in ([], {}) and not isinstance(inner, Argument)):
                continue
            values[name] = value
            self._note(f"{path}{name}", inner)
        return values

    def _value(self, after: Any, unknown: Any, sensitive: Any, written: Configured, path: str) -> Value:
        if unknown is True:
            return None if written is NOT_SET else self._unknown(path, written, sensitive)
        if sensitive is True:
            return None if after is None else self._sensitive(path)
        if isinstance(after, list):
            return self._items(after, unknown, sensitive, written, path)
        if isinstance(after, dict) or (after is None and isinstance(unknown, dict) and unknown):
            return self._entries(after or {}, unknown, sensitive, written, path)
        return after

    def _items(self, after: list[Any], unknown: Any, sensitive: Any, written: Configured, path: str) -> list[Value]:
        """The items of a list or set: nested blocks, or values of one argument."""
        inner = each_of(written, len(after)) if written is not NOT_SET else UNTOLD
        return [
            self.block(item, part(unknown, index), part(sensitive, index), inner, f"{path}.{index}.")
            if isinstance(item, dict) and True not in (part(unknown, index), part(sensitive, index))
            else self._value(item, part(unknown, index), part(sensitive, index), inner, f"{path}.{index}")
            for index, item in enumerate(after)
        ]

    def _entries(self, after: dict[str, Any], unknown: Any, sensitive: Any, written: Configured, path: str) -> Value:
        """The entries of a map or object, whose texts may be empty."""
        names = dict.fromkeys((*after, *(unknown if isinstance(unknown, dict) else ())))
        entries = {
            name: self._value(
                after.get(name), part(unknown, name), part(sensitive, name), within(written, name), f"{path}.{name}"
            )
            for name in names
        }
        return {name: value for name, value in entries.items() if value is not None}

    def _unknown(self, path: str, written: Configured, sensitive: Any) -> Value:
        """What apply will tell: of a list or set with certain origins one item for each, else one value.

        It depends on what it surely comes from; else on nothing but itself. Terraform does not tell of a literal that
        stands in a list beside references (`[aws_security_group.a.id, "sg-1"]`): of that only source knows.
        """
        is_set = written is not UNTOLD
        if isinstance(written, Argument):
            origins = self._tracer.origins(written, self._block)
            several = isinstance(sensitive, (list, dict)) or path.rpartition(".")[2].isdecimal()
            if origins.certain(several=several):
                causes = [
                    f"{origin.address}.{origin.attribute or _UNTOLD_ATTRIBUTE}" for origin in sorted(origins.found)
                ]
                if isinstance(sensitive, list) and not any(map(self._tracer.is_collection, origins.found)):
                    rest = [self._itself(path, is_set=is_set)] if origins.added else []
                    return [*(_after_apply((cause,), is_set=is_set) for cause in causes), *rest]
                return _after_apply(tuple(causes), is_set=is_set)
        return self._itself(path, is_set=is_set)

    def _itself(self, path: str, *, is_set: bool) -> Unknown:
        return _after_apply((f"{self._address}.{path}",), is_set=is_set)

    def _sensitive(self, path: str) -> Unknown:
        full = f"{self._address}.{path}"
        return Unknown(f"{full} is sensitive, and not read", depends_on=(full,), is_set=True, remedy=_SENSITIVE)

    def _note(self, path: str, written: Configured) -> None:
        if isinstance(written, Argument):
            origins = self._tracer.origins(written, self._block)
            if origins.found and origins.told:
                self.references[path] = tuple(sorted({origin.address for origin in origins.found}))


def _after_apply(causes: tuple[str, ...], *, is_set: bool) -> Unknown:
    return Unknown(f"{causes[0]} is known only after apply", depends_on=causes, is_set=is_set, remedy=_AFTER_APPLY)


def part(marks: Any, step: str | int) -> Any:
    """What is marked of a part of a value, in the shape that Terraform gives marks; true holds for all parts."""
    if marks is True:
        return True
    if isinstance(step, int):
        return marks[step] if isinstance(marks, list) and step < len(marks) else False
    return marks.get(step, False) if isinstance(marks, dict) else False
