# Two commands do everything: `make demo` runs kliping on a small newspaper, `make test` runs the tests (`make quick` those of the pure rooms).
# Both build .venv from requirements-dev.lock first; nothing is installed outside it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test quick lint format check lock clean

demo: $(READY)
	$(BIN)/kliping demo

test: $(READY)
	$(BIN)/python -m pytest -n auto --dist loadfile

# What starts no crawl, server or command: readers, plans, packs, schemas and the order of the house. For while one writes.
QUICK := tests/plan tests/discover tests/language tests/extract tests/archive/test_archive.py tests/archive/test_rows.py \
	tests/test_schemas.py tests/test_imports.py tests/test_fixtures.py tests/test_fixture_records.py tests/test_urls.py tests/test_text.py

quick: $(READY)
	$(BIN)/python -m pytest -q -n auto --dist loadfile $(QUICK)

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
