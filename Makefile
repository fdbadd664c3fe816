# make run, make test, make quick, make walks, make prove, make bench, make pictures, make lint. Python 3.11 with venv and pip is all they need.
PYTHON ?= python3
PORT ?= 8501
STORE ?= data/desk.duckdb
BROWSER ?= yes
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test quick walks prove bench pictures lint chromium clean
.DELETE_ON_ERROR:

# The demo store is made under its own lock and only where no store is; a later start finds it.
run: $(VENV)/.run
	@test -e "$(STORE)" || $(BIN)/python -m core demo --store "$(STORE)"
	@echo "The desk opens at http://127.0.0.1:$(PORT). Its sign-in page shows the demo accounts of a demo store."
	@echo "Stop it with Ctrl+C."
	@umask 077; RIGHTSDESK_STORE="$(STORE)" PORT="$(PORT)" exec $(BIN)/python -m uvicorn app:app --host 127.0.0.1 \
		--port "$(PORT)" --no-access-log --no-server-header --log-level warning

test: lint chromium
	@if [ "$(BROWSER)" = no ]; then \
		echo "=== BROWSER=no: the browser tests are LEFT OUT. This is not the full set. ==="; \
		$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not prove and not bench and not browser" || exit 1; \
		echo "=== BROWSER=no: the browser tests were LEFT OUT. ==="; \
	else \
		$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not prove and not bench and not walk"; \
	fi

# What can be known in two minutes: no browser, no process, no FEBRL people.
quick: lint
	$(BIN)/python -m pytest -n 2 -m "not prove and not bench and not browser and not process"

# Every right from intake to its closing through the browser; access is in `make test` already.
walks: $(VENV)/.test chromium
	$(BIN)/python -m pytest -n 2 --dist load -m walk

prove: $(VENV)/.test
	$(BIN)/python -m pytest -s -m prove

bench: $(VENV)/.test
	$(BIN)/python -m pytest -s -m bench

pictures: $(VENV)/.test chromium
	$(BIN)/python -m tests.browser.pictures $(ARGS)

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/mypy

chromium: $(VENV)/.test
	@if [ "$(BROWSER)" != no ]; then PATH="$(CURDIR)/$(BIN):$$PATH" sh tests/browser/chromium.sh; fi

clean:
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis

# A stamp tells that the pinned packages are there; a changed list installs again.
$(VENV)/.run: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --quiet -r requirements.txt
	@touch $@

$(VENV)/.test: requirements.txt requirements-dev.txt $(VENV)/.run
	$(BIN)/python -m pip install --quiet --quiet -r requirements-dev.txt
	@touch $@
