"""What make would hand to the shell: read as make expands it, and never run."""

from __future__ import annotations

import pytest

from infraguard.collectors.repository.suites.followed import Context, followed
from infraguard.collectors.repository.suites.makefiles import make_arguments, read_makefile
from infraguard.readers.shell_outcome import outcomes
from infraguard.readers.tree import MemoryTree

CHECKED = """
SHELL = /bin/bash -o pipefail
check_defined = \\
\t$(strip $(foreach 1,$1, $(call __check_defined,$1)))
lint: ## Lint
\t@:$(call check_defined, APP, the folder that holds the application's code)
\truff check src
"""


def _texts(makefile: str, target: str = "lint", **environment: str) -> list[str]:
    found = read_makefile(makefile, {}, environment).lines_of(target)
    return [recipe.text for recipe in found or []]


def _commands(makefile: str, **variables: str) -> list[tuple[str, str]]:
    """What `make lint` comes to, with why it is hidden."""
    context = Context(folder=".", variables=variables, followed=set())
    script = outcomes("make lint", errexit=True, pipefail=False)
    found = followed(MemoryTree({"Makefile": makefile.encode()}), script, context)
    return [(" ".join(command.words), command.hidden) for command in found]


def test_the_words_of_functions_never_come_to_the_shell() -> None:
    assert _commands(CHECKED)[-1] == ("ruff check src", "")
    assert not any(hidden for _, hidden in _commands(CHECKED))


def test_a_quote_of_the_recipe_itself_is_still_no_shell() -> None:
    ((_, hidden),) = _commands("lint:\n\techo it's\n")
    assert "no POSIX shell" in hidden


@pytest.mark.parametrize(
    ("written", "shell"),
    [
        ("echo $$HOME $@", "echo $HOME $@"),
        ("$(shell which ruff) check", "ruff check"),
        ("$(shell git log --format='%H')", "$(shell)"),
        ("$(info it's linted)ruff check", "ruff check"),
        ("$(strip $(LINTER) check)", "ruff check"),
        ("$(if $(LINTER),$(LINTER),pylint)", "ruff"),
        ("$(if ,black,pylint)", "pylint"),
        ("$(if $(OTHER),black) ruff", "$(if) ruff"),
        ("$(call run,src,it's)", "ruff check src it's"),
        ("$(call nowhere,it's)", "$(call)"),
        ("$(UNSET) ${UNSET}", "$(UNSET) ${UNSET}"),
        ("$(LINTER", "$(LINTER"),
        ("$(ITSELF)", "ruff more"),
    ],
)
def test_how_make_expands_a_recipe(written: str, shell: str) -> None:
    variables = "LINTER = ruff\nrun = $(LINTER) check $1 $(2)\nITSELF := $(LINTER)\nITSELF := $(ITSELF) more\n"
    assert _texts(f"{variables}lint:\n\t{written}\n") == [shell]


def test_variables_that_name_each_other_end() -> None:
    (text,) = _texts("A = $(B) $(B)\nB = $(A) $(A)\nlint:\n\truff $(A)\n")
    assert text.startswith("ruff")
    assert len(text) < 50_000


def test_a_canned_recipe_is_one_of_several_commands() -> None:
    makefile = "define checks\n@ruff check $(1)\n-mypy $(1)\nendef\nlint:\n\t$(call checks,src)\nother:\n\tls\n"
    found = read_makefile(makefile).lines_of("lint") or []
    assert [(recipe.text, recipe.ignored) for recipe in found] == [("ruff check src", False), ("mypy src", True)]
    assert _texts(makefile, "other") == ["ls"]


CONDITIONAL = """
ifeq "$(WHERE)" "local"
RUN := uv run
else ifdef CI
RUN := poetry run
else
RUN := nothing
endif
lint:
ifneq ($(WHERE),other)
\t$(RUN) ruff check
else
\techo other
endif
"""


@pytest.mark.parametrize(
    ("environment", "texts"),
    [
        ({"WHERE": "local"}, ["uv run ruff check"]),
        ({"CI": "true"}, ["poetry run ruff check"]),
        ({}, ["nothing ruff check"]),
        ({"WHERE": "other"}, ["echo other"]),
        ({"WHERE": "$(shell)"}, ["nothing ruff check", "echo other"]),
    ],
)
def test_conditions_are_decided_by_what_the_workflow_sets(environment: dict[str, str], texts: list[str]) -> None:
    assert _texts(CONDITIONAL, **environment) == texts


def test_what_another_file_may_set_decides_no_condition() -> None:
    assert len(_texts(f"include common.mk\n{CONDITIONAL}")) == 2


def test_a_run_at_github_has_ci() -> None:
    assert _commands(CONDITIONAL) == [("ruff check", "")]


def test_an_assignment_ends_a_recipe() -> None:
    assert _texts("lint:\n\truff\nifdef CI\n\tA := 1\nendif\nB := 1\n\tC := 2\n", CI="") == ["ruff"]


@pytest.mark.parametrize(("shell", "minds"), [("SHELL = bash -o pipefail\n", True), (".SHELLFLAGS := -ec\n", False)])
def test_a_shell_that_minds_every_command_of_a_pipe(shell: str, minds: bool) -> None:
    makefile = f"{shell}lint:\n\tmypy src | tee log\n"
    assert read_makefile(makefile).pipefail is minds
    context = Context(folder=".", variables={}, followed=set())
    script = outcomes("make lint", errexit=True, pipefail=False)
    first = next(followed(MemoryTree({"Makefile": makefile.encode()}), script, context))
    assert first.words == ("mypy", "src")
    assert first.context.ignored is not minds


def test_a_value_over_several_lines_is_one_word() -> None:
    (outcome,) = outcomes('make build OPTIONS=" \\\n  --cache \\\n  --load"', errexit=True, pipefail=False)
    assert make_arguments(outcome.words[1:]).variables == {"OPTIONS": "   --cache   --load"}


def test_a_tool_in_a_service_of_compose_is_that_tool() -> None:
    makefile = "lint:\n\tdocker compose -f c.yaml run -e CI --rm api ruff check src\n\tdocker compose up -d\n"
    assert _commands(makefile) == [("ruff check src", ""), ("docker compose up -d", "")]


@pytest.mark.parametrize(
    ("makefile", "goals"),
    [
        (".PHONY: b\na: c\nb:\nc:\n", ("a",)),
        ("%.o: %.c\n\tcc $<\nall:\n", ("all",)),
        ("./env/bin: \nall:\n", ("./env/bin",)),
        ("first:\nhelp:\n.DEFAULT_GOAL := help\n", ("help",)),
        ("", ()),
    ],
)
def test_what_make_runs_when_no_target_is_named(makefile: str, goals: tuple[str, ...]) -> None:
    assert read_makefile(makefile).goals == goals
