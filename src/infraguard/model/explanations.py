"""Why a finding says what it says: the finding with its policy, its figures, and the way of its values."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from infraguard.model.evidence import Gap
from infraguard.model.findings import Finding, GateResult
from infraguard.model.policy import At, Policy
from infraguard.model.values import Location, Value


class Role(StrEnum):
    """What a place does for a value."""

    ATTRIBUTE = "attribute"  # the resource's own expression
    RESOURCE = "resource"  # another resource, whose attribute is used
    LOCAL = "local"
    OUTPUT = "output"
    VARIABLE = "variable"  # where a variable is declared
    ARGUMENT = "argument"  # what the call of a module gives the variable
    VARIABLE_FILE = "variable_file"  # the entry of a tfvars file that counts
    ENVIRONMENT = "environment"  # a TF_VAR_ name of the environment, which is no place in a file
    DEFAULT = "default"  # the default in the declaration
    UNSET = "unset"  # nothing gives a value; the place is the file that could
    NOT_READ = "not_read"  # a module whose files are not here


class Derivation(Struct, frozen=True, kw_only=True):
    """One step of the way from a value to what decides it; `children` are what the step depends on, in turn.

    `name` is an address with the attribute (`module.db.aws_db_instance.this.engine`), `var.days`, `local.tags`; a place
    that only gives the name above it its value has none.
    """

    role: Role
    location: Location
    name: str = ""
    value: Value = None
    children: tuple[Derivation, ...] = ()


class Figure(Struct, frozen=True, kw_only=True):
    """A parameter of the policy as it was used. `location` is the setting that changed it, if one did."""

    name: str
    value: Value
    default: Value
    location: Location | None = None


class Explanation(Struct, frozen=True, kw_only=True):
    """One finding with everything that led to it. `rule` is where in the policy's file the rule stands that was used.

    `gaps` are the failed reads among the causes; `derivations` are there for values that Terraform source decides.
    """

    finding: Finding
    policy: Policy
    gate: GateResult
    rule: At
    figures: tuple[Figure, ...] = ()
    gaps: tuple[Gap, ...] = ()
    derivations: tuple[Derivation, ...] = ()
