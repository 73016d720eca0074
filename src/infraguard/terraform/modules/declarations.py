"""What the files of one folder declare, with override files merged in."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field

from infraguard.model.values import Location
from infraguard.terraform.sources import is_override
from infraguard.terraform.syntax.nodes import Attribute, Block, Body, SourceFile


class Declared(Struct, frozen=True):
    """A block of the top level. `moved` names the arguments and nested blocks that another file overrides."""

    block: Block
    file: SourceFile
    moved: dict[str, SourceFile] = field(default_factory=dict)

    @property
    def body(self) -> Body:
        return self.block.body

    def location(self) -> Location:
        """The place of the whole block."""
        return self.file.location(self.block.at, self.block.end)

    def place(self, name: str, at: int, end: int | None = None) -> Location:
        """The place of something inside the argument or nested block of this name."""
        return self.moved.get(name, self.file).location(at, end)


class Local(Struct, frozen=True):
    """One entry of a `locals` block."""

    attribute: Attribute
    file: SourceFile


class Declarations(Struct, frozen=True):
    """The declarations of a folder by name; resources by `type.name`, data sources by `data.type.name`."""

    variables: dict[str, Declared] = field(default_factory=dict)
    locals: dict[str, Local] = field(default_factory=dict)
    outputs: dict[str, Declared] = field(default_factory=dict)
    resources: dict[str, Declared] = field(default_factory=dict)
    modules: dict[str, Declared] = field(default_factory=dict)


def declarations(files: Iterable[SourceFile]) -> Declarations:
    """What the files declare together; files that override come last."""
    result = Declarations()
    tables = {"variable": result.variables, "output": result.outputs, "module": result.modules}
    for file in files:
        overrides = is_override(file.path)
        for block in file.body.blocks:
            if block.type == "locals":
                for name, attribute in block.body.attributes.items():
                    result.locals[name] = Local(attribute, file)
            elif block.type in tables and len(block.labels) == 1:
                _declare(tables[block.type], block.labels[0], Declared(block, file), overrides=overrides)
            elif block.type in ("resource", "data") and len(block.labels) == 2:
                name = ".".join(block.labels if block.type == "resource" else ("data", *block.labels))
                _declare(result.resources, name, Declared(block, file), overrides=overrides)
    return result


def _declare(table: dict[str, Declared], name: str, declared: Declared, *, overrides: bool) -> None:
    if overrides and name in table:
        table[name] = _merged(table[name], declared)
    else:
        table.setdefault(name, declared)


def _merged(under: Declared, over: Declared) -> Declared:
    """Arguments of the overriding block replace those of the same name, and so do its nested blocks by type."""
    replaced = {block.type for block in over.body.blocks}
    kept = tuple(block for block in under.body.blocks if block.type not in replaced)
    body = Body({**under.body.attributes, **over.body.attributes}, kept + over.body.blocks)
    block = Block(under.block.at, under.block.type, under.block.labels, body, under.block.end)
    moved = dict.fromkeys((*over.body.attributes, *replaced), over.file)
    return Declared(block, under.file, {**under.moved, **moved})
