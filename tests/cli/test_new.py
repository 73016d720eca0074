from __future__ import annotations

import sys
from pathlib import Path

import click
import pytest

from infraguard.cli.new import _ask
from infraguard.scaffold.questions import Question
from infraguard.workflows.new import NewRequest, NewResult
from tests.cli.conftest import Invoke


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[NewRequest]:
    """The requests that `new` gets; each is answered with a project of three files."""
    seen: list[NewRequest] = []

    def fake(request: NewRequest) -> NewResult:
        seen.append(request)
        files = ("README.md", "src/a/b.py", "src/c.py")
        folder = request.output_dir / "my project"
        if not request.pretend:
            (folder / "src").mkdir(parents=True)
        return NewResult(folder, files, {}, written=not request.pretend)

    monkeypatch.setattr("infraguard.workflows.new.new", fake)
    return seen


def test_flags_reach_the_generator(invoke: Invoke, asked: list[NewRequest], tmp_path: Path) -> None:
    arguments = ["--answers", "a.yaml", "--set", "k=v=w", "--set", "empty=", "--pretend"]
    assert invoke("new", "other", "--output-dir", str(tmp_path), *arguments).code == 0
    request = asked[0]
    assert (request.template, request.output_dir, request.answers_file) == ("other", tmp_path, Path("a.yaml"))
    assert (request.overrides, request.pretend) == ({"k": "v=w", "empty": ""}, True)


def test_what_was_written_is_told_by_folder_with_the_next_step(
    invoke: Invoke, asked: list[NewRequest], tmp_path: Path
) -> None:
    folder = tmp_path / "my project"
    assert invoke("new", "--output-dir", str(tmp_path), "--no-input").out == (
        f"3 files written to {folder}:\n  README.md\n  src/  2 files\n\nNext: infraguard scan '{folder}'\n"
    )
    assert asked[0].template == "consulting-service"


def test_pretending_names_every_file(invoke: Invoke, asked: list[NewRequest], tmp_path: Path) -> None:
    out = invoke("new", "--output-dir", str(tmp_path), "--pretend").out
    assert out.endswith("my project:\n  README.md\n  src/a/b.py\n  src/c.py\n")
    assert asked[0].pretend


def test_every_part_of_a_request_is_told_and_what_was_not_taken_last(invoke: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "request.md"
    file.write_text("- PostgreSQL 15 in Frankfurt\n- Kubernetes\n- no VPN\n- NLB\n", "utf-8")
    done = invoke("new", "--request", str(file), "--output-dir", str(tmp_path), "--no-input", "--pretend")
    assert done.code == 0
    assert done.err == (
        "   1  PostgreSQL 15 in Frankfurt\n      holds database/engine-version\n"
        "   3  no VPN\n      extras without vpn\n"
        "   4  NLB\n      load_balancer = nlb, holds scaling/load-balancer\n"
        "\nNot taken: 1 line\n   2  Kubernetes\n      it was not understood\n"
        "\nUnderstood in part, and the rest not taken: 1 line\n   1  PostgreSQL 15 in Frankfurt\n      'Frankfurt'\n"
    )


@pytest.mark.parametrize(
    ("terminal", "flags", "asks"), [(True, (), True), (True, ("--no-input",), False), (False, (), False)]
)
def test_a_person_is_asked_on_a_terminal_only(
    terminal: bool,
    flags: tuple[str, ...],
    asks: bool,
    invoke: Invoke,
    asked: list[NewRequest],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: terminal)
    invoke("new", "--pretend", *flags)
    assert (asked[0].ask is not None, asked[0].no_input) == (asks, not asks)


@pytest.mark.parametrize(
    ("flags", "words"),
    [(("--set", "k"), "--set 'k' is not KEY=VALUE"), (("--set", "k=1", "--set", "k=2"), "--set k is given twice")],
)
def test_settings_that_make_no_sense_are_usage_errors(
    flags: tuple[str, ...], words: str, invoke: Invoke, asked: list[NewRequest]
) -> None:
    code, _, err = invoke("new", *flags)
    assert (code, asked) == (2, [])
    assert words in err


def test_a_question_shows_what_was_wrong_before(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    prompts: list[tuple[str, str]] = []

    def prompt(text: str, default: str, **_: object) -> str:
        prompts.append((text, default))
        return "answer"

    monkeypatch.setattr(click, "prompt", prompt)
    question = Question(name="region", prompt="Which region?", default="x", choices=("a", "b"))
    assert _ask(question, "a", "region: 'q' is not one of a, b") == "answer"
    assert prompts == [("Which region?", "a")]
    assert capsys.readouterr().err == "region: 'q' is not one of a, b\n"


def test_the_shipped_template_can_be_pretended(invoke: Invoke, tmp_path: Path) -> None:
    outcome = invoke("new", "--no-input", "--pretend", "--output-dir", str(tmp_path))
    assert outcome.code == 0
    assert "  README.md\n" in outcome.out
    assert list(tmp_path.iterdir()) == []
