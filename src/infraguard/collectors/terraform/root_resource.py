"""A Terraform root as a resource of its own: how it is pinned, where its state is, and what it is composed of."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any, Final

from infraguard.collectors.terraform.applying import is_told_to_apply
from infraguard.collectors.terraform.backend_arguments import backend_arguments, names_cloud
from infraguard.collectors.terraform.provider_version import is_of_known_major
from infraguard.collectors.terraform.secrets_read import secrets_read
from infraguard.collectors.terraform.undeclared import undeclared
from infraguard.collectors.terraform.written import written
from infraguard.model.environments import environment_named
from infraguard.model.errors import SyntaxProblem
from infraguard.model.evidence import Environment, Resource, Source
from infraguard.model.values import Location, Unknown, Value
from infraguard.readers.patterns import pattern
from infraguard.readers.tree import Unreadable
from infraguard.terraform import Sources, Unit, root_module
from infraguard.terraform.declarations import Declared, is_managed
from infraguard.terraform.evaluation.scope import Scope
from infraguard.terraform.modules.calls import called_folder, local_folder, source_of
from infraguard.terraform.modules.evidence import plain
from infraguard.terraform.modules.module import Module
from infraguard.terraform.modules.settle import settled
from infraguard.terraform.syntax import parse_file
from infraguard.terraform.syntax.nodes import Block, Body, Literal

KIND: Final = "terraform_root"
_LOCK: Final = ".terraform.lock.hcl"
#: Folders of what is there to be read or tried, also several of them by their topics: `fargate-examples`.
_EXAMPLES: Final = pattern(r"tests?|fixtures?|testdata|(?:[\w.-]*[-_.])?(?:examples?|samples)")
#: Folders of the root that makes the bucket for state: `00-bootstrap`, `remote_state`, `state-init`, `tf-backend`.
_BOOTSTRAP: Final = pattern(
    r"(?:[\w.-]*[-_.])?(?:bootstrap|tfstate)(?:[-_.][\w.-]*)?|backend|(?:(?:tf|terraform|remote|s3|aws|init|setup|\d+)[-_.]?)*"
    r"(?:state|(?:tf|terraform|remote|state)[-_.]?backend)"
    r"(?:[-_.]?(?:backend|bucket|storage|store|lock|init|setup|s3|resources|infra))*"
)
#: Files with settings of a backend that `terraform init` is given, by their own name or that of their folder.
_BACKEND_FILE: Final = pattern(
    r"(?:.*/)?(?:[\w.-]*\.tfbackend|[\w.-]*backend[\w.-]*\.(?:hcl|conf|config|tfvars)"
    r"|[\w.-]*backend[\w.-]*/[\w.-]+\.(?:hcl|conf|config|tfvars))\Z"
)
#: Folders beside a root in which they lie.
_BACKEND_FOLDERS: Final = ("backends", "backend", "backend-config", "backend-configs", "backend_config", "tfbackend")


def root_resource(sources: Sources, unit: Unit, resources: Iterable[Resource]) -> Resource:
    """The root of a unit. `resources` are those of it that were evaluated, which speak of its environment."""
    module = root_module(sources, unit)
    with closing(module.run):
        attributes = _attributes(module, sources, unit)
        attributes["secrets_read"], place = secrets_read(module, sources)
    environment = _environment(unit)
    if environment is Environment.UNKNOWN:
        said = {each.environment for each in resources}
        environment = said.pop() if len(said) == 1 else Environment.UNKNOWN
    if environment is not Environment.UNKNOWN:
        attributes["environment_name"] = str(environment)
    files = sorted(sources.files(unit.root))
    return Resource(
        kind=KIND,
        id=unit.name,
        source=Source.TF,
        unit=unit.name,
        attributes=attributes,
        location=Location(file=files[0] if files else unit.root),
        environment=environment,
        places={"secrets_read": place} if place else {},
    )


def _attributes(module: Module, sources: Sources, unit: Unit) -> dict[str, Value]:
    """What is said of the root by how it is written."""
    settings = [block for file in sources.folder(unit.root) for block in file.body.blocks if block.type == "terraform"]
    folders = (unit.root, *_called(module, sources))
    found = [written(sources, folder) for folder in folders]
    parts = posixpath.normpath(unit.root).split("/")
    providers = _providers(settings, module.scope, module)
    calls = [_module(call, unit.root) for call in module.declared.modules.values()]
    is_applied = _is_applied(module, sources, unit, settings)
    # of what is copied before it is applied, another folder may declare it
    missing = [why for folder in folders for why in undeclared(sources, folder)] if is_applied else []
    return {
        "path": unit.root,
        "providers": providers,
        "unversioned_providers": [each["name"] for each in providers if "version" not in each],
        "modules": calls,
        "unpinned_modules": [each["name"] for each in calls if not each["pinned"]],
        "lock_file": posixpath.normpath(posixpath.join(unit.root, _LOCK)) in sources.tree
        or sources.terragrunt.has_lock_file(posixpath.normpath(unit.root), sources.tree),
        "composition": sorted(_composition(module, unit.root, sources)),
        "unknown_names": [entry for each in found for entry in each.unknown_names],
        "has_known_provider": is_of_known_major(providers),
        "refused": [*(why for each in found for why in each.refused), *missing],
        "outside_commands": [entry for each in found for entry in each.outside_commands],
        "is_generated": sources.terragrunt.is_used,  # backends are written by Terragrunt
        "version_is_generated": sources.terragrunt.says("required_version", "terraform_version_constraint"),
        "providers_are_generated": sources.terragrunt.says("required_providers"),
        "is_example": any(_EXAMPLES.fullmatch(part) for part in parts),
        "is_bootstrap": any(_BOOTSTRAP.fullmatch(part) for part in parts),
        "is_applied": is_applied,
        **_pins(settings, module.scope),
        **_backend(settings, module.scope, sources, _folders(unit)),
    }


def _is_applied(module: Module, sources: Sources, unit: Unit, settings: list[Block]) -> bool:
    """Whether somebody applies the root: it has a place for its state, or is told how and makes something."""
    is_run = posixpath.normpath(unit.root) in sources.terragrunt.runs
    is_told = unit.var_files or module.declared.providers or is_told_to_apply(sources, unit.root)
    return bool(_backend_block(settings) or is_run or (is_told and _makes(module)))


def _makes(module: Module) -> bool:
    """Whether the root makes anything: a provider or variables alone, left behind in a folder, have no state."""
    return bool(module.declared.modules) or any(is_managed(name) for name in module.declared.resources)


def _environment(unit: Unit) -> Environment:
    """The environment that its file of variables names, else the last part of its path that names one."""
    names = [unit.name.removeprefix(unit.root), *reversed(unit.root.split("/"))]
    said = (environment_named(name) for name in names)
    return next((found for found in said if found is not Environment.UNKNOWN), Environment.UNKNOWN)


def _called(module: Module, sources: Sources) -> list[str]:
    """The folders of this repository that the root is composed of, itself left out."""
    found: dict[str, None] = {}
    waiting = [(module.folder, call) for call in module.declared.modules.values()]
    while waiting:
        caller, call = waiting.pop()
        folder = called_folder(call, caller, sources)
        if folder is not None and folder in sources.folders and folder not in found and folder != module.folder:
            found[folder] = None
            waiting.extend((folder, inner) for inner in sources.declarations(folder).modules.values())
    return sorted(found)


def _values(body: Body, scope: Scope) -> dict[str, Value]:
    values = {name: plain(settled(attribute.value, scope)) for name, attribute in body.attributes.items()}
    return {name: value for name, value in values.items() if value is not None}


def _pins(settings: list[Block], scope: Scope) -> dict[str, Value]:
    for block in settings:
        if "required_version" in block.body.attributes:
            return {"required_version": plain(settled(block.body.attributes["required_version"].value, scope))}
    return {}


def _providers(settings: list[Block], scope: Scope, module: Module) -> list[dict[str, Value]]:
    """The providers that are required, and those that are only used, which have no version at all."""
    required: dict[str, Any] = {}
    for block in settings:
        for inner in block.body.blocks:
            if inner.type == "required_providers":
                required.update(_values(inner.body, scope))
    used = {name.partition("_")[0] for name in module.declared.resources if is_managed(name)}
    used |= {name.partition(".")[0] for name in module.declared.providers}
    for name, declared in module.declared.providers.items():
        version = declared.body.attributes.get("version")
        if version is not None:
            required.setdefault(name.partition(".")[0], plain(settled(version.value, scope)))
    return [_provider(name, required.get(name)) for name in sorted({*required, *used} - {"terraform"})]


def _provider(name: str, written: Value) -> dict[str, Value]:
    if isinstance(written, dict):
        return {"name": name, **{key: written[key] for key in ("source", "version") if key in written}}
    return {"name": name} if written is None else {"name": name, "version": written}


def _module(call: Declared, root: str) -> dict[str, Value]:
    source = source_of(call)
    version = call.body.attributes.get("version")
    found: dict[str, Value] = {"name": call.block.labels[0], "source": source}
    if local_folder(call, root) is not None or source.startswith((".", "/")) or "?ref=" in source or "&ref=" in source:
        found["pinned"] = True
    else:
        found["pinned"] = version is not None and "::" not in source
    return found


def _composition(module: Module, root: str, sources: Sources) -> Iterator[str]:
    """What the root is made of, whatever its parameters: calls with what they call, and resources of its own."""
    for name, call in module.declared.modules.items():
        version = call.body.attributes.get("version")
        pinned = plain(settled(version.value, module.scope)) if version else ""
        yield f"module.{name} of {called_folder(call, root, sources) or source_of(call)} {pinned}".strip()
    yield from module.declared.resources


def _backend_block(settings: list[Block]) -> Block | None:
    inner = [each for block in settings for each in block.body.blocks]
    return next((each for each in inner if each.type in ("backend", "cloud")), None)


def _backend(settings: list[Block], scope: Scope, sources: Sources, folders: Sequence[str]) -> dict[str, Value]:
    """Where the state is; what is given to `terraform init` is read from files in these folders, or unknown."""
    block = _backend_block(settings)
    if block is None:
        return sources.terragrunt.state or _of_cloud(sources)
    kind = block.labels[0] if block.labels else block.type
    said = _values(block.body, scope)
    values = {name: value for name, value in said.items() if value != ""}  # nothing is left to `terraform init`
    given = _given_to_init(sources, folders)
    is_partial = kind == "s3" and not {"bucket", "key"} <= values.keys()
    elsewhere = sources.once("backend arguments", lambda: _told_elsewhere(sources)) if is_partial else {}
    values = {**elsewhere, **given, **values}
    if is_partial and not ({"bucket", "key"} <= said.keys() and {"bucket", "key"} <= values.keys()):
        unknown = Unknown(
            "the backend's settings are given to terraform init", ("-backend-config",), remedy="commit them in a file"
        )
        values = {**{name: unknown for name in _OPEN if _may_be_given(name, values)}, **values}
    return {"backend": kind, "backend_settings": values}


def _of_cloud(sources: Sources) -> dict[str, Value]:
    """A workspace of HCP Terraform or Terraform Enterprise may keep the state of a root that says nothing of it."""
    path = sources.once("token of cloud", lambda: names_cloud(sources.tree))
    if not path:
        return {}
    reason = f"no block says where the state is, and {path} has a token of HCP Terraform or Terraform Enterprise"
    return {"backend": Unknown(reason, (path,), remedy="write a cloud block with the workspace")}


def _told_elsewhere(sources: Sources) -> dict[str, Value]:
    """What commands of workflows and scripts give to `terraform init`, and Terragrunt."""
    written = sources.terragrunt.state.get("backend_settings")
    return {**(written if isinstance(written, dict) else {}), **backend_arguments(sources.tree)}


#: What may still be given to `terraform init` where the block does not say where the state is.
_OPEN: Final = ("encrypt", "use_lockfile", "dynamodb_table")


def _may_be_given(name: str, values: dict[str, Value]) -> bool:
    """One lock is enough: where there is one, nobody gives the other."""
    return name == "encrypt" or not values.keys() & {"use_lockfile", "dynamodb_table"}


def _folders(unit: Unit) -> tuple[str, ...]:
    """The folder of the root, and those of its files of variables."""
    return (unit.root, *(posixpath.dirname(path) or "." for path in unit.var_files))


def _given_to_init(sources: Sources, folders: Sequence[str]) -> dict[str, Value]:
    """What files for `terraform init` say, all of them where there is one for each environment."""
    below = [posixpath.normpath(posixpath.join(folder, name)) for folder in folders for name in ("", *_BACKEND_FOLDERS)]
    files = [path for folder in dict.fromkeys(below) for path in sources.beside.get(folder, ())]
    every = [given for path in files if _BACKEND_FILE.match(path) and (given := _settings_in(sources, path))]
    first = every[0] if every else {}
    return {name: value for name, value in first.items() if all(name in given for given in every)}


def _settings_in(sources: Sources, path: str) -> dict[str, Value]:
    try:
        file = parse_file(sources.tree.read(path), path)
    except (Unreadable, SyntaxProblem):
        return {}
    given = {name: attribute.value for name, attribute in file.body.attributes.items()}
    return {name: node.value for name, node in given.items() if isinstance(node, Literal)}
