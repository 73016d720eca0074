"""A tool that is missing is never a silent pass."""

from __future__ import annotations

import sys

import pytest

from tests.tools import missing, run_ok, tool


def test_a_missing_tool_skips_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INFRAGUARD_REQUIRE_TOOLS", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"no-such-tool is missing: `make test` installs it"):
        tool("no-such-tool")


def test_a_missing_tool_fails_where_everything_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INFRAGUARD_REQUIRE_TOOLS", "1")
    with pytest.raises(pytest.fail.Exception, match="a mirror is missing: make one"):
        missing("a mirror", "make one")


def test_a_failing_tool_fails_its_test_with_what_it_said() -> None:
    with pytest.raises(AssertionError, match="exited 3:\nsaid"):
        run_ok(sys.executable, "-c", "print('said'); raise SystemExit(3)")
