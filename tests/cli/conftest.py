"""Running command lines in the process of the tests, with or without a real scan behind them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from infraguard.cli.main import run
from infraguard.model.evidence import Evidence, Target
from infraguard.model.evidence import Source as EvidenceSource
from infraguard.workflows.policies import list_policies
from infraguard.workflows.request import ScanRequest, ScanResult
from tests.reports.sample import REPORT


class Outcome(NamedTuple):
    """What a command line did."""

    code: int
    out: str
    err: str


Invoke = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "INFRAGUARD_DEBUG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def invoke(capsys: pytest.CaptureFixture[str]) -> Invoke:
    def call(*arguments: str) -> Outcome:
        code = run(arguments)
        out, err = capsys.readouterr()
        return Outcome(code, out, err)

    return call


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[ScanRequest]:
    """The requests that `scan` gets; every one is answered with the sample report and exit code 1."""
    seen: list[ScanRequest] = []

    def fake(request: ScanRequest, *_: object) -> ScanResult:
        seen.append(request)
        evidence = Evidence(targets=(Target(source=EvidenceSource.TF, name="billing"),))
        return ScanResult(report=REPORT, policies=list_policies(), evidence=evidence, exit_code=1)

    monkeypatch.setattr("infraguard.workflows.scan.scan", fake)
    return seen
