# Needed: Python 3.11 or newer with venv, make and git. Everything else is put into .venv, and nothing outside it.
#
#   make demo    generate a project, scan it, scan one full of mistakes
#   make test    every check that CI makes

SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements-dev.lock
DEMO := demo
# Options of the benchmarks: `make bench BENCH=--write` writes docs/benchmarks.md.
BENCH :=

# uv takes what is in .venv and the lock, and fetches no Python of its own. Byte code is compiled when packages are
# installed, because an environment with PYTHONDONTWRITEBYTECODE would compile every import again in every process.
UV := UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV=$(VENV) $(BIN)/uv
PYTEST := $(BIN)/pytest --numprocesses auto --dist loadfile --cov --cov-report term:skip-covered

# What the lock is of: every version for every Python that we support, with hashes and without addresses.
COMPILE := pyproject.toml --quiet --universal --python-version 3.11 --all-extras --group dev --group tools \
  --generate-hashes --no-annotate --custom-compile-command 'make lock'

INSTALLED := $(VENV)/.installed
SYNCED := $(VENV)/.synced

.PHONY: help demo test test-full lint types architecture policies docs bench lock tools-lock clean

help:  ## what there is
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(firstword $(MAKEFILE_LIST)) | expand -t 14

demo: $(INSTALLED)  ## generate a project, scan it, scan one full of mistakes
	@INFRAGUARD=$(BIN)/infraguard sh scripts/demo.sh $(DEMO)

test: lint types architecture policies  ## every check that CI makes
	$(PYTEST)

test-full: lint types architecture policies  ## the same, with the long sweeps
	$(PYTEST) -m "slow or not slow"

lint: $(SYNCED)  ## ruff: mistakes and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(SYNCED)  ## mypy, strict
	$(BIN)/mypy

architecture: $(SYNCED)  ## imports go downward only
	$(BIN)/lint-imports --no-cache

policies: $(SYNCED)  ## every gate of the list has its policy, and the cases of all hold
	$(BIN)/python scripts/gates.py
	$(BIN)/infraguard policies test

docs: $(SYNCED)  ## the pages of gates and frameworks, made anew from policies/
	$(BIN)/infraguard policies docs

bench: $(SYNCED)  ## start-up, scan and parsing, against their targets
	@for bench in bench/bench_*.py; do echo "$$bench"; $(BIN)/python $$bench $(BENCH) || exit 1; done

lock: | $(SYNCED)  ## write the lock anew, keeping the versions that still fit
	$(UV) pip compile $(COMPILE) --output-file $(LOCK)

tools-lock: | $(SYNCED)  ## write the lock of the tools that `scan --with` runs
	$(BIN)/python scripts/lock_tools.py

clean:  ## everything that make made
	rm -rf $(VENV) $(DEMO) dist build .coverage .coverage.* coverage.xml
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# What a user gets, installed the way a user installs it.
$(INSTALLED): pyproject.toml hatch_build.py | $(BIN)/pip
	@echo "Installing InfraGuard into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --editable '.[aws]'
	@touch $@

# What development needs on top, in the versions of the lock.
$(SYNCED): pyproject.toml hatch_build.py $(LOCK) | $(BIN)/pip
	$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check uv
	$(UV) pip install --quiet --require-hashes --requirement $(LOCK)
	$(UV) pip install --quiet --no-deps --editable .
	@touch $@ $(INSTALLED)

# The first Python that is new enough and can make environments; a shim that leads nowhere is passed over.
$(BIN)/pip:
	@for python in python3.13 python3.12 python3.11 python3; do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    echo "Making $(VENV) with $$($$python --version) ..."; \
	    exec $$python -m venv $(VENV); \
	  fi; \
	done; \
	echo "error: no Python 3.11 or newer with venv found: install one (on Debian: apt-get install python3 python3-venv)" >&2; \
	exit 1
