"""Which environment a name speaks of."""

from __future__ import annotations

import pytest

from infraguard.model.environments import environment_named, without_environment
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


@pytest.mark.parametrize(
    ("name", "alike"),
    [
        ("prod", "*"),
        ("assets-backup-prod", "assets-backup-*"),
        ("dev-desktops", "*-desktops"),
        ("PreProd_eu", "*_eu"),
        ("product", "product"),
        ("prod-and-staging", "prod-and-staging"),
    ],
)
def test_names_of_all_environments_have_the_rest_alike(name: str, alike: str) -> None:
    assert without_environment(name) == alike
