# Everything needs only python3.11 (or newer) with pip and venv; the rest is installed into .venv, once.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest --quiet
UV := $(BIN)/uv --no-config
INSTALL := $(UV) pip install --quiet --compile-bytecode --require-hashes --python $(BIN)/python
# With the pip that is there, which takes half the time; one from before 2022 cannot reach into .venv,
# and then .venv gets its own.
BOOTSTRAP := install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
COMPILE := $(UV) pip compile --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet

.PHONY: run test e2e bench calibrate peers chaos fuzz check format audit lock

run: $(VENV)/.runtime
	@exec $(BIN)/python manage.py up --port $(PORT) $(if $(filter 0,$(DEMO)),--no-demo)

# Dozens of processes import the same modules: each is compiled once, whatever the shell says.
test e2e: export PYTHONDONTWRITEBYTECODE =

test: $(VENV)/.dev
	$(PYTEST) --numprocesses=2 --dist=worksteal
	TEST_DATABASE=postgres $(PYTEST) -m postgres
	$(PYTEST) tests/e2e -m e2e

e2e: $(VENV)/.dev
	$(PYTEST) tests/e2e -m e2e

bench: $(VENV)/.dev
	$(BIN)/python -m bench

# About five minutes: what the best of a portfolio promise and what they bring, where the truth is known.
calibrate: $(VENV)/.dev
	$(BIN)/python -m bench.calibrate $(CALIBRATE)

# Other packages that do the same work; with them, make bench measures them side by side.
peers: $(VENV)/.dev
	$(INSTALL) -r requirements-bench.txt

# Takes minutes. Longer with, for example, make chaos CHAOS="--kills 50 --outage 60 --restarts 20"
chaos: $(VENV)/.dev
	$(BIN)/python -m chaos --prove
	$(BIN)/python -m chaos $(CHAOS)
	$(BIN)/python -m chaos crowd $(CHAOS)

# Takes minutes. Longer with, for example, make fuzz FUZZ="--files 20000 --cases 100000"
fuzz: $(VENV)/.dev
	$(BIN)/python -m fuzz $(FUZZ)

check: $(VENV)/.dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/python manage.py makemigrations --check --dry-run

format: $(VENV)/.dev
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

audit: $(VENV)/.dev
	$(BIN)/pip-audit --strict --require-hashes --disable-pip --requirement requirements.txt

lock: $(VENV)/.uv
	$(COMPILE) requirements-uv.in --output-file requirements-uv.txt
	$(COMPILE) requirements.in --output-file requirements.txt
	$(COMPILE) requirements-dev.in --output-file requirements-dev.txt
	$(COMPILE) requirements-bench.in --output-file requirements-bench.txt

# Each stamp is newer than the lock file it was installed from: a second run installs nothing.
$(VENV)/.uv: requirements-uv.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install python3 with venv, or run make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv --without-pip $(VENV)
	@$(PYTHON) -m pip --python $(BIN)/python $(BOOTSTRAP) 2> /dev/null \
		|| { $(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip $(BOOTSTRAP); }
	@touch $@

$(VENV)/.runtime: $(VENV)/.uv requirements.txt
	$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.txt
	$(INSTALL) -r requirements-dev.txt
	@touch $@
