"""Which environment a name speaks of."""

from __future__ import annotations

import pytest

from infraguard.model.environments import environment_named
from infraguard.model.evidence import Environment


@pytest.mark.parametrize(
    ("name", "environment"),
    [
        ("environments/production", Environment.PRODUCTION),
        ("prod.tfvars", Environment.PRODUCTION),
        ("acme-PROD-eu", Environment.PRODUCTION),
        ("prod1", Environment.PRODUCTION),
        ("stg", Environment.STAGING),
        ("pre-prod", Environment.STAGING),
        ("dev/eu-west-1", Environment.DEVELOPMENT),
        ("product-catalogue", Environment.UNKNOWN),
        ("non-prod", Environment.UNKNOWN),
        ("prod-and-staging", Environment.UNKNOWN),
        ("", Environment.UNKNOWN),
    ],
)
def test_environment_named(name: str, environment: Environment) -> None:
    assert environment_named(name) is environment
