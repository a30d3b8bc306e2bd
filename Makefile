# Needs Python 3.11 or later, git and make. On Windows the README's three lines do the same.
# The checks themselves are defined once, in noxfile.py.

.DEFAULT_GOAL := help
.PHONY: help setup demo test check fix clean

VENV := .venv
BIN := $(VENV)/bin

# The first Python on this machine that the project supports; or say make PYTHON=...
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for name in python3.11 python3 python3.12 python3.13 python; do \
	$$name -c '$(SUPPORTED)' 2>/dev/null && echo $$name && break; done)

# A stamp is named after what was installed, so that a second call has nothing to do.
hash = $(shell git hash-object $(1))
LOCKED := $(VENV)/locked-$(call hash,requirements.lock)
INSTALLED := $(VENV)/installed-$(call hash,pyproject.toml)

help:  ## List what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(INSTALLED)  ## Install everything into .venv, exactly as requirements.lock says

$(LOCKED): requirements.lock
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 was found." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@echo "Installing the locked libraries into $(VENV); this takes a minute or two."
	@# Python compiles what is imported; pip would compile all 18,000 files, most of a minute.
	$(BIN)/python -m pip install -qq --no-compile --no-deps --require-hashes -r requirements.lock
	@rm -f $(VENV)/locked-* && touch $@

$(INSTALLED): $(LOCKED) pyproject.toml
	$(BIN)/python -m pip install -qq --no-deps --no-build-isolation -e .
	$(BIN)/python -m pip check
	@rm -f $(VENV)/installed-* && touch $@

demo: setup  ## Make an invented borough, run its month, say where each reader's pages are
	$(BIN)/insight demo outputs/workspaces/demo --outputs outputs

test: setup  ## Run every test; what this machine can't run is listed at the end
	$(BIN)/nox --session test -- $(ARGS)

check: setup  ## Format, lint, types and layers, changing nothing
	$(BIN)/nox --session lint types layers

fix: setup  ## Format the code and mend what ruff can mend
	$(BIN)/nox --session fix

clean:  ## Remove .venv, caches and the demo's output
	rm -rf $(VENV) build *.egg-info outputs/demo outputs/workspaces .coverage .hypothesis .nox
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
