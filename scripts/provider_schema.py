"""Write the compact schema of a provider from `terraform providers schema -json`.

terraform providers schema -json | python scripts/provider_schema.py VERSION

How it is written is said where it is read, in `infraguard.terraform.provider_schema.shapes`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "src/infraguard/terraform/provider_schema/aws.json"
SOURCE = "https://registry.terraform.io/providers/hashicorp/aws"
_LETTERS = {"string": "", "number": "n", "bool": "b", "dynamic": "a", "list": "l", "set": "s", "map": "m"}
_NESTING = {"list": "l", "set": "s", "single": "", "group": ""}


class Shapes:
    """What blocks and objects hold, each kept once: of 50,000 nested blocks one in ten differs from all others."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def texts(self) -> list[str]:
        """Every shape, at its number."""
        return list(self._numbers)

    def block(self, block: Mapping[str, Any]) -> str:
        """The arguments and nested blocks of a block."""
        attributes = [self._attribute(*each) for each in block.get("attributes", {}).items()]
        nested = [f"{name}={self._nested(each)}" for name, each in block.get("block_types", {}).items()]
        return " ".join(sorted([*attributes, *nested]))

    def _attribute(self, name: str, attribute: Mapping[str, Any]) -> str:
        code = self._type(attribute["type"])
        mark = "!" if attribute.get("write_only") else "^" if attribute.get("computed") else ""
        mark += "*" if attribute.get("sensitive") else ""
        return name + mark + (f":{code}" if code else "")

    def _nested(self, nested: Mapping[str, Any]) -> str:
        return _NESTING[nested["nesting_mode"]] + self._number(self.block(nested["block"]))

    def _type(self, wanted: Any) -> str:
        if isinstance(wanted, str):
            return _LETTERS[wanted]
        name, inner = wanted
        if name == "object":
            return self._number(" ".join(sorted(self._fields(inner))))
        return _LETTERS[name] + self._type(inner)

    def _fields(self, fields: Mapping[str, Any]) -> Iterator[str]:
        for name, each in fields.items():
            code = self._type(each)
            yield f"{name}:{code}" if code else name

    def _number(self, text: str) -> str:
        return f"#{self._numbers.setdefault(text, len(self._numbers))}"


def main() -> None:
    """Read the schema from standard input."""
    (provider,) = json.load(sys.stdin)["provider_schemas"].values()
    shapes = Shapes()
    types, data = (
        {kind: shapes.block(each["block"]) for kind, each in sorted(provider[part].items())}
        for part in ("resource_schemas", "data_source_schemas")
    )
    head = {"provider": "hashicorp/aws", "version": sys.argv[1], "source": SOURCE}
    content = {**head, "types": types, "data": data, "shapes": shapes.texts()}
    TARGET.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
