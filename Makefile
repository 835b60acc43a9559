# One word for each thing. Everything runs in .venv, which is made from the locks when they have changed.
# More arguments for pytest: make test ARGS="tests/content -k publish". Another Python: make demo PYTHON=/path/to/python3.12

.PHONY: help demo test proof check bench format lock migration clean runtime dev
MAKEFLAGS += --no-print-directory
export PYTHON
ARGS ?=
WORKERS ?= 2
BIN = .venv/bin

help:
	@echo "make demo       start the demonstration on this machine; nothing else needs to be installed"
	@echo "make test       all tests (12 minutes or less)"
	@echo "make check      format, lint, types, imports and the rules of the house"
	@echo "make proof      the long runs: fuzz, model, kill and load; resumable, not part of CI"
	@echo "make bench      measure speed"
	@echo "make format     format all code"
	@echo "make lock       write the locks from requirements*.in; UPGRADE=1 takes newer versions"
	@echo "make migration  NAME=add_something: begin a new migration"
	@echo "make clean      remove what the tools made; data stays"

# Compiled once, the five processes of the demonstration start in half the time, also where Python may not write its caches by itself.
demo: runtime
	@$(BIN)/python -m compileall -q app
	@$(BIN)/agoat demo $(ARGS)

test: dev
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope $(ARGS)

check: dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q tests/rules

proof bench: dev
	@if [ -d tests/$@ ]; then $(BIN)/python -m pytest --timeout 0 tests/$@ $(ARGS); else echo "agoat: tests/$@ does not exist yet."; fi

format: dev
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

lock:
	@command -v uv >/dev/null || { echo "agoat: uv is missing. Install it: pipx install uv" >&2; exit 1; }
	@for part in requirements requirements-dev; do \
		uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
			$(if $(UPGRADE),--upgrade) $$part.in -o $$part.txt || exit 1; \
	done

migration: dev
	@test -n "$(NAME)" || { echo "agoat: say what the migration does: make migration NAME=add_colour_to_products" >&2; exit 1; }
	@newest=$$(ls migrations/versions | grep -E '^[0-9]{4}_' | sort | tail -1 | cut -c1-4); \
	$(BIN)/alembic revision --rev-id "$$(printf '%04d' $$((1$${newest:-0000} - 10000 + 1)))" -m "$(NAME)"

clean:
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist
	@find . -name node_modules -prune -o -name __pycache__ -type d -print | xargs rm -rf

runtime:
	@.ci/venv runtime

dev:
	@.ci/venv dev
