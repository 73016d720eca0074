"""What keeps the house in order: imports, sizes, names, and nothing that prints or exits outside the command line."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "infraguard"
MODULES = sorted(SOURCE.rglob("*.py"))
MAX_LINES = 280
MAX_FUNCTION_LINES = 60


def test_imports_go_downward_only() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run(
        [str(lint), "--no-cache"], cwd=SOURCE.parents[1], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_modules_stay_small_and_named_for_their_duty(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= MAX_LINES
    assert module.stem not in {"utils", "helpers", "common", "base", "misc", "manager"}


def _functions(module: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_functions_stay_short(module: Path) -> None:
    long = {f.name: (f.end_lineno or 0) - f.lineno for f in _functions(module)}
    assert {name: lines for name, lines in long.items() if lines > MAX_FUNCTION_LINES} == {}


@pytest.mark.parametrize(
    "module",
    [path for path in MODULES if "cli" not in path.relative_to(SOURCE).parts and path.name != "__main__.py"],
    ids=lambda path: path.relative_to(SOURCE).as_posix(),
)
def test_only_the_command_line_prints_and_exits(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert not calls & {"print", "sys.exit", "exit", "quit", "os._exit", "click.echo"}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_failure_is_swallowed_whole(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    swallowing = [handler for handler in handlers if not isinstance(handler.body[-1], ast.Raise)]
    caught = {ast.unparse(handler.type) if handler.type else "" for handler in swallowing}
    allowed = {"Exception"} if module.parent.name == "cli" else set()
    assert not (caught & {"", "Exception", "BaseException"}) - allowed


def test_the_package_says_that_it_is_typed() -> None:
    assert (SOURCE / "py.typed").is_file()
