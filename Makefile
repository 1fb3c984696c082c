# What people and CI run alike. Needs Python 3.11 or newer and make, nothing else.
PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
STAMP := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test check format bench schema docs constraints web clients

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## a .venv with headrace on its path

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Headrace needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make setup PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[all,dev]'
	@touch $(STAMP)

demo: $(STAMP) ## run the demo pipeline and watch it (ARGS=--once ends by itself)
	@$(BIN)/headrace demo $(ARGS)

serve: $(STAMP) ## the API and one worker, on http://127.0.0.1:8000
	@$(BIN)/headrace serve $(ARGS)

test: $(STAMP) ## every test (ARGS='-k name' for some)
	$(BIN)/python -m pytest $(ARGS)

check: $(STAMP) ## lint, format, types, floors, and that generated files are fresh
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/headrace schema --check schema.graphql
	$(BIN)/python scripts/settings_reference.py --check
	$(BIN)/python scripts/blocks_reference.py --check

format: $(STAMP) ## what ruff can mend by itself
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(STAMP) ## what it costs, measured on this machine
	@$(BIN)/python -m benchmarks $(ARGS)

schema: $(STAMP) ## write schema.graphql from the code
	$(BIN)/headrace schema --output schema.graphql

docs: $(STAMP) ## write what the docs take from the code
	$(BIN)/python scripts/settings_reference.py
	$(BIN)/python scripts/blocks_reference.py

web: ## build the pages that the package ships (needs Node 20.19 or newer)
	npm ci --prefix web/graphiql
	npm run build --prefix web/graphiql

clients: ## the clients of others that tests/conformance runs (needs Node 20.19 or newer)
	npm ci --prefix tests/conformance/node

constraints: $(STAMP) ## resolve the dependencies anew and pin them
	$(BIN)/python scripts/pin.py
