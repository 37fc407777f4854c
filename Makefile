# Everything a newcomer or a machine needs: `make demo` to try it, `make test` to prove it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo run test test-everywhere lint bench chaos week replicas catalogs lock clean

demo: $(VENV)/.runtime
	$(BIN)/visita demo

run: $(VENV)/.runtime
	$(BIN)/visita run

test: lint
	$(BIN)/pytest

# The same with every conversation on PostgreSQL too, which takes some minutes more.
test-everywhere: lint
	$(BIN)/pytest --everywhere

# The benchmarks are checked as strictly as the rest, so their peers are there too.
lint: $(VENV)/.bench
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.bench
	$(BIN)/python -m bench

# The long form of the fault campaign; the short one is part of `make test`.
chaos: $(VENV)/.dev
	$(BIN)/python -m tests.chaos

# A busy week of an office, 200 visits at some twenty seconds of work each; with `make replicas` it makes docs/capacity.md.
week: $(VENV)/.bench
	$(BIN)/python -m bench.week

# One, two and three replicas that share ten thousand notices.
replicas: $(VENV)/.bench
	$(BIN)/python -m bench.replicas

# Collects the texts from the code into locales/messages.pot and carries them into every catalog.
catalogs: $(VENV)/.dev
	$(BIN)/python -m tests.catalogs update

# Only for maintainers, needs uv: works the locks out anew from pyproject.toml.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header -q -o locks/runtime.txt
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header -q -c locks/runtime.txt -o locks/dev.txt
	uv pip compile pyproject.toml --group bench --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header -q -c locks/dev.txt -o locks/bench.txt

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Visita needs Python 3.11 or newer; say which with PYTHON=...'; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: locks/runtime.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r locks/runtime.txt
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: locks/dev.txt $(VENV)/.runtime
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r locks/dev.txt
	@touch $@

# The queues that the benchmarks compare with.
$(VENV)/.bench: locks/bench.txt $(VENV)/.dev
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r locks/bench.txt
	@touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
