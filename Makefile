# The verbs of this project. A second call is fast: stamps in .venv remember what was installed.
#
#   make run    start the demo hub            make check  what guards the code: format, lint, types, floors, unit tests
#   make test   every test, journeys too      make fix    format and mend what a tool can mend
#   make bench  measure                       make docs   check the documentation and build it under build/docs
#   make setup  only install                  make lock   renew the lock files
#   make soak   500 devices, MINUTES=30       make fuzz   a million broken messages
#
#   make bench-quick    measure for a minute; CI does
#   make soak-commands  commands of every family to one board, MINUTES=10
#   make soak-stream    the documented ezeio client in its loop, MINUTES=10
#   make storm          five thousand clients dropped at once, and back
#   make autobahn       the Autobahn cases of RFC 6455: how many there are of each verdict

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Files of tests run side by side; of the boards' journeys two at a time: their programs measure milliseconds.
BESIDE := -n auto --dist loadfile
BOARDS := tests/journeys/test_obniz*.py
# `make test CHECKED=yes`, right after `make check`: what that has run is not run a second time.

.PHONY: setup run test check fix bench bench-quick soak soak-commands soak-stream storm fuzz autobahn docs clients lock clean

setup: .venv/.dev

run: .venv/.run
	$(BIN)/hardwire serve --demo $(ARGS)

test: .venv/.dev clients
ifdef ARGS
	$(BIN)/python -m pytest $(ARGS)
else
	$(BIN)/python -m pytest $(BESIDE) --ignore-glob='$(BOARDS)' $(if $(CHECKED),tests/journeys)
	$(BIN)/python -m pytest -n 2 --dist loadfile $(BOARDS)
endif

check: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -q $(BESIDE) --cov --cov-report= --ignore=tests/journeys $(ARGS)
	$(BIN)/coverage report --fail-under=100 --include='src/hardwire/model/*,src/hardwire/contracts/*,src/hardwire/dialects/*,src/hardwire/hub/*'

fix: .venv/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/.bench
	-$(BIN)/python scripts/clients node-ws
	$(BIN)/python -m bench $(ARGS)

bench-quick: .venv/.bench
	-$(BIN)/python scripts/clients node-ws
	$(BIN)/python -m bench --quick $(ARGS)

soak: .venv/.bench
	$(BIN)/python -m bench.soak --minutes $(or $(MINUTES),30) $(ARGS)

soak-commands: .venv/.dev
	$(BIN)/python -m bench.soak.commands --minutes $(or $(MINUTES),10) $(ARGS)

soak-stream: .venv/.dev
	$(BIN)/python -m bench.soak.stream --minutes $(or $(MINUTES),10) $(ARGS)

storm: .venv/.dev
	$(BIN)/python -m tests.journeys.storm $(ARGS)

fuzz: .venv/.dev
	$(BIN)/python -m tests.fuzz $(ARGS)
	$(BIN)/python -m tests.fuzz.sockets

autobahn: .venv/.dev
	$(BIN)/python -m tests.server.websocket.autobahn

docs: .venv/.dev
	$(BIN)/python scripts/openapi
	$(BIN)/python scripts/docs

clients: .venv/.dev
	$(BIN)/python scripts/clients

lock: .venv/.dev
	$(BIN)/python scripts/lock

clean:
	rm -rf .venv .cache build .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

.venv/.made:
	@test -n "$(PYTHON)" || { echo "Hardwire needs Python 3.11 or newer with venv (Debian: apt install python3 python3-venv)."; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

# What the hub runs on; the locks carry hashes, so nothing else gets in.
.venv/.run: .venv/.made pyproject.toml requirements/run.lock
	$(PIP) install -q --require-hashes -r requirements/run.lock
	$(PIP) install -q --no-deps --no-build-isolation -e .
	@touch $@

# What its developers use on top; where both locks name a package, they name the same version.
.venv/.dev: .venv/.run requirements/dev.lock
	$(PIP) install -q --require-hashes -r requirements/dev.lock
	@touch $@

# What measuring needs on top: what draws, and servers to compare with.
.venv/.bench: .venv/.dev requirements/bench.lock
	$(PIP) install -q --require-hashes -r requirements/bench.lock
	@touch $@
