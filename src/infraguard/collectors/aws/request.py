"""What to read from AWS, as whom, and how patiently."""

from __future__ import annotations

from msgspec import Struct, field

from infraguard.model.evidence import Environment


class AwsRequest(Struct, frozen=True, kw_only=True):
    """One account to read.

    `kinds` are the resource kinds to read, and no others are. An empty `profile` means the usual chain of credentials,
    and empty `regions` the default region of the profile. `role_arn` is assumed first, with `external_id` where it is
    set. `environments` says which environment an account serves where tags do not. `read_at` is the time of reading,
    UTC, ISO 8601.

    `retries` is how often a call is tried again, with growing pauses. Timeouts and the budget are in seconds; calls
    that the budget of the whole account leaves no time for become gaps.
    """

    kinds: frozenset[str]
    profile: str = ""
    regions: tuple[str, ...] = ()
    role_arn: str = ""
    external_id: str = ""
    environments: dict[str, Environment] = field(default_factory=dict)
    read_at: str = ""
    max_workers: int = 16
    retries: int = 8
    connect_timeout: float = 5.0
    read_timeout: float = 20.0
    budget: float = 240.0
