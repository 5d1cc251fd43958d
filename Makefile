# `make` lists the verbs. Everything that they make stays in this folder.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo test test-versions check format docs soak bench bench-peers lock clean
.NOTPARALLEL:
unexport PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE

PYTHON ?=
export PYTHON
bin := .venv/bin
rooms := cli cluster compiler runtime specs
pytest := $(bin)/python -m pytest

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' Makefile

demo: ## set up, and run the penguins pipeline on an embedded Ray into ./.reprocc
	@.dev/environment .venv requirements.txt
	@$(bin)/reprocc submit specs/examples/penguins/pipeline.yaml --store .reprocc
	@echo
	@echo 'Again: make demo. To look around: . $(bin)/activate && reprocc artifacts'

test: dev ## set up, and run the tests: all on one Python, a sample on each other that is there
	@$(pytest) -n 2 --dist loadgroup $(TESTS)
	@$(MAKE) --no-print-directory test-versions

test-versions: dev ## the sample on every other Python from 3.11 to 3.13
	@main=$$($(bin)/python -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
	for version in 3.11 3.12 3.13; do \
	    if [ $$version != $$main ] && .dev/python $$version >/dev/null; then \
	        PATH="$$PATH:$(CURDIR)/$(bin)" .dev/environment .venv-$$version requirements-dev.txt $$version && \
	        .venv-$$version/bin/python -m pytest -n 2 --dist loadgroup -m 'fast and not soak' $(TESTS) || exit 1; \
	    fi; \
	done

check: dev ## format, lint, types, import contracts: all of them, also after one fails
	@clean=yes; try() { "$$@" || { clean=no; echo "check: failed: $$*" >&2; }; }; \
	try $(bin)/ruff format --check --quiet --output-format concise .; \
	try $(bin)/ruff check --quiet .; \
	try $(bin)/mypy --no-error-summary $(patsubst %,-p reprocc.%,$(filter-out specs,$(rooms))) -m reprocc.specs; \
	try $(bin)/pyright --warnings --pythonpath $(bin)/python; \
	try $(bin)/lint-imports --no-logo; \
	[ $$clean = yes ] && echo 'check: clean'

format: dev ## write every file in the house's format
	@$(bin)/ruff check --quiet --fix-only .; $(bin)/ruff format --quiet .

docs: dev ## write the pages of docs/reference from the schema, the command tree and the codes
	@$(bin)/python -m reprocc.docs.generate

soak: dev ## the long counts
	@$(pytest) -n 2 --dist loadgroup -m soak --timeout 3600 $(TESTS)

bench: dev ## the figures, beside raw Ray, from one run on this machine
	@$(bin)/python -m reprocc.benchmarks $(BENCH)

bench-peers: dev ## the same work with DVC, Snakemake and doit, each in an environment of its own
	@$(bin)/python -m reprocc.benchmarks.peers $(BENCH)

lock: ## renew the locks after a change of pyproject.toml; UPGRADE=1 takes the newest of everything
	@uv=$$(command -v $(bin)/uv || command -v uv) || { echo 'lock: needs uv: make dev, or install it'; exit 1; }; \
	compile="env -u UV_FIND_LINKS -u UV_EXTRA_INDEX_URL -u UV_INDEX $$uv --no-config pip compile --quiet \
	    --universal --python-version 3.11 --generate-hashes --no-emit-index-url --annotation-style line \
	    --custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade) pyproject.toml --extra examples"; \
	eval "$$compile --extra s3 --group dev --output-file requirements-dev.txt" && \
	eval "$$compile --group build --constraint requirements-dev.txt --output-file requirements.txt"

clean: ## remove everything that make made, the demo's store excepted
	@rm -rf .bench .venv .venv-3.* build dist reprocc.egg-info .mypy_cache .ruff_cache .pytest_cache \
	    .hypothesis .import_linter_cache
	@find $(rooms) tests -name __pycache__ -prune -exec rm -rf {} +

.PHONY: dev
dev:
	@.dev/environment .venv requirements-dev.txt
	@$(bin)/python -m compileall -q __init__.py $(rooms) || true
