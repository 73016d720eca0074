"""`infraguard.toml`, or `[tool.infraguard]` of pyproject.toml: what a repository decides for its scans.

[scan]
fail-on = "high"              # the least severity that ends with exit code 1
on-unknown = "warn"           # or "fail", the default
select = ["database/*"]
exclude = ["cost/*"]
policies = ["our-policies"]   # folders of policies, from this file

[gates."database/backup-retention"]
days = 35                     # a parameter of that gate

[aws.accounts]
"111111111111" = "production"

[repository]
kind = "service"              # or "library", "infrastructure"; found out when it is left out
deploys = true
databases = ["postgresql"]
domains = ["invoices"]        # what its data is about; [] for nothing that gates ask about
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NoReturn, cast

from msgspec import Struct, field
from msgspec.structs import replace

from infraguard.model.errors import ConfigError, SyntaxProblem
from infraguard.model.evidence import Environment
from infraguard.model.findings import Severity
from infraguard.model.nearest import nearest
from infraguard.model.policy import Policy
from infraguard.model.stated import DATABASES, DOMAINS, REPOSITORY_KINDS, Stated
from infraguard.model.values import Location
from infraguard.policies.schema import value_fits
from infraguard.readers.toml import TomlDocument, read_toml

FILE = "infraguard.toml"
_PYPROJECT = "pyproject.toml"
_TABLE = "tool.infraguard"
_TABLES = ("scan", "gates", "aws", "repository")
_SCAN_KEYS = ("fail-on", "on-unknown", "select", "exclude", "policies")
_REPOSITORY_KEYS = ("kind", "deploys", "databases", "domains")


class Settings(Struct, frozen=True, kw_only=True):
    """What the file says; the command line overrides it."""

    fail_on: Severity = Severity.LOW
    on_unknown: Literal["fail", "warn"] = "fail"
    select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    policy_folders: tuple[Path, ...] = ()
    parameters: dict[str, dict[str, Any]] = field(default_factory=dict)
    accounts: dict[str, Environment] = field(default_factory=dict)
    repository: Stated = field(default_factory=Stated)
    document: TomlDocument | None = None
    prefix: str = ""


def load_settings(root: Path, explicit: str | None = None) -> Settings:
    """The settings of a repository, or the defaults. Raises `ConfigError` with file and line for any mistake."""
    if explicit is not None:
        return _settings_in(Path(explicit))
    own, pyproject = root / FILE, root / _PYPROJECT
    if own.exists():
        return _settings_in(own)
    return _settings_in(pyproject) if pyproject.is_file() and b"infraguard" in _content(pyproject) else Settings()


def check_parameters(settings: Settings, policies: Sequence[Policy]) -> None:
    """Raise `ConfigError` where the settings name a gate or parameter that is not, or a value of another type."""
    by_id = {policy.id: policy for policy in policies}
    for gate, values in settings.parameters.items():
        path = ".".join(part for part in (settings.prefix, "gates", gate) if part)
        if gate not in by_id:
            _fail(settings.document, path, f"no gate {gate!r}", nearest(gate, by_id))
        known = by_id[gate].parameters
        for name, value in values.items():
            if name not in known:
                hint = nearest(name, known) or f"its parameters: {', '.join(known) or 'none'}"
                _fail(settings.document, f"{path}.{name}", f"{gate} has no parameter {name!r}", hint)
            if not value_fits(known[name].type, value):
                _fail(
                    settings.document,
                    f"{path}.{name}",
                    f"{name!r} of {gate} must be of the type {known[name].type}",
                    "",
                )


def _settings_in(path: Path) -> Settings:
    try:
        document = read_toml(_content(path).decode("utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        raise ConfigError("not UTF-8 text", file=str(path)) from error
    except SyntaxProblem as error:
        raise ConfigError(error.why, file=error.file, line=error.line, column=error.column) from error
    return _Reader(path, document, _TABLE if path.name == _PYPROJECT else "").settings()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=str(path)) from error


class _Reader:
    """One file of settings, or a table of it."""

    def __init__(self, path: Path, document: TomlDocument, table: str) -> None:
        self._path = path
        self._document = document
        self._prefix = table

    def settings(self) -> Settings:
        data = self._document.data
        parts = self._prefix.split(".") if self._prefix else []
        for number, part in enumerate(parts, 1):
            data = data.get(part, {})
            if not isinstance(data, dict):
                where = ".".join(parts[:number])
                _fail(self._document, where, f"{where!r} is a table", "", str(self._path))
        self._keys(data, _TABLES, "")
        scan, gates = self._table(data, "scan"), self._table(data, "gates")
        accounts = self._table(self._table(data, "aws"), "accounts", "aws.accounts")
        self._keys(scan, _SCAN_KEYS, "scan")
        self._keys(self._table(data, "aws"), ("accounts",), "aws")
        for gate in gates:
            self._table(gates, gate, f"gates.{gate}")
        return Settings(
            fail_on=Severity(self._word(scan, "fail-on", Severity, Severity.LOW)),
            on_unknown=cast("Any", self._word(scan, "on-unknown", ("fail", "warn"), "fail")),
            select=self._words(scan, "select"),
            exclude=self._words(scan, "exclude"),
            policy_folders=tuple(self._path.parent / folder for folder in self._words(scan, "policies")),
            parameters=gates,
            accounts={
                name: Environment(self._word(accounts, name, Environment, "", "aws.accounts")) for name in accounts
            },
            repository=self._repository(data),
            document=self._document,
            prefix=self._prefix,
        )

    def _repository(self, data: dict[str, Any]) -> Stated:
        """What the owner says that the repository is."""
        table = self._table(data, "repository")
        self._keys(table, _REPOSITORY_KEYS, "repository")
        deploys = table.get("deploys")
        if deploys is not None and not isinstance(deploys, bool):
            self._fail("repository.deploys", "'deploys' is true or false")
        databases, domains = (self._among(table, *each) for each in (("databases", DATABASES), ("domains", DOMAINS)))
        has_kind = "kind" in table
        places = {key: self._place(f"repository.{key}") for key in table}
        return Stated(
            kind=self._word(table, "kind", REPOSITORY_KINDS, "", "repository") if has_kind else None,
            deploys=deploys,
            databases=databases,
            domains=domains,
            places={key: place for key, place in places.items() if place},
        )

    def _among(self, table: dict[str, Any], key: str, known: Sequence[str]) -> tuple[str, ...] | None:
        """A list of the repository's of which each is one of some words; None where it is not given."""
        names = self._words(table, key, "repository")
        for name in names:
            if name not in known:
                self._fail(f"repository.{key}", f"{name!r} is not one of {', '.join(known)}", nearest(name, known))
        return names if key in table else None

    def _place(self, path: str) -> Location | None:
        place = self._document.at(".".join(part for part in (self._prefix, path) if part))
        return replace(place, file=self._path.name) if place else None

    def _table(self, data: dict[str, Any], name: str, path: str = "") -> dict[str, Any]:
        value = data.get(name, {})
        if not isinstance(value, dict):
            self._fail(path or name, f"{name!r} is a table")
        return value

    def _keys(self, data: dict[str, Any], known: Sequence[str], path: str) -> None:
        for key in data:
            if key not in known:
                where = f"{path}.{key}" if path else key
                self._fail(where, f"unknown key {key!r}", nearest(key, known) or f"known: {', '.join(known)}")

    def _word(self, data: dict[str, Any], key: str, known: Any, default: str, path: str = "scan") -> str:
        value = data.get(key, default)
        words = [str(word) for word in known]
        if value not in words:
            self._fail(f"{path}.{key}", f"{value!r} is not one of {', '.join(words)}", nearest(str(value), words))
        return str(value)

    def _words(self, data: dict[str, Any], key: str, path: str = "scan") -> tuple[str, ...]:
        value = data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._fail(f"{path}.{key}", f"{key!r} is a list of texts")
        return tuple(value)

    def _fail(self, path: str, why: str, hint: str = "") -> NoReturn:
        _fail(self._document, ".".join(part for part in (self._prefix, path) if part), why, hint, str(self._path))


def _fail(document: TomlDocument | None, path: str, why: str, hint: str, file: str = FILE) -> NoReturn:
    place = document.at(path) if document else None
    raise ConfigError(
        why,
        file=place.file if place else file,
        line=place.line if place else 0,
        column=place.column if place else 0,
        hint=hint,
    )
