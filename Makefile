# Two commands matter: `make run` and `make test`. Both set up what they need and may be run again at any time.
SHELL := /bin/bash
VENV ?= .venv
PY := $(VENV)/bin/python
export PYTHONDONTWRITEBYTECODE ?= 1

.PHONY: run test test-python test-js test-browser lint bench setup setup-dev browser-tools js-tools lighthouse-tools lock messages front clean

run: setup
	@exec $(PY) manage.py serve

test: setup-dev lint test-python test-js test-browser

lint: setup-dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports
	$(PY) -m mypy
	$(PY) manage.py makemigrations --check --dry-run

test-python: setup-dev
	$(PY) -m pytest -n 2 --dist loadfile -m "not browser"

test-js: js-tools
	@if command -v node >/dev/null; then cd static/src && npm run --silent check && npm run --silent test; \
	elif [ -n "$$CI" ]; then echo "Node is missing: the JavaScript tests can't run" >&2; exit 1; \
	else echo "*** NOT RUN: the JavaScript tests (no Node on this machine) ***" >&2; fi

test-browser: setup-dev browser-tools
	@if command -v chromium >/dev/null; then $(PY) -m pytest -m browser; \
	elif [ -n "$$CI" ]; then echo "Chromium is missing: the browser tests can't run" >&2; exit 1; \
	else echo "*** NOT RUN: the browser tests (no chromium on this machine) ***" >&2; fi

bench: setup-dev browser-tools js-tools lighthouse-tools
	@$(PY) -m bench

# --- set-up: each stamp is newer than what it was made from ---------------------------------------------------------
setup: $(VENV)/run.stamp
setup-dev: $(VENV)/dev.stamp

$(VENV)/bin/pip:
	@bash tools/make_venv.sh $(VENV)

$(VENV)/run.stamp: requirements.lock | $(VENV)/bin/pip
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock | $(VENV)/bin/pip
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/run.stamp

browser-tools:
	@bash tools/system_package.sh chromium chromium

js-tools:
	@bash tools/system_package.sh node nodejs npm
	@if command -v npm >/dev/null && [ ! -e static/src/node_modules/.package-lock.json -o static/src/package-lock.json -nt static/src/node_modules/.package-lock.json ]; then \
	  cd static/src && npm ci --no-audit --no-fund --loglevel=error && touch node_modules/.package-lock.json; fi

# A tool of the bench alone: 176 MB that nothing else needs.
lighthouse-tools: js-tools
	@if command -v npm >/dev/null && [ ! -e bench/lighthouse/node_modules/.package-lock.json -o bench/lighthouse/package-lock.json -nt bench/lighthouse/node_modules/.package-lock.json ]; then \
	  cd bench/lighthouse && npm ci --no-audit --no-fund --loglevel=error && touch node_modules/.package-lock.json; fi

front: js-tools
	cd static/src && npm run build

# Needs the gettext tools (apt: gettext). The result is committed: a fresh machine runs without them.
messages: setup-dev
	$(PY) manage.py makemessages -l en --no-location --no-wrap --no-obsolete -i var -i static -i tests -i bench -i tools
	msgfmt --check -o locale/en/LC_MESSAGES/django.mo locale/en/LC_MESSAGES/django.po

lock:
	uv pip compile -q pyproject.toml --extra postgres --generate-hashes --no-header --no-emit-index-url --python-version 3.11 --universal -o requirements.lock
	uv pip compile -q pyproject.toml --extra postgres --extra dev --generate-hashes --no-header --no-emit-index-url --python-version 3.11 --universal -o requirements-dev.lock

clean:
	rm -rf $(VENV) static/src/node_modules bench/lighthouse/node_modules
