# make run, make test, make quick, make walks, make prove, make bench, make pictures, make permissions, make lint. Python 3.11 with venv and pip is all they need.
PYTHON ?= python3
PORT ?= 8501
STORE ?= data/desk.duckdb
BROWSER ?= yes
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test quick walks prove bench pictures permissions lint lock chromium clean
.DELETE_ON_ERROR:

# The demo store is made under its own lock and only where no store is; a later start finds it.
run: $(VENV)/.run
	@test -e "$(STORE)" || $(BIN)/python -m core demo --store "$(STORE)"
	@echo "The desk opens at http://127.0.0.1:$(PORT). Its sign-in page shows the demo accounts of a demo store."
	@echo "Stop it with Ctrl+C."
	@umask 077; RIGHTSDESK_STORE="$(STORE)" PORT="$(PORT)" exec $(BIN)/python app.py

test: lint chromium
	@if [ "$(BROWSER)" = no ]; then \
		echo "=== BROWSER=no: the browser tests are LEFT OUT. This is not the full set. ==="; \
		$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not prove and not bench and not browser" || exit 1; \
		echo "=== BROWSER=no: the browser tests were LEFT OUT. ==="; \
	else \
		$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not prove and not bench and not walk"; \
	fi

# What can be known in two minutes: no browser, no process, no FEBRL people, no request played from end to end.
quick: lint
	$(BIN)/python -m pytest -n 2 -m "not prove and not bench and not browser and not process and not story"

# Every right from intake to its closing through the browser; access is in `make test` already.
walks: $(VENV)/.test chromium
	$(BIN)/python -m pytest -n 2 --dist load -m walk

prove: $(VENV)/.test
	$(BIN)/python -m pytest -s -m prove

bench: $(VENV)/.test
	$(BIN)/python -m pytest -s -m bench

# docs/permissions.md, printed from the table of acts; a test holds the two together.
permissions: $(VENV)/.test
	$(BIN)/python -m tests.law.permissions_page

pictures: $(VENV)/.test chromium
	$(BIN)/python -m tests.browser.pictures $(ARGS)

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/mypy

chromium: $(VENV)/.test
	@if [ "$(BROWSER)" != no ]; then PATH="$(CURDIR)/$(BIN):$$PATH" sh tests/browser/chromium.sh; fi

clean:
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis

# requirements.txt names what the desk uses itself, the locks every package beneath with the hashes of its files.
# `make lock` keeps the versions that still fit; `make lock UPGRADE=--upgrade` takes the newest that do.
lock:
	@test -x build/lock/bin/uv || { $(PYTHON) -m venv build/lock && build/lock/bin/python -m pip install --quiet --quiet uv==0.13.9; }
	build/lock/bin/uv pip compile $(LOCKING) requirements.txt --output-file requirements.lock
	build/lock/bin/uv pip compile $(LOCKING) --constraints requirements.lock requirements-dev.txt --output-file requirements-dev.lock

LOCKING := --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock" --quiet $(UPGRADE)

# A stamp tells that the locked packages are there; a changed lock installs again.
$(VENV)/.run: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --quiet --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.test: requirements-dev.lock $(VENV)/.run
	$(BIN)/python -m pip install --quiet --quiet --require-hashes -r requirements-dev.lock
	@touch $@
