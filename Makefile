# The two commands of the README are `make demo` and `make test`; `make help` lists the rest.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/pip --quiet --disable-pip-version-check install
# What pip compiles file by file, on one core, is compiled on all of them; what is not for this Python stays as it is.
COMPILE = -$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib
# What a build of the package depends on: the front-end files come from the npm registry by their lock file.
BUILD  := pyproject.toml hatch_build.py frontend/package-lock.json frontend/icons.txt

.PHONY: help demo test test-parts check bench docs lock clean

help: ## what there is to make
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort

demo: $(VENV)/.ready ## a simulated tenant of 2,000 users: imported, listed, and shown in the browser
	$(BIN)/seatbeacon demo --home .demo

test: check test-parts ## everything the tests need, then all of them
	# In the order of the folders, the long files first: by number of tests, the longest would come last.
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

test-parts: $(VENV)/.ready-parts ## the browser, the proxy and the OpenID provider that the tests drive

check: $(VENV)/.ready-dev ## formatting, lint, types, and the arrows between the rooms
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.ready-dev ## the figures of the README, measured on this machine
	$(BIN)/python -m benchmarks

docs: $(VENV)/.ready-dev ## the reference pages, made from the code
	$(BIN)/python -m tools.reference

lock: ## resolve the lock files anew (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header -q -o requirements/runtime.lock
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header -q -o requirements/dev.lock

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Seatbeacon needs Python 3.11 or newer. Name one: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "On Debian, install python3-venv first." >&2; exit 1; }

$(VENV)/.ready: requirements/runtime.lock $(BUILD) | $(BIN)/python
	$(PIP) --no-compile --require-hashes -r requirements/runtime.lock
	$(COMPILE)
	$(PIP) --no-deps -e .
	touch $@

$(VENV)/.ready-dev: requirements/dev.lock $(BUILD) | $(BIN)/python
	$(PIP) --no-compile --require-hashes -r requirements/dev.lock
	$(COMPILE)
	$(PIP) --no-build-isolation --no-deps -e .
	touch $@ $(VENV)/.ready

$(VENV)/.ready-parts: tools/system-packages.sh tests/real_parts/openid/package-lock.json | $(VENV)/.ready-dev
	tools/system-packages.sh
	cd tests/real_parts/openid && PATH="$(abspath $(BIN)):$$PATH" npm ci --silent
	touch $@

clean: ## forget the environment and the demo
	rm -rf $(VENV) .demo build dist
