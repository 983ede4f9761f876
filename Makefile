# Every target does its own set-up. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help demo test fuzz test-pythons lint format notebooks bench screenshots clean lock

VENV ?= .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3.12 python3.11 python3.13 python3 python; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && command -v "$$p" && break; done)
# uv installs several times faster; where it cannot reach its index (a mirror only pip knows of), pip does it.
UV := $(BIN)/python -m uv pip install --quiet --no-deps
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --no-deps
WORKERS ?= 2
FUZZ_SECONDS ?= 60
# Compiled once, into the environment made here, not anew by every process.
unexport PYTHONDONTWRITEBYTECODE

help:  ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(VENV)/.runtime: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Earshot needs Python 3.11, 3.12 or 3.13; none was found. Set PYTHON=..."; exit 1; }
	@test -x $(BIN)/python || "$(PYTHON)" -m venv $(VENV)
	@echo "Installing Earshot and what it needs (the first time takes a minute or two) ..."
	@$(PIP) uv==0.13.8 || true
	@$(UV) --require-hashes -r requirements.lock || $(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	@echo "Installing the tools of the tests ..."
	@$(UV) --require-hashes -r requirements-dev.lock || $(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.runtime  ## Start Earshot with a local Spotify and synthetic listeners, no keys needed
	@$(BIN)/earshot demo

test: lint notebooks  ## Lint, then every test, browser tests too
	@$(BIN)/python -m tests.browser_setup
	$(BIN)/python -m pytest -n $(WORKERS)

fuzz: $(VENV)/.dev  ## Change files of the corpus for a minute, and read them; FUZZ_SECONDS=300 for five
	@$(BIN)/python -m tests.fuzz $(FUZZ_SECONDS) $(FUZZ_SEED)

test-pythons: $(VENV)/.dev  ## The tests of towers, wiring and storage on the other promised Pythons found here
	@WORKERS=$(WORKERS) $(BIN)/python -m tests.pythons

lint: $(VENV)/.dev  ## Style, types, and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

format: $(VENV)/.dev  ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

notebooks: $(VENV)/.dev  ## Execute every notebook on synthetic data
	@$(BIN)/python -m notebooks.run

bench: $(VENV)/.dev  ## Measure, with the plain alternative beside it
	@$(BIN)/python -m benchmarks.run

screenshots: $(VENV)/.dev  ## Write every screen, 1440 and 390 wide, light and dark, into screenshots/
	@$(BIN)/python -m tests.browser_setup
	@$(BIN)/python -m tests.e2e.pictures

lock:  ## Renew both locks (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --overrides requirements-overrides.txt -o requirements.lock requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --overrides requirements-overrides.txt -c requirements.lock -o requirements-dev.lock requirements-dev.txt

clean:  ## Remove what was built: environment, demo data, caches
	rm -rf $(VENV) .venv-3.* var build dist *.egg-info .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache
