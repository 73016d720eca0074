"""What saved evidence keeps of variables: no value that may be a secret, and the verdicts all the same."""

from __future__ import annotations

from pathlib import Path

from infraguard.workflows.evidence_file import save_evidence
from infraguard.workflows.request import ScanRequest
from infraguard.workflows.scan import scan

NOW = "2026-11-25T12:00:00Z"
FILES = {
    ".github/workflows/test.yml": """on: [push, pull_request]
env: {API_TOKEN: kq8-Lw2pZr, LOG_LEVEL: debug}
jobs:
  test:
    runs-on: ubuntu-24.04
    env: {DB_PASSWORD: Tx7-first, DEPLOY_KEY: "${{ secrets.KEY }}"}
    steps:
      - run: pytest
        env: {DATABASE_URL: "postgresql://app:Tx7-second@db.example.org/app"}
""",
    "compose.yaml": """services:
  api:
    build: .
    environment: {SECRET_KEY: Tx7-third, DATABASE_URL: "postgresql://app:${DB_PASSWORD}@db/app", PLAIN: seen}
""",
    "Dockerfile": "FROM python:3.12-slim\nENV AUTH_TOKEN=Tx7-fourth\nUSER 1000\n",
}


def test_saved_evidence_has_no_value_that_may_be_a_secret_and_the_same_verdicts(tmp_path: Path) -> None:
    folder, saved = tmp_path / "repository", tmp_path / "evidence.json"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    first = scan(ScanRequest(now=NOW, targets=(str(folder),), everything=True))
    save_evidence(first.evidence, saved, read_at=NOW)
    text = saved.read_text("utf-8")
    kept = {part: text.count(part) for part in ("LOG_LEVEL", "debug", "seen", "${{ secrets.KEY }}", "DB_PASSWORD")}
    assert all(kept.values()), kept
    in_variables = [value for value in ("kq8-Lw2pZr", "Tx7-first", "Tx7-second", "Tx7-third") if value in text]
    assert in_variables == []
    again = scan(ScanRequest(now=NOW, targets=(str(saved),)))
    assert [(g.policy, g.verdict) for g in again.report.gates] == [(g.policy, g.verdict) for g in first.report.gates]
