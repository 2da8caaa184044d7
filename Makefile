# Two commands do everything: `make init` makes a project, `make test` runs the tests.

PYTHON ?= python3
# Where `make init` puts the project, and any flags for it: make init ARGS="--name shop --runtime python3.14"
INTO ?= projects
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# Each test's project stays with one process, which makes it once.
PYTEST := $(BIN)/python -m pytest --numprocesses 2 --dist loadgroup

.PHONY: init check quick test proof parity lint schemas bench bench-images wheel tools clean

init: $(VENV)/installed
	@if [ -t 0 ] && [ -t 1 ]; then \
	  $(BIN)/sam-scaffold init --output-dir "$(INTO)" $(ARGS); \
	else \
	  $(BIN)/sam-scaffold init --output-dir "$(INTO)" --defaults $(ARGS); \
	fi

# What to run again and again: no engine, no toolchains, two minutes.
check: lint quick

quick: $(VENV)/developing
	$(PYTEST) -m "not (toolchain or image or slow or proof)" $(ARGS)

test: $(VENV)/developing
	$(PYTEST) $(ARGS)

# Runs what the README's table tells of, what `make test` leaves out among it, and writes the table.
proof: $(VENV)/developing
	$(PYTEST) -m "" --junitxml .proof.xml tests/test_cells.py tests/test_generated.py tests/test_images.py tests/test_web.py \
	  tests/test_buildkit.py
	$(BIN)/python tests/proof.py .proof.xml

# Runs each combination of `sam init` with the flags that a script has for it, and writes the sums into docs/sam-init.md.
parity: $(VENV)/developing
	$(BIN)/python tests/parity.py

lint: $(VENV)/developing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

schemas: $(VENV)/installed
	$(BIN)/python -c 'import json; from scaffold import answers, custom_answers; from scaffold.catalogue import Catalogue; \
	  from scaffold.workshop import manifest, report; \
	  answers.SCHEMA.write_text(json.dumps(answers.schema(Catalogue()), indent=2) + "\n"); \
	  custom_answers.SCHEMA.write_text(json.dumps(custom_answers.schema(), indent=2) + "\n"); \
	  manifest.SCHEMA.write_text(manifest.dump_schema(Catalogue())); \
	  report.SCHEMA.write_text(report.dump_schema())'

bench: $(VENV)/developing
	$(BIN)/python bench/bench.py

# ARGS="'go-*-amazon' 'rust-*'" measures some; ARGS=--readme writes the table of all into README.md.
bench-images: $(VENV)/developing
	$(BIN)/python bench/images.py $(ARGS)

wheel: $(VENV)/developing
	$(BIN)/python -m build --outdir dist

# What the tests of generated projects use beside each language's own toolchain, and Node.js as the newest runtime has it.
# aws-sam-cli gets an environment of its own, since it pins the libraries that are used here as well.
tools: .tools/installed

.tools/installed:
	@echo "Installing sam, uv, cargo-lambda, golangci-lint, actionlint, syft, buildx and Node.js 24 into .tools …"
	@$(PYTHON) -m venv .tools/venv
	@.tools/venv/bin/python -m pip --disable-pip-version-check --quiet install --upgrade pip
	@.tools/venv/bin/python -m pip --disable-pip-version-check --quiet install aws-sam-cli uv cargo-lambda ziglang
	@mkdir -p .tools/bin
	@for tool in sam uv cargo-lambda; do ln -sf ../venv/bin/$$tool .tools/bin/$$tool; done
	@ln -sf ../venv/bin/python-zig .tools/bin/zig  # what cargo-lambda links with
	@for tool in github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0 \
	  github.com/rhysd/actionlint/cmd/actionlint@v1.7.12 github.com/anchore/syft/cmd/syft@v1.57.1; do \
	  name=$${tool##*/}; \
	  if command -v go > /dev/null && [ ! -x ".tools/bin/$${name%@*}" ]; then \
	    GOBIN=$(CURDIR)/.tools/bin go install "$$tool" || exit; \
	  fi; \
	done
	@if command -v go > /dev/null && [ ! -x .tools/bin/docker-buildx ]; then \
	  GOBIN=$(CURDIR)/.tools/bin go install github.com/docker/buildx/cmd/buildx@v0.38.2 && \
	  mv .tools/bin/buildx .tools/bin/docker-buildx; \
	fi
	@if command -v npm > /dev/null; then \
	  npm install --silent --no-save --prefix .tools/node node@24 && \
	  ln -sf ../node/node_modules/node/bin/node .tools/bin/node; \
	fi
	@touch $@

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "sam-scaffold needs Python 3.11 or later: make PYTHON=python3.x")'
	@echo "Installing into $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --upgrade pip

$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	@$(PIP) install --editable .
	@touch $@

$(VENV)/developing: pyproject.toml | $(VENV)/installed
	@$(PIP) install --group dev
	@touch $@

clean:
	rm -rf $(VENV) .tools dist projects
