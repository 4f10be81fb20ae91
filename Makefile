# A fresh machine needs make and Python 3.11 or newer with its venv module, nothing else. Everything lands in .venv.

.DEFAULT_GOAL := help
.PHONY: help setup demo check test format lock docs bench clean moved

environment := .venv
ready := $(environment)/.ready
tools := $(environment)/bin

# The interpreter that makes the environment: the first that is new enough and has venv. Another one: PYTHON=python3.12
PYTHON ?= $(shell for python in python3 python3.11 python3.12 python3.13 python3.14 python; do \
	"$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)

# Further words for `make demo`, `make test`, `make bench` and `make lock`: make demo ARGS="--once"
ARGS ?=

# The index settings of pip are the user's and are kept; what would send packages elsewhere than to .venv is not.
unexport PIP_TARGET PIP_PREFIX PIP_ROOT PIP_CONSTRAINT PIP_REQUIREMENT PIP_EDITABLE PIP_NO_BINARY PIP_DRY_RUN PIP_PYTHON
unexport PYTHONHOME PYTHONPATH UV_CONSTRAINT UV_OVERRIDE UV_NO_BINARY UV_NO_VERIFY_HASHES UV_TARGET UV_PREFIX UV_PYTHON
export PIP_USER := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export UV_SYSTEM_CERTS ?= 1

pip := $(tools)/python -m pip
# uv reads no settings of pip, so the index that pip would ask is handed over.
index_of_pip = $${PIP_INDEX_URL:-$$($(pip) config get global.index-url 2>/dev/null || true)}
uv = index="$(index_of_pip)"; \
	if test -n "$$index" && test -z "$${UV_DEFAULT_INDEX:-}$${UV_INDEX_URL:-}"; then export UV_DEFAULT_INDEX="$$index"; fi; \
	$(tools)/uv

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup: $(ready) ## make .venv with the locked packages; the command is then .venv/bin/tieout
	@echo "tieout is ready: $(tools)/tieout --help"

# A checkout that was moved or copied brings an environment that points elsewhere: it is made again.
ifneq "$(shell cat $(ready) 2>/dev/null)" "$(CURDIR)"
$(ready): moved
moved:
	@test ! -f $(ready) || rm -rf $(environment)
endif

$(ready): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "tieout needs Python 3.11 or newer with venv (on Debian: apt install python3-venv);" \
		"where it has another name: make setup PYTHON=/path/to/python3" >&2; exit 3; }
	@$(tools)/python -m pip --version >/dev/null 2>&1 || "$(PYTHON)" -m venv --clear $(environment)
	@echo "installing the packages of requirements.lock into $(environment)"
	@awk '/^[^ #]/ { wanted = /^uv==/ } wanted' requirements.lock > $(environment)/uv.lock
	@$(pip) install --quiet --no-deps --require-hashes -r $(environment)/uv.lock
	@$(uv) pip sync --quiet --python $(tools)/python --require-hashes requirements.lock || { \
		echo "uv could not install them; trying again with pip and its settings" >&2; \
		$(pip) install --quiet --no-deps --require-hashes -r requirements.lock; }
	@$(pip) install --quiet --no-deps --no-index --no-build-isolation --force-reinstall --editable .
	@printf '%s\n' "$(CURDIR)" > $@

demo: $(ready) ## reconcile the example company, print the result and where to look (ARGS="--once" stops there)
	@$(tools)/tieout demo $(ARGS)

pytest := $(tools)/pytest -n auto --maxprocesses 8 --dist loadgroup

# What needs no running of the program: format, lint, types, import contracts.
define static
	$(tools)/ruff format --check --output-format concise . || { echo "make format puts that right" >&2; exit 1; }
	$(tools)/ruff check .
	$(tools)/mypy
	$(tools)/lint-imports --no-logo
endef

# Folders without a quick test: collecting them costs the quick part seconds.
unhurried := $(addprefix --ignore=tests/,crossing dialects/monite platforms/tryton properties simulation)

check: $(ready) ## the quick part of `make test`, within a minute: for every save and commit
	$(static)
	$(pytest) -m "not slow" $(unhurried)

# Programs that only the suite asks, by the name of their package: installed where apt may, told of where it may not.
programs := hledger

define with_programs
	@for program in $(programs); do \
		command -v "$$program" >/dev/null && continue; \
		as=""; test "$$(id -u)" = 0 || as="sudo -n"; \
		if command -v apt-get >/dev/null && $$as true 2>/dev/null; then \
			echo "installing $$program, which the suite asks"; \
			DEBIAN_FRONTEND=noninteractive $$as apt-get install -y -qq "$$program" >/dev/null 2>&1 || { \
				$$as apt-get update -qq >/dev/null 2>&1; \
				DEBIAN_FRONTEND=noninteractive $$as apt-get install -y -qq "$$program" >/dev/null 2>&1; }; \
		fi; \
		command -v "$$program" >/dev/null || \
			echo "$$program is missing, so its tests are skipped; install it with: apt install $$program"; \
	done
endef

test: $(ready) ## everything: format, lint, types, import contracts, the whole suite
	$(with_programs)
	$(static)
	$(pytest) $(ARGS)

format: $(ready) ## put the code into shape and apply the safe corrections of the linter
	$(tools)/ruff check --fix-only --quiet .
	$(tools)/ruff format .

lock: $(ready) ## pin every package again after a change in pyproject.toml (ARGS="--upgrade" for newer versions)
	@$(uv) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --group dev $(ARGS) \
		--output-file requirements.lock pyproject.toml

docs: $(ready) ## write the generated pages of docs/ again
	$(tools)/python -m docs.generate

bench: $(ready) ## measure and print the table of docs/benchmarks.md
	@$(tools)/tieout bench $(ARGS)

clean: ## remove caches and build results; the environment stays
	rm -rf build dist .mypy_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks
	find . -path ./$(environment) -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
