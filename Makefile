# `make demo` shows the whole way of a message, `make run` starts work, `make test` proves it.
# Each builds its own environment in .venv from requirements.lock first.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo run test lint format model curves bench bench-store corpus mutants soak lock clean
.DEFAULT_GOAL := demo

# The stamp carries the lock and the project's own metadata: either changes, the environment follows.
.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "privacy-intake needs Python 3.11 or newer (PYTHON=/path/to/python3 make ...)"; exit 1; }
	@echo "building the environment in .venv (once) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: .venv/ready
	@$(BIN)/privacy-intake demo $(if $(EXIT),--exit)

run: .venv/ready
	@$(BIN)/privacy-intake run

# GATE=1 turns every skip into a failure and adds the slow and crash suites; what measures time comes after. Four workers: they mostly wait.
test: .venv/ready
	@PYTHONHASHSEED=0 $(BIN)/pytest -n 4 --dist loadfile $(if $(GATE),--gate -m "not quiet") $(ARGS)
	@$(if $(GATE),$(BIN)/pytest --gate -m quiet $(ARGS))

lint: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

model: .venv/ready
	@$(BIN)/privacy-intake train

# What the size of the corpus and each component are worth: a table and two pictures in REPORT, after ten minutes.
curves: .venv/ready
	@$(BIN)/python -m intents.curves $(or $(REPORT),build/report)

bench: .venv/ready
	@$(BIN)/python -m tests.bench

# For MINUTES: mail at an even pace, memory and open files watched, nothing lost.
soak: .venv/ready
	@$(BIN)/python -m tests.bench.soak --minutes $(or $(MINUTES),20)

# What is made of the public corpus of mail, where it is at hand.
corpus: .venv/ready
	@$(BIN)/pytest -q -s tests/mail/test_public_corpus.py

bench-store: .venv/ready
	@$(BIN)/python -m tests.bench.store
	@$(BIN)/python -m tests.bench.grown

# Half an hour, on a copy in build/mutants; what survives and why it may is in tests/mutation.md.
MUTANTS := build/mutants

mutants:
	@rm -rf $(MUTANTS)
	@$(PYTHON) -m venv $(MUTANTS)/venv
	@$(MUTANTS)/venv/bin/pip install --quiet --require-hashes -r requirements.lock
	@$(MUTANTS)/venv/bin/pip install --quiet mutmut==3.8.1 cosmic-ray==8.7.0
	@cp -r bot intents replies store tests pyproject.toml $(MUTANTS)
	cd $(MUTANTS) && venv/bin/mutmut run --max-children 2 && venv/bin/mutmut results
	cd $(MUTANTS) && export PATH="$$PWD/venv/bin:$$PATH" && cosmic-ray init tests/cosmic-ray.toml law.sqlite && \
	  cosmic-ray exec tests/cosmic-ray.toml law.sqlite && cr-report --surviving-only --show-diff law.sqlite

# Exact versions with hashes for every Python from 3.11 on; needs `uv`.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
	  --extra dev pyproject.toml -o requirements.lock

clean:
	rm -rf .venv build *.egg-info
