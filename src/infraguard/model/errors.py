"""The one tree of errors. The command line alone turns them into text and exit codes."""

from __future__ import annotations


class InfraGuardError(Exception):
    """A problem the user can do something about; `hint` says what.

    Anything raised that is not one of these is our own fault (exit code 70).
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message


class UsageError(InfraGuardError):
    """A flag, an argument or a configuration file is wrong (exit code 2)."""


class PlacedError(InfraGuardError):
    """An error at a place in a file, rendered `file:line:column: why`. Lines and columns count from 1."""

    def __init__(self, why: str, *, file: str, line: int = 0, column: int = 0, hint: str = "") -> None:
        where = ":".join([file, *(str(n) for n in (line, column) if n)])
        super().__init__(f"{where}: {why}", hint)
        self.why = why
        self.file = file
        self.line = line
        self.column = column


class ConfigError(PlacedError, UsageError):
    """`infraguard.toml` or another file of settings is wrong (exit code 2)."""


class PolicyError(PlacedError, UsageError):
    """A policy or its cases are wrong (exit code 2)."""


class SyntaxProblem(PlacedError):
    """A scanned file does not parse. Collectors turn it into a gap, so one bad file never ends a scan."""


class RepeatedKey(SyntaxProblem):
    """A key stands twice in a mapping of a scanned file, of which some programs take the last."""


class TooMuch(SyntaxProblem):
    """A scanned file is beyond a bound of ours. It may be valid all the same."""


class CollectionError(InfraGuardError):
    """A target as a whole cannot be reached, so there is nothing to judge (exit code 2)."""


class TemplateError(InfraGuardError):
    """A template or its answers are wrong; nothing was written (exit code 2)."""
