# The operator's and developer's verbs. `make run` and `make test` are all a newcomer needs.
PYTHON ?= python3
UV := .uv/bin/uv
QUILLGATE := .venv/bin/quillgate
NODE_BIN := $(CURDIR)/.venv/bin
NICE_PYTEST := .venv/bin/pytest
# Programs start in a third of the time with what Python compiled the last time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test quick search bench lint env model system clean

run: .venv/.run-ready
	@$(QUILLGATE) up $(ARGS)

env: .venv/.dev-ready

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Quillgate needs Python 3.11 or newer; '$(PYTHON)' is older. Set PYTHON=python3.12, say."; exit 1; }
	@$(PYTHON) -m venv .uv
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9

# The lock file decides; --frozen never rewrites it. A developer's environment already holds all.
.venv/.run-ready: $(UV) uv.lock pyproject.toml
	@UV_PYTHON_DOWNLOADS=never $(UV) sync --quiet --frozen --inexact --no-default-groups --python "$$(command -v $(PYTHON))"
	@touch $@

.venv/.dev-ready: $(UV) uv.lock pyproject.toml
	@UV_PYTHON_DOWNLOADS=never $(UV) sync --quiet --frozen --compile-bytecode --python "$$(command -v $(PYTHON))"
	@touch $@ .venv/.run-ready

extension/node_modules/.ready: extension/package.json extension/package-lock.json .venv/.dev-ready
	@PATH="$(NODE_BIN):$$PATH" npm ci --prefix extension --no-audit --no-fund --loglevel=error
	@touch $@

# Chromium and redis-server are system programs: installed here where we may, named where we may not.
system:
	@sh tests/system_packages.sh

# Two at a time; those that start browsers or servers, or wait for a moment, afterwards: one of each.
test: env extension/node_modules/.ready system lint
	@$(NICE_PYTEST) tests -m "not alone" -n 2 --dist loadfile --no-loadscope-reorder
	@$(NICE_PYTEST) tests -m alone -n 2 --dist loadgroup

quick: env
	@$(NICE_PYTEST) tests/unit -n 2 --dist loadfile --hypothesis-profile=quick

# `make test` tries properties with the same examples each time; this tries others, and more of them.
search: env extension/node_modules/.ready
	@$(NICE_PYTEST) $$(grep -rl "^from hypothesis" tests --include="test_*.py") --hypothesis-profile=searching

lint: env extension/node_modules/.ready
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@PATH="$(NODE_BIN):$$PATH" extension/node_modules/.bin/tsc -p extension
	@PATH="$(NODE_BIN):$$PATH" extension/node_modules/.bin/tsc -p backend/console

# Makes the names model anew from the corpora in a folder: make model CORPORA=DIR
model: env
	@UV_PYTHON_DOWNLOADS=never $(UV) sync --quiet --frozen --inexact --group training
	@$(QUILLGATE) model train $(if $(CORPORA),--corpora $(CORPORA))
	@$(QUILLGATE) rules compile
	@$(QUILLGATE) model measure

bench: env extension/node_modules/.ready system
	@.venv/bin/python -m tests.performance

clean:
	rm -rf .venv .uv .mypy_cache .ruff_cache .pytest_cache extension/node_modules
