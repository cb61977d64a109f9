# Everything sets itself up: `make demo` and `make test` are all a fresh clone needs.
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo site test torture check-site bench lint clean

demo: $(READY) ## the embedded fleet: scrape it, build its site, serve it
	$(BIN)/outages demo

site: $(READY) ## the real vendors: scrape, build, serve
	$(BIN)/outages update || test $$? = 1 # 1: most pages could not be read; the archive is drawn all the same
	$(BIN)/outages build
	$(BIN)/outages serve

test: $(READY)
	$(BIN)/python -m pytest -n auto --dist loadgroup

torture: $(READY) ## what may break, broken some hundred times: an hour and more, with strace every system call
	$(BIN)/python -m pytest -m torture -n auto

check-site: $(READY) ## the demo site under the checkers of markup, links, access and speed
	tests/site/install.sh $(abspath $(BIN))
	$(BIN)/python -m pytest tests/site tests/test_browser.py tests/test_publish.py tests/test_store.py -rs

BENCHES = quiet growth growth:--years import update build build:100000 bytes hugo memory
bench: $(READY) ## what the archive costs git, what runs, imports and builds cost; over an hour
	@missed=; for it in $(BENCHES); do \
		$(BIN)/python -m bench.$$(echo $$it | tr : ' ') || missed="$$missed $$it"; done; \
		test -z "$$missed" || { echo "Not reached:$$missed"; exit 1; }

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean:
	rm -rf $(VENV) .demo build

$(READY): pyproject.toml .ci/requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement .ci/requirements-dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
