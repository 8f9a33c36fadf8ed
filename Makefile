# The two commands: `make demo` runs the main job, `make test` passes the tests.
PYTHON ?= python3
VENV := .venv
STAMP := $(VENV)/.installed

.PHONY: demo test e2e fleet install lock audit golden schemas bench

demo: install
	$(VENV)/bin/graft render
	$(VENV)/bin/graft check
	$(VENV)/bin/graft run transfer-learning

# A process for every core, four at most: each imports TensorFlow, 1 GB. One that crashes is not replaced: its test would crash the next.
test: install
	$(VENV)/bin/python -m pytest --numprocesses=logical --maxprocesses=4 --max-worker-restart=0

# The tests on real clusters, Argo CD too, and beside the oracles: builds what they need once (half an hour), and fails where that cannot be had.
# With Argo Workflows' binaries (ARGO_WORKFLOWS_BIN) every case runs on a node, 11 minutes more: E2E="-m 'not node'" goes without.
e2e: install
	GRAFT_E2E=1 $(VENV)/bin/python -m pytest tests/e2e tests/oracles --numprocesses=2 --dist=loadgroup --no-loadscope-reorder -o faulthandler_timeout=0 $(E2E)

# Real clusters and Argo CD, delivering what is committed here, until Ctrl-C.
fleet: install
	@$(VENV)/bin/python tests/e2e/fleet.py

install: $(STAMP)

# uv comes first, at the locked version and hash, because it installs the rest four times faster than pip.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; (3, 11) <= sys.version_info < (3, 14) or sys.exit("graft needs Python 3.11 to 3.13: name one by make PYTHON=...")'
	$(PYTHON) -m venv $(VENV)
	awk '/^[^ #]/ { uv = /^uv==/ } uv' requirements.lock > $(VENV)/uv.lock
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement $(VENV)/uv.lock
	VIRTUAL_ENV=$(VENV) $(VENV)/bin/uv pip sync --quiet --require-hashes requirements.lock
	VIRTUAL_ENV=$(VENV) $(VENV)/bin/uv pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# The environment's lock; then one beside the requirements of each image, for the base image's Python on Linux on x86_64,
# at the versions of the environment's, so that a run here and an image hold the same.
COMPILE := $(VENV)/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links
IMAGE_PYTHON = $(shell sed -n 's/^ARG PYTHON_IMAGE=.*python:\([0-9]*\.[0-9]*\).*/\1/p' components/shared/Dockerfile)

lock:
	$(COMPILE) --universal --python-version 3.11 --no-header --all-extras pyproject.toml --output-file requirements.lock
	for each in components/*/requirements.txt; do $(COMPILE) --no-strip-extras --constraint requirements.lock \
		--python-version $(IMAGE_PYTHON) --python-platform linux $$each --output-file $${each%.txt}.lock || exit 1; done

# What is wrong with the locked packages by what is known today: withdrawn, changed at the registry, vulnerable.
audit: install
	$(VENV)/bin/python -m generators.catalogue.audit; found=$$?; $(VENV)/bin/pip-audit --strict --disable-pip --require-hashes \
		--progress-spinner off $(addprefix --requirement=,requirements.lock $(wildcard components/*/requirements.lock)) \
		&& exit $$found

# Rewrites the expected output of the tests; read the difference before committing it.
golden:
	$(VENV)/bin/graft render --repo tests/tiny

# Derives the schemas of files as written from schemas/merged/.
schemas:
	$(VENV)/bin/python -m generators.fleet.derived_schemas

# Measures every claim of speed beside a peer, and writes benchmarks/RESULTS.md.
bench: install
	$(VENV)/bin/python -m benchmarks
