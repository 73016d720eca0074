"""infraguard.toml: what it may say, and how its mistakes are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from infraguard.model.errors import ConfigError, UsageError
from infraguard.model.evidence import Environment
from infraguard.model.findings import Severity
from infraguard.model.values import Location
from infraguard.policies.schema import read_policy
from infraguard.workflows.scan import ScanRequest, scan
from infraguard.workflows.settings import Settings, check_parameters, load_settings
from tests.policies.test_schema import GOOD

FULL = """
[scan]
fail-on = "high"
on-unknown = "warn"
select = ["database/*"]
exclude = ["cost/*"]
policies = ["ours"]

[gates."a/b"]
days = 35

[aws.accounts]
"111111111111" = "production"

[repository]
kind = "service"
deploys = false
databases = ["postgresql"]
domains = []
"""


def test_everything_it_may_say(tmp_path: Path) -> None:
    (tmp_path / "infraguard.toml").write_text(FULL)
    settings = load_settings(tmp_path)
    assert (settings.fail_on, settings.on_unknown) == (Severity.HIGH, "warn")
    assert (settings.select, settings.exclude) == (("database/*",), ("cost/*",))
    assert settings.policy_folders == (tmp_path / "ours",)
    assert settings.parameters == {"a/b": {"days": 35}}
    assert settings.accounts == {"111111111111": Environment.PRODUCTION}
    stated = settings.repository
    assert (stated.kind, stated.deploys, stated.databases) == ("service", False, ("postgresql",))
    assert stated.domains == ()
    assert stated.places["kind"] == Location(file="infraguard.toml", line=16, column=1, end_line=16)


def test_what_is_stated_counts_for_the_repository_that_it_stands_in(tmp_path: Path) -> None:
    for name, text in (("one", '[repository]\nkind = "service"\n'), ("two", "")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "infraguard.toml").write_text(text)
    targets = (str(tmp_path / "one"), str(tmp_path / "two"))
    result = scan(ScanRequest(now="2026-01-01T00:00:00Z", targets=targets))
    natures = [r.attributes["is_service"] for r in result.evidence.resources if r.kind == "repository"]
    assert natures == [True, False]
    assert [target.described for target in result.report.targets if target.source == "repo"] == ["a service", ""]


def test_pyproject_may_say_it_too(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.infraguard.scan]\nfail-on = "critical"\n')
    assert load_settings(tmp_path).fail_on is Severity.CRITICAL


def test_without_a_file_there_are_defaults(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n')
    assert load_settings(tmp_path) == Settings()


@pytest.mark.parametrize(
    ("text", "where", "why", "hint"),
    [
        ("[scam]\n", "1:1", "unknown key 'scam'", "did you mean 'scan'?"),
        ('[scan]\nfail_on = "high"\n', "2:1", "unknown key 'fail_on'", "did you mean 'fail-on'?"),
        ('[scan]\nfail-on = "hihg"\n', "2:1", "'hihg' is not one of", "did you mean 'high'?"),
        ('[scan]\nselect = "database/*"\n', "2:1", "a list of texts", ""),
        ("scan = 1\n", "1:1", "'scan' is a table", ""),
        ('[repository]\nkind = "servise"\n', "2:1", "'servise' is not one of", "did you mean 'service'?"),
        ('[repository]\nkinds = "service"\n', "2:1", "unknown key 'kinds'", "did you mean 'kind'?"),
        ('[repository]\ndeploys = "yes"\n', "2:1", "'deploys' is true or false", ""),
        ('[repository]\ndatabases = ["postgres"]\n', "2:1", "'postgres' is not one of", "did you mean 'postgresql'?"),
        ('[repository]\ndatabases = "mysql"\n', "2:1", "a list of texts", ""),
        ('[repository]\ndomains = ["invoice"]\n', "2:1", "'invoice' is not one of", "did you mean 'invoices'?"),
        ('[gates]\n"a/b" = 1\n', "2:1", "'a/b' is a table", ""),
        ('[aws.accounts]\n"1" = "prod"\n', "2:1", "'prod' is not one of", "did you mean 'production'?"),
        ("[scan\n", "1:6", "Expected ']'", ""),
    ],
)
def test_mistakes_are_named_at_their_place(tmp_path: Path, text: str, where: str, why: str, hint: str) -> None:
    file = tmp_path / "infraguard.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as raised:
        load_settings(tmp_path)
    assert str(raised.value).startswith(f"{file}:{where}: ")
    assert why in str(raised.value)
    assert hint in raised.value.hint


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[gates."a/c"]\ndays = 35\n', "1:1: no gate 'a/c'"),
        ('[gates."a/b"]\ndayz = 35\n', "2:1: a/b has no parameter 'dayz'"),
        ('[gates."a/b"]\ndays = "35"\n', "2:1: 'days' of a/b must be of the type integer"),
    ],
)
def test_parameters_are_checked_against_the_policies(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "infraguard.toml").write_text(text)
    with pytest.raises(ConfigError) as raised:
        check_parameters(load_settings(tmp_path), [read_policy(GOOD, "a/b.yaml", "a/b")])
    assert why in str(raised.value)


def test_a_file_named_on_the_command_line_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"missing\.toml: cannot be read: No such file"):
        load_settings(tmp_path, str(tmp_path / "missing.toml"))


def test_a_pyproject_named_on_the_command_line_is_read_as_one(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n[tool.infraguard.scan]\nfail-on = "critical"\n')
    assert load_settings(tmp_path / "other", str(tmp_path / "pyproject.toml")).fail_on is Severity.CRITICAL


@pytest.mark.parametrize(
    ("text", "where", "why"),
    [
        ("[tool]\ninfraguard = 3\n", ":2:1", "'tool.infraguard' is a table"),
        ("# infraguard\ntool = 3\n", ":2:1", "'tool' is a table"),
        ('[tool]\ninfraguard.scan = {fail-on = "hgh"}\n', ":2:1", "'hgh' is not one of"),
        (b"# infraguard \xff\n", "", "not UTF-8 text"),
    ],
)
def test_mistakes_in_pyproject_are_named_however_it_is_written(
    tmp_path: Path, text: str | bytes, where: str, why: str
) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigError) as raised:
        load_settings(tmp_path)
    assert str(raised.value).startswith(f"{path}{where}: {why}")


def test_a_folder_in_place_of_the_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "infraguard.toml").mkdir()
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load_settings(tmp_path)


def test_a_pyproject_that_says_nothing_of_us_is_not_our_concern(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b'name = "\xff" [broken\n')
    assert load_settings(tmp_path) == Settings()


def scanned(folder: Path, **asked: object) -> tuple[str, ...]:
    result = scan(ScanRequest(now="2026-01-01T00:00:00Z", targets=(str(folder),), **asked))  # type: ignore[arg-type]
    return tuple(policy.id for policy in result.policies)


def test_a_framework_goes_before_what_the_settings_select_and_keeps_what_they_leave_out(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text("")
    settings = tmp_path / "infraguard.toml"
    settings.write_text('[scan]\nselect = ["alerting/database-unavailable"]\nexclude = ["network/flow-logs"]\n')
    judged = scanned(tmp_path, framework="cis-aws")
    assert "database/no-public-access" in judged
    assert "network/flow-logs" not in judged
    assert scanned(tmp_path, framework="cis-aws", select=("database/*",)) == (
        "database/encrypted-own-key",
        "database/multi-az",
        "database/no-public-access",
    )


def test_a_framework_of_which_nothing_is_selected_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text("")
    with pytest.raises(UsageError, match="cis-aws names none of the gates"):
        scanned(tmp_path, framework="cis-aws", select=("alerting/database-unavailable",))
