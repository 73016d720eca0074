"""Which coverage a run of tests demands: a flag of the command wins over the settings of its folder."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from msgspec import Struct

from infraguard.collectors.repository.python.coverage_settings import CoverageSettings, coverage_settings
from infraguard.collectors.repository.python.omitted import omitted_percent
from infraguard.collectors.repository.python.options import number_option, option
from infraguard.collectors.repository.python.pytest_settings import PytestSettings, pytest_settings
from infraguard.collectors.repository.suites.runs import SuiteRun
from infraguard.model.errors import SyntaxProblem
from infraguard.model.values import Default, Location, Unknown, known
from infraguard.readers.tree import Tree, Unreadable

REMEDY = "run pytest with --cov and --cov-fail-under in the workflow itself, or set fail_under for coverage"
_NAMES = ("measures_coverage", "effective_fail_under", "effective_precision", "least_passing")
#: What coverage.py does without a setting, from its configuration reference: no threshold, whole percents.
_ORIGIN = "coverage.py"


class Demand(Struct, frozen=True):
    """`measures_coverage`, `no_cov`, `fail_under`, `effective_fail_under` and `effective_precision` of a run.

    The effective values are those the run compares by; a run that compares none has none. `least_passing` is what comes
    of both: the least coverage, before it is rounded, that passes. `omitted_percent` is the share of the application's
    files that is left out of the count. `places` says where a value
    was read that is not in the command itself.
    """

    attributes: dict[str, Any]
    places: dict[str, Location] = {}


def coverage_demand(tree: Tree, run: SuiteRun) -> Demand:
    """The demand of a run; unknown where the run is hidden or its settings cannot be read."""
    if run.hidden:
        return _unknown(Unknown(run.hidden, depends_on=(run.runner,), remedy=REMEDY))
    if "$" in run.context.folder:
        reason = f"the folder {run.context.folder} is decided when the command runs"
        return _unknown(Unknown(reason, depends_on=(run.context.folder,), remedy=REMEDY))
    try:
        pytest = pytest_settings(tree, run.context.folder) if run.runner == "pytest" else PytestSettings()
        words = _with_added_options(run, pytest)
        if run.runner == "pytest" and (other := _other_settings(words, pytest)):
            return _unknown(other)
        variable = run.context.variables.get("COVERAGE_RCFILE", "")
        own_file = option(words, "--cov-config") or option(words, "--rcfile") or str(variable)
        settings = coverage_settings(tree, run.context.folder, own_file)
    except SyntaxProblem as error:
        return _unknown(Unknown(f"the settings do not parse: {error}", remedy=error.hint or "mend the file"))
    except Unreadable as error:
        problem = error.problem
        return _unknown(Unknown(f"{problem.path}: {problem.detail}", remedy=problem.remedy))
    demand = _demand(run, words, pytest, settings)
    share = omitted_percent(tree, run.context.folder, settings.omit) if settings.omit else None
    if share is None or demand.attributes["measures_coverage"] is not True:
        return demand
    return Demand({**demand.attributes, "omitted_percent": share}, demand.places)


def _demand(run: SuiteRun, words: tuple[str, ...], pytest: PytestSettings, settings: CoverageSettings) -> Demand:
    flags = ("--cov-fail-under", "--cov-precision") if run.runner == "pytest" else ("--fail-under", "--precision")
    no_cov = run.runner == "pytest" and _switches_off(words)
    compares = _compares(run, words) and not no_cov
    attributes: dict[str, Any] = {"no_cov": no_cov, "measures_coverage": compares or run.measured_by_coverage}
    places: dict[str, Location] = {}
    for name, flag in zip(("fail_under", "precision"), flags, strict=True):
        given = number_option(words, flag, run.context.variables)
        if given is not None and name == "fail_under":
            attributes[name] = given
        if compares:
            attributes[f"effective_{name}"] = settings.values.get(name, Default(0, _ORIGIN)) if given is None else given
            place = settings.places.get(name) if given is None else _place_of_flag(run, flag, pytest)
            places |= {f"effective_{name}": place} if place else {}
    least = _least_passing(attributes.get("effective_fail_under"), attributes.get("effective_precision"))
    return Demand(attributes if least is None else {**attributes, "least_passing": least}, places)


def _least_passing(threshold: Any, precision: Any) -> float | None:
    """The least coverage that passes: the figure is rounded before it is compared, but for 100, which must be 100."""
    threshold, precision = known(threshold), known(precision)
    if not isinstance(threshold, (int, float)) or not isinstance(precision, (int, float)):
        return None
    return threshold if threshold >= 100 else max(0, threshold - 0.5 * 10**-precision)


def _place_of_flag(run: SuiteRun, flag: str, pytest: PytestSettings) -> Location | None:
    """Where a flag stands that is not in the command: in the options that pytest adds."""
    return pytest.place if option(run.words, flag) is None and option(pytest.addopts, flag) is not None else None


def _unknown(value: Unknown) -> Demand:
    return Demand(dict.fromkeys(_NAMES, value))


def _compares(run: SuiteRun, words: tuple[str, ...]) -> bool:
    """Whether this command itself compares coverage with a threshold, when one is set."""
    if run.runner == "pytest":
        return any(word == "--cov" or word.startswith("--cov=") for word in words)
    return run.runner == "coverage" and words[1:2] != ("run",)


def _switches_off(words: tuple[str, ...]) -> bool:
    """Whether pytest is told to measure nothing, or to leave the plugin that measures out."""
    plugins = [word.removeprefix("-p") or following for word, following in pairwise((*words, "")) if word[:2] == "-p"]
    return "--no-cov" in words or not {"no:cov", "no:pytest_cov"}.isdisjoint(plugins)


def _other_settings(words: tuple[str, ...], pytest: PytestSettings) -> Unknown | None:
    """Why the options are others than those that pytest finds by itself: the command names another file or text."""
    file = option(words, "-c") or option(words, "--config-file")
    replaced = [word for word in words if word.startswith(("addopts=", "-oaddopts=", "--override-ini=addopts="))]
    if not replaced and (not file or file == pytest.file):
        return None
    asked = file or replaced[0]
    return Unknown(f"pytest takes its options from {asked!r}, which is not followed", (asked,), remedy=REMEDY)


def _with_added_options(run: SuiteRun, pytest: PytestSettings) -> tuple[str, ...]:
    """The words of the command after those that pytest adds to them: from its settings, then from the environment."""
    if run.runner != "pytest":
        return run.words
    added = str(run.context.variables.get("PYTEST_ADDOPTS", "")).split()
    return (run.words[0], *pytest.addopts, *added, *run.words[1:])
