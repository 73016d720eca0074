from __future__ import annotations

import re
import sys
from importlib import import_module
from typing import Never

import click
import pytest

from infraguard import __version__
from infraguard.__main__ import main
from infraguard.cli.main import COMMANDS
from infraguard.model.errors import CollectionError, InfraGuardError, PolicyError
from tests.cli.conftest import Invoke


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(*_: object) -> Never:
        raise error

    monkeypatch.setattr("infraguard.workflows.policies.list_policies", fail)


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_version(flag: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["infraguard", flag])
    assert main() == 0
    assert capsys.readouterr().out == f"infraguard {__version__}\n"


def test_main_runs_the_command_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["infraguard", "--help"])
    assert main() == 0
    assert "Usage: infraguard" in capsys.readouterr().out


def test_help_lists_every_command_and_no_other(invoke: Invoke) -> None:
    outcome = invoke("--help")
    listed = re.findall(r"^  ([a-z]+)  ", outcome.out.partition("Commands:")[2], re.MULTILINE)
    assert (outcome.code, listed) == (0, list(COMMANDS))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_exists_under_its_name(name: str) -> None:
    command: click.Command = import_module(f"infraguard.cli.{name}").command
    assert command.name == name


def test_no_arguments_show_help_and_are_a_usage_error(invoke: Invoke) -> None:
    outcome = invoke()
    assert (outcome.code, outcome.out) == (2, "")
    assert "Commands:" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("scna",), "error: no command 'scna': did you mean 'scan'?\nhint: see infraguard --help\n"),
        (("frobnicate",), "error: no command 'frobnicate'\nhint: see infraguard --help\n"),
    ],
)
def test_an_unknown_command_names_the_nearest(arguments: tuple[str, ...], error: str, invoke: Invoke) -> None:
    assert invoke(*arguments) == (2, "", error)


@pytest.mark.parametrize("arguments", [("scan", "--fromat", "json"), ("--scan",), ("scan", "--fail-on", "horrible")])
def test_wrong_flags_are_one_line_and_a_hint(arguments: tuple[str, ...], invoke: Invoke) -> None:
    outcome = invoke(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert re.fullmatch(r"error: [^\n]+\nhint: see infraguard[a-z ]* --help\n", outcome.err)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (InfraGuardError("it is wrong", "do this"), "error: it is wrong\nhint: do this\n"),
        (CollectionError("no such account"), "error: no such account\n"),
        (PolicyError("unknown key", file="a/b.yaml", line=3, column=5), "error: a/b.yaml:3:5: unknown key\n"),
        (InfraGuardError("bad \x1b[31mname\nin two lines"), "error: bad \\x1b[31mname\\nin two lines\n"),
    ],
)
def test_known_errors_are_one_line_and_a_hint(
    error: InfraGuardError, words: str, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, error)
    assert invoke("policies", "list") == (2, "", words)


def test_our_own_fault_says_so_in_one_line(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, ZeroDivisionError("division by zero"))
    code, out, err = invoke("policies", "list")
    assert (code, out) == (70, "")
    assert err.startswith(
        "error: InfraGuard itself went wrong: ZeroDivisionError: division by zero\nhint: please report"
    )
    assert "Traceback" not in err


def test_our_own_fault_with_its_traceback(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INFRAGUARD_DEBUG", "1")
    failing(monkeypatch, ZeroDivisionError("division by zero"))
    code, _, err = invoke("policies", "list")
    assert code == 70
    assert err.startswith("Traceback")


def test_an_interrupt_is_130(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, KeyboardInterrupt())
    code, out, err = invoke("policies", "list")
    assert (code, out, err.strip()) == (130, "", "interrupted")
