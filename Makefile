# Two commands do everything: `make demo` runs kliping on a small newspaper, `make test` runs the tests.
# Both build .venv from requirements-dev.lock first; nothing is installed outside it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test lint format check lock clean

demo: $(READY)
	$(BIN)/kliping demo

test: $(READY)
	$(BIN)/python -m pytest -n auto --dist loadfile

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

check: lint test

$(READY): requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $(READY)

# Needs uv (any recent version); versions and hashes only, so it works with any package index.
lock:
	uv pip compile pyproject.toml --group dev $(foreach extra,serve parquet warc near coding metrics notebook cluster,--extra $(extra)) --generate-hashes --universal --python-version 3.11 \
		--no-emit-index-url --no-header --no-annotate --upgrade -o requirements-dev.lock
	printf "cython\nhatchling\n" | uv pip compile pyproject.toml - $(foreach extra,serve parquet warc near coding metrics cluster,--extra $(extra)) --generate-hashes --universal --python-version 3.11 \
		--no-emit-index-url --no-header --no-annotate -c requirements-dev.lock -o deploy/requirements.lock

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
