"""What we read of Terraform's JSON output, under Terraform's own names.

The format is `terraform show -json`: https://developer.hashicorp.com/terraform/internals/json-format. What is not
declared here is skipped when a file is decoded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field


class Change(Struct, frozen=True):
    """What happens to one object. `after` is None when it will not exist.

    `after_unknown` and `after_sensitive` have the shape of `after`, with true where a value is not known or sensitive.
    """

    actions: tuple[str, ...] = ()
    before: Any = None
    after: Any = None
    after_unknown: Any = False
    after_sensitive: Any = False


class ResourceChange(Struct, frozen=True):
    """One object of a plan. `deposed` names one that is only there to be destroyed."""

    address: str
    type: str
    change: Change
    mode: str = "managed"
    deposed: str = ""


class StateResource(Struct, frozen=True):
    """One object of a state."""

    address: str
    type: str
    mode: str = "managed"
    values: dict[str, Any] = {}
    sensitive_values: Any = False
    deposed_key: str = ""


class StateModule(Struct, frozen=True):
    """A module of a state, with its children."""

    resources: tuple[StateResource, ...] = ()
    child_modules: tuple[StateModule, ...] = ()

    def every_resource(self) -> Iterator[StateResource]:
        """The managed objects here and below, but for those that only wait to be destroyed."""
        for resource in self.resources:
            if resource.mode == "managed" and not resource.deposed_key:
                yield resource
        for module in self.child_modules:
            yield from module.every_resource()


class StateValues(Struct, frozen=True):
    """The content of a state."""

    root_module: StateModule = StateModule()


class State(Struct, frozen=True):
    """The state that a plan starts from."""

    values: StateValues = StateValues()


class ConfiguredResource(Struct, frozen=True):
    """A block `resource` as it is written; `expressions` say what each argument refers to."""

    type: str
    name: str
    mode: str = "managed"
    provider_config_key: str = ""
    expressions: dict[str, Any] = {}
    for_each_expression: Any = None


class Output(Struct, frozen=True):
    """A block `output` as it is written."""

    expression: Any = None


class ConfiguredModule(Struct, frozen=True):
    """A module as it is written. Terraform does not tell its locals."""

    resources: tuple[ConfiguredResource, ...] = ()
    outputs: dict[str, Output] = {}
    module_calls: dict[str, ModuleCall] = {}


class ModuleCall(Struct, frozen=True):
    """A block `module` as it is written, with the module that it calls."""

    expressions: dict[str, Any] = {}
    for_each_expression: Any = None
    module: ConfiguredModule = ConfiguredModule()


class ProviderConfig(Struct, frozen=True):
    """A block `provider` as it is written."""

    expressions: dict[str, Any] = {}


class Configuration(Struct, frozen=True):
    """The configuration that was planned. A provider's key is its name, as `aws.dr`, behind the module it is in."""

    provider_config: dict[str, ProviderConfig] = {}
    root_module: ConfiguredModule = ConfiguredModule()


class Variable(Struct, frozen=True):
    """The value of a variable of the root module."""

    value: Any = None


class Document(Struct, frozen=True):
    """A plan, which has `planned_values`, or a state, which has `values`; without either it is empty.

    `complete` is false when another plan would be needed after this one, `errored` true when planning broke off.
    """

    format_version: str
    terraform_version: str = ""
    planned_values: Any = None
    resource_changes: tuple[ResourceChange, ...] = ()
    resource_drift: tuple[ResourceChange, ...] = ()
    prior_state: State | None = None
    configuration: Configuration = Configuration()
    variables: dict[str, Variable] = field(default_factory=dict)
    values: StateValues | None = None
    complete: bool = True
    errored: bool = False
