"""What the files of one folder declare, with override files merged in."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field
from msgspec.structs import replace

from infraguard.model.values import Location
from infraguard.terraform.json_blocks import with_blocks
from infraguard.terraform.syntax.nodes import Attribute, Block, Body, Literal, SourceFile


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
    """The declarations of a folder by name.

    Resources go by `type.name`, data sources by `data.type.name`, ephemeral resources by `ephemeral.type.name`, and
    providers by `name` or `name.alias`.

    `refused` are blocks that Terraform would not accept, with the reason. A resource among them whose name is taken is
    in `resources` too, by its name and a number: `type.name#2`. A variable among them keeps a default that both have.
    """

    variables: dict[str, Declared] = field(default_factory=dict)
    locals: dict[str, Local] = field(default_factory=dict)
    outputs: dict[str, Declared] = field(default_factory=dict)
    resources: dict[str, Declared] = field(default_factory=dict)
    modules: dict[str, Declared] = field(default_factory=dict)
    providers: dict[str, Declared] = field(default_factory=dict)
    refused: list[tuple[str, Declared]] = field(default_factory=list)


#: How many labels a block of each type has.
_LABELS = {"variable": 1, "output": 1, "module": 1, "provider": 1, "resource": 2, "data": 2, "ephemeral": 2}
#: Types of blocks that stand before the names of what they declare.
BEFORE_NAMES = frozenset({"data", "ephemeral"})


def declarations(files: Iterable[SourceFile]) -> Declarations:
    """What the files declare together; files that override come last."""
    result = Declarations()
    for file in files:
        overrides = is_override(file.path)
        for block in file.body.blocks:
            if block.type == "locals":
                result.locals.update({name: Local(each, file) for name, each in block.body.attributes.items()})
            elif block.type in _LABELS:
                is_json = file.path.endswith(".json") and block.type in ("resource", "data")
                _declare(result, Declared(with_blocks(block) if is_json else block, file), overrides=overrides)
    return result


def _declare(result: Declarations, declared: Declared, *, overrides: bool) -> None:
    block = declared.block
    if len(block.labels) != _LABELS[block.type]:
        why = f"a {block.type} block has {_LABELS[block.type]} labels, and here there are {len(block.labels)}"
        result.refused.append((why, declared))
        return
    tables = {"variable": result.variables, "output": result.outputs, "module": result.modules}
    table = result.providers if block.type == "provider" else tables.get(block.type, result.resources)
    name = _name(block)
    if name not in table:
        table[name] = declared
    elif overrides:
        table[name] = _merged(table[name], declared)
    else:
        result.refused.append((f"{name} is declared twice in the same module", declared))
        if block.type == "resource":  # which of them is meant nobody knows, so that each is looked at
            table[f"{name}#{sum(each.partition('#')[0] == name for each in table) + 1}"] = declared
        elif block.type == "variable" and _default(table[name]) != _default(declared):
            table[name] = _without_default(table[name])


def _default(variable: Declared) -> object:
    """The plain value that a variable falls back to; something of its own for what has to be worked out."""
    default = variable.body.attributes.get("default")
    if default is None:
        return None
    return (default.value.value,) if isinstance(default.value, Literal) else default


def _without_default(variable: Declared) -> Declared:
    """A variable that two declarations give different defaults: nobody knows which of them counts."""
    attributes = {name: each for name, each in variable.body.attributes.items() if name != "default"}
    return replace(variable, block=replace(variable.block, body=replace(variable.body, attributes=attributes)))


def _name(block: Block) -> str:
    if block.type == "provider":
        alias = block.body.attributes.get("alias")
        return (
            f"{block.labels[0]}.{alias.value.value}" if alias and isinstance(alias.value, Literal) else block.labels[0]
        )
    return ".".join((block.type, *block.labels) if block.type in BEFORE_NAMES else block.labels)


def _merged(under: Declared, over: Declared) -> Declared:
    """Arguments of the overriding block replace those of the same name, and so do its nested blocks by type.

    Dynamic blocks are of the type that they write. A `lifecycle` is merged by its arguments.
    """
    replaced = {_written_type(block) for block in over.body.blocks}
    kept = tuple(block for block in under.body.blocks if _written_type(block) not in replaced)
    lifecycle = next((block for block in under.body.blocks if block.type == "lifecycle"), None)
    added = tuple(
        replace(block, body=_over(lifecycle.body, block.body)) if lifecycle and block.type == "lifecycle" else block
        for block in over.body.blocks
    )
    body = Body({**under.body.attributes, **over.body.attributes}, kept + added)
    block = Block(under.block.at, under.block.type, under.block.labels, body, under.block.end)
    moved = dict.fromkeys((*over.body.attributes, *replaced), over.file)
    return Declared(block, under.file, {**under.moved, **moved})


def _over(under: Body, over: Body) -> Body:
    return Body({**under.attributes, **over.attributes}, under.blocks + over.blocks)


def _written_type(block: Block) -> str:
    """The type of a nested block, of a dynamic one the type of those that it writes."""
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type


def is_override(path: str) -> bool:
    """Whether Terraform merges the file over the others: `override.tf`, `*_override.tf` and their other forms."""
    stem = path.rpartition("/")[2].removesuffix(".json").removesuffix(".tf").removesuffix(".tofu")
    return stem == "override" or stem.endswith("_override")


def is_managed(name: str) -> bool:
    """Whether the name of a declaration is that of a managed resource: one that Terraform makes and keeps."""
    return name.partition(".")[0] not in BEFORE_NAMES
