# Everything that a person does with a checkout. `make help` lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
COMPILE := $(BIN)/uv pip compile pyproject.toml --group build --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-annotate --no-header --quiet --upgrade

# Tests run in as many processes as there are processors, each with its own Neo4j; all in one where there is only one server.
SIDE_BY_SIDE := $(if $(COGS_TEST_NEO4J_URI),,--numprocesses=auto --maxprocesses=4 --dist=loadfile --no-loadscope-reorder)

.DEFAULT_GOAL := help
.PHONY: help setup setup-tests serve test test-long check bench docs map lock clean

help:  ## say what can be made
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

setup: $(VENV)/ready  ## make .venv with the program in it: .venv/bin/cogs

setup-tests: $(VENV)/ready-for-tests

serve: setup  ## start the service on the seed graph and print its address
	@exec $(BIN)/cogs serve $(ARGS)

test: check  ## run every check, with a real Neo4j and a real browser
	$(BIN)/pytest $(SIDE_BY_SIDE) --durations=15 $(ARGS)

test-long: check  ## run the checks that take minutes, with new random examples
	$(BIN)/pytest $(SIDE_BY_SIDE) --durations=15 --hypothesis-profile=long -m "long or not long" $(ARGS)

check: setup-tests  ## look for faults of style and of types
	$(BIN)/ruff check
	$(BIN)/mypy

bench: setup-tests  ## measure, and print one table
	$(BIN)/python -m benchmarks $(ARGS)

docs: setup  ## write the reference pages anew
	$(BIN)/python docs/build.py

map: setup  ## draw the seed graph: network.html
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	$(BIN)/cogs load seeds --store "$$folder/seeds.db" && \
	$(BIN)/cogs map network --store "$$folder/seeds.db" -o network.html

lock: setup  ## pin the newest versions that pyproject.toml allows
	$(PIP) install uv
	$(COMPILE) -o requirements.lock
	$(COMPILE) --group dev -c requirements.lock -o requirements-dev.lock

clean:  ## remove what was made here
	rm -rf $(VENV) .hypothesis .mypy_cache .pytest_cache .ruff_cache network.html
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/ready: pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	echo "Python 3.11 or newer is needed; name one with: make setup PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' || { \
	echo "Python's venv module is needed; on Debian: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/ready-for-tests: $(VENV)/ready requirements-dev.lock
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
