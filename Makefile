# `make` lists the targets. Only Python >= 3.11, make and a package registry are needed.
PYTHON ?= python3
UV := $(shell command -v uv || echo .uv/bin/uv)
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy

# One process a core, a file to a process: the fixtures of a file are made once.
PARALLEL := -n auto --dist loadfile
QUICK := not browser and not spark and not servers and not slow and not trust

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-all trust lint bench bench-quick css css-check lock docs clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.uv/bin/uv:
	$(PYTHON) -m venv .uv
	.uv/bin/python -m pip install --quiet uv

# One stamp per lock file: an environment is made once and brought up to date when its lock changes.
.venv/.base: requirements.lock pyproject.toml | $(UV)
	@test -x $(BIN)/python || $(UV) venv --quiet --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.base
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

.venv/.all: requirements-all.lock .venv/.dev
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-all.lock
	@touch $@

setup: .venv/.base ## make the environment

demo: .venv/.base ## make a bank of 10,000 customers, load, build, decide, publish and open the console on 127.0.0.1:8000
	$(BIN)/zhike demo

test: .venv/.dev lint ## what every change must pass: lint, types, floors, tests (no browser, JVM or outside server)
	$(BIN)/pytest $(PARALLEL) -m "$(QUICK)"

test-all: .venv/.all lint css-check ## everything: adds Chromium, Spark, outside PostgreSQL, crash tests, the CSS rebuild
	$(BIN)/pytest $(PARALLEL)

# With FULL=1 random examples are fresh ones: the seed stands in the command that make shows, and SEED= repeats it.
SEED ?= $(shell date +%s)

trust: .venv/.all ## the promises, each with its figure and seed; FULL=1 all of them and fresh random examples, GOAL=A1 one
	ZHIKE_TRUST_FULL=$(FULL) $(BIN)/pytest tests/trust $(if $(GOAL),-k $(GOAL))
	$(if $(FULL),$(if $(GOAL),,ZHIKE_TRUST_FULL=1 $(BIN)/pytest $(PARALLEL) -m hypothesis --hypothesis-seed=$(SEED)))

lint: .venv/.dev ## ruff, mypy, import-linter
	$(BIN)/ruff check src tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.all ## section 6 of the design: ratios against named peers
	$(BIN)/python bench/run.py

bench-quick: .venv/.all ## the same on a fiftieth of the rows
	$(BIN)/python bench/run.py --customers 20000 --transactions 400000

css: ## rebuild the committed front-end files (needs Node)
	sh frontend/build.sh

css-check: ## the committed front-end files are what their sources build
	sh frontend/build.sh --check

docs: .venv/.dev ## write docs/reference from the code
	$(BIN)/python -m zhike.interfaces.cli.reference

lock: | $(UV) ## compile the lock files from pyproject.toml
	$(UV) pip compile -q --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock
	$(UV) pip compile -q --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	$(UV) pip compile -q --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml --group all -c requirements.lock -o requirements-all.lock

clean: ## remove environments and caches (not the workspace)
	rm -rf .venv .uv .mypy_cache .ruff_cache .pytest_cache frontend/node_modules
