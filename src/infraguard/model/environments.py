"""Recognising the environment that a name speaks of."""

from __future__ import annotations

import re

from infraguard.model.evidence import Environment

_WORDS = {
    "production": Environment.PRODUCTION,
    "prod": Environment.PRODUCTION,
    "prd": Environment.PRODUCTION,
    "live": Environment.PRODUCTION,
    "staging": Environment.STAGING,
    "stage": Environment.STAGING,
    "stg": Environment.STAGING,
    "preprod": Environment.STAGING,
    "uat": Environment.STAGING,
    "development": Environment.DEVELOPMENT,
    "dev": Environment.DEVELOPMENT,
    "test": Environment.DEVELOPMENT,
    "sandbox": Environment.DEVELOPMENT,
}


def environment_named(text: str) -> Environment:
    """The environment that a folder, file, tag or account name speaks of.

    Words are compared whole (`acme-prod-eu`, never `product`). Names that speak of two environments, or of none,
    give `unknown`, which gates for production judge as production.
    """
    words = re.split(r"[^a-z]+", text.lower().replace("pre-prod", "preprod").replace("non-prod", "nonprod"))
    found = {_WORDS[word] for word in words if word in _WORDS}
    return found.pop() if len(found) == 1 else Environment.UNKNOWN
