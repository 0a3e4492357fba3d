# Everything a newcomer needs; `make` alone lists the targets. Needs Python 3.11 or newer and nothing else.
PYTHON ?= python3
EXAMPLE ?= examples/runner_outer_knee.yaml
BIN := .venv/bin
LINTED := src tests benchmarks docs

# An environment is marked by what it was made from: other locks, another folder or another Python make a new one.
made_from = $(shell { cat $(1) pyproject.toml; echo '$(CURDIR)'; $(PYTHON) --version; } 2>&1 | cksum | cut -d ' ' -f 1)
CAN_RUN := .venv/can-run-$(call made_from,requirements.txt)
CAN_TEST := .venv/can-test-$(call made_from,requirements.txt requirements-dev.txt)

.PHONY: help run test check bench lock clean

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

run: $(CAN_RUN) ## Answer a shipped example case and write its report
	@$(BIN)/gerdy assess $(EXAMPLE) --report report.html
	@echo
	@echo "Open the report in any browser: $(CURDIR)/report.html"
	@echo "Your own case: $(BIN)/gerdy interview"

test: $(CAN_TEST) ## Run all tests
	$(BIN)/python -m pytest -n 2 -o faulthandler_timeout=300 -o faulthandler_exit_on_timeout=true

check: $(CAN_TEST) ## Lint, check types, and check which room imports which
	$(BIN)/ruff check $(LINTED)
	$(BIN)/ruff format --check $(LINTED)
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: ## Say how to run the benchmarks
	@echo "Each is a program that prints its result (first: make test, for the environment):"
	@for file in benchmarks/*.py; do \
	  grep -q '^if __name__' $$file && sed -n '1s/^"""\(.*[^"]\)\(""".*\)\{0,1\}$$/\1/p' $$file \
	    | sed "s#^#  $(BIN)/python $$file\n      #"; \
	done; true

lock: ## Choose versions anew and write both lock files (needs the tool uv)
	.ci/lock

clean: ## Remove the environment and everything made by a run
	rm -rf .venv report.html build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

define install
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
  { echo "Gerdy needs Python 3.11 or newer; name one, for example: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || \
  { echo "This Python cannot make environments; on Debian: sudo apt install python3-venv"; exit 1; }
$(PYTHON) -m venv --clear .venv
$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
endef

$(CAN_RUN):
	$(call install,requirements.txt)
	@touch $@

$(CAN_TEST):
	$(call install,requirements-dev.txt)
	@touch $@ $(CAN_RUN)
