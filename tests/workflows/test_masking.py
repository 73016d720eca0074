"""What saved evidence keeps of variables: no value that may be a secret, and the verdicts all the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from infraguard.collectors.repository.secrets.masking import without_secrets, words_without_secrets
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
      - run: |
          curl -H "Authorization: Bearer Tx7-fifth" https://user:Tx7-sixth@example.org
      - name: login
        run: |
          docker login -u app --password Tx7-seventh registry.example.org
          export API_KEY=Tx7-eighth
          docker login -u app -p Tx7-ninth registry.example.org
          docker login -u app -p ${{ secrets.SEEN }} registry.example.org
      - uses: some/action@v1
        with: {api-token: Tx7-tenth, persist-credentials: false}
      - run: pytest --password=Tx7-eleventh
        env: {DATABASE_URL: "postgresql://app:Tx7-second@db.example.org/app"}
""",
    "compose.yaml": """services:
  api:
    build: .
    environment: {SECRET_KEY: Tx7-third, DATABASE_URL: "postgresql://app:${DB_PASSWORD}@db/app", PLAIN: seen}
""",
    "Dockerfile": "FROM python:3.12-slim\nENV AUTH_TOKEN=Tx7-fourth\n"
    "ARG DB_PASSWORD='Tx7-twelfth'\nRUN pip install --token Tx7-thirteenth x\nRUN <<EOF\n"
    "export SECRET_KEY=Tx7-fourteenth\nEOF\n"
    'USER 1000\nCMD ["serve", "--api-key", "Tx7-fifteenth"]\n',
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
    kept = {
        part: text.count(part) for part in ("LOG_LEVEL", "debug", "seen", "${{ secrets.KEY }}", "DB_PASSWORD", "SEEN")
    }
    assert all(kept.values()), kept
    assert [value for value in ("kq8-Lw2pZr", *re.findall(r"Tx7-\w+", text)) if value in text] == []
    again = scan(ScanRequest(now=NOW, targets=(str(saved),)))
    assert [(g.policy, g.verdict) for g in again.report.gates] == [(g.policy, g.verdict) for g in first.report.gates]


@pytest.mark.parametrize(
    "text",
    [
        "pytest --cov --cov-fail-under=80 tests",
        "docker login -u app -p ${{ secrets.TOKEN }} ghcr.io",
        "export TOKEN=$TOKEN",
        "export TOKEN=$(cat token)",
        "permissions: {id-token: write}",
        "persist-credentials: false",
        "mysql -h db -u app portal",
        "docker run -p 8000:8000 app",
        "curl -fsS http://localhost:8000/health",
        "pip install secretstorage tokenize-rt",
        "python -m pytest -k password_reset",
        "uv pip install --keyring-provider subprocess .",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert without_secrets(text) == text
    assert words_without_secrets(text.split(" ")) == text.split(" ")


def test_words_stay_as_many() -> None:
    words = ["mysql", "-pTx7", "--password", "a b", "--token=x y", "-u", "app:Tx7", "--secret", "-v"]
    found = words_without_secrets(words)
    assert len(found) == len(words)
    assert found[3] == "***"
    assert "Tx7" not in " ".join(found)
    assert found[-1] == "-v"
