"""What collectors return: resources, gaps, and a record of what was read completely."""

from __future__ import annotations

import posixpath
from enum import StrEnum
from typing import Final

from msgspec import Struct, field

from infraguard.model.values import Location, Unknown, Value


class Source(StrEnum):
    """Where evidence comes from. The order is the one reports use."""

    TF = "tf"
    PLAN = "plan"
    AWS = "aws"
    REPO = "repo"
    RESULTS = "results"
    GITHUB = "github"
    DB = "db"
    ENDPOINT = "endpoint"
    ATTEST = "attest"


class Environment(StrEnum):
    """Which environment a resource serves. A gate for production judges `unknown` as production."""

    PRODUCTION = "production"
    STAGING = "staging"
    DEVELOPMENT = "development"
    UNKNOWN = "unknown"


class GapReason(StrEnum):
    """Why something could not be read. A closed set: a test pins it."""

    DENIED = "denied"
    THROTTLED = "throttled"
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    UNSUPPORTED = "unsupported"
    INVALID = "invalid"
    UNRESOLVED = "unresolved"
    EMPTY = "empty"


#: The sources whose units are roots of one configuration, so that what one root lacks another may have.
ROOTED: Final = frozenset({Source.TF, Source.PLAN})
#: In `kinds`: every kind of the source.
EVERY_KIND = "*"
#: In `unit`: every unit of the source; of a finding, that it is about all roots of a configuration together.
EVERY_UNIT = "*"


def module_call(folder: str, name: str) -> str:
    """How a call of a Terraform module is named, by the folder that it is written in: `modules/app/module.db`."""
    return posixpath.normpath(posixpath.join(folder, f"module.{name}"))


class Resource(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing in evidence, under the same kind and attribute names whichever source it comes from.

    `id` is its address in its source: `module.db.aws_db_instance.this`, an ARN, or a path and a name.
    `unit` is the part of the target that is judged on its own: a Terraform root with its variable files, an AWS
    account, a repository. Relations never cross units.
    `places` says where single attributes were read, by dotted path (`ingress.0.cidr_blocks`).
    `references` says which resources of the unit an attribute's expression leads to, by dotted path.
    `calls` names the calls of Terraform modules that lead to it, as `module_call` does.
    `perhaps` is set when it is not known whether the resource exists at all.
    """

    kind: str
    id: str
    source: Source
    unit: str
    attributes: dict[str, Value]
    location: Location
    environment: Environment = Environment.UNKNOWN
    places: dict[str, Location] = field(default_factory=dict)
    references: dict[str, tuple[str, ...]] = field(default_factory=dict)
    calls: tuple[str, ...] = ()
    perhaps: Unknown | None = None


class Gap(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that could not be read, why, and what the user can do about it.

    `scope` names it for people (`rds:DescribeDBInstances eu-west-1`, `main.tf`); `unit` and `kinds` say which
    resources may be missing because of it.
    """

    source: Source
    scope: str
    reason: GapReason
    detail: str
    remedy: str
    unit: str = EVERY_UNIT
    kinds: tuple[str, ...] = (EVERY_KIND,)
    location: Location | None = None

    def may_hide(self, kind: str, unit: str) -> bool:
        """Whether a resource of this kind and unit may be missing because of the gap."""
        return self.unit in (EVERY_UNIT, unit) and (kind in self.kinds or EVERY_KIND in self.kinds)


class Collected(Struct, frozen=True, kw_only=True):
    """A statement by a collector: of this unit it has read these kinds, completely but for the gaps it lists.

    `attributes` names, for kinds of which only some attributes are read, those that are: any other is unknown, where
    it would else look absent. `read_at` is when, UTC, ISO 8601. `roots` are of a plan: the units of source that it can
    be of, where these were read too.
    """

    source: Source
    unit: str
    kinds: tuple[str, ...] = (EVERY_KIND,)
    attributes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    read_at: str = ""
    roots: tuple[str, ...] = ()

    def covers(self, kind: str) -> bool:
        return kind in self.kinds or EVERY_KIND in self.kinds


class Target(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the user asked to scan, as one source sees it; `described` says in a few words what it is."""

    source: Source
    name: str
    described: str = ""


class Evidence(Struct, frozen=True, kw_only=True):
    """Everything that was read, at one time. It can be saved and judged again with the same result."""

    targets: tuple[Target, ...] = ()
    resources: tuple[Resource, ...] = ()
    gaps: tuple[Gap, ...] = ()
    collected: tuple[Collected, ...] = ()

    def merged(self, *others: Evidence) -> Evidence:
        """This evidence and the others as one."""
        every = (self, *others)
        return Evidence(
            targets=tuple(x for e in every for x in e.targets),
            resources=tuple(x for e in every for x in e.resources),
            gaps=tuple(x for e in every for x in e.gaps),
            collected=tuple(x for e in every for x in e.collected),
        )
