# make run     the application (sets everything up first, once)
# make test    the tests that take seconds          make test-slow   those that take minutes
# make faults  sources, screens, disks and engines that fail, the long faults too: 100 kills, 50 hangs, 300 sudden ends
# make soak    the window for 12,000 rounds, then for an hour at live pace: does anything grow?
# make real    the tests with a browser, OBS and a sound server, which it installs first
# make fuzz    20,000 damaged inputs of each kind
# make check   lint, types, import contracts        make setup       only set up
# make dist    wheel and sdist, in dist/

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

# Unpinned, pip takes a CUDA build of several GB; the pinned one is a CPU build where there is no GPU.
TORCH := $(if $(shell command -v nvidia-smi),torch,torch==2.13.*)

QT := libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-image0 libxcb-randr0 libxcb-render-util0 libxcb-shape0 \
	libxcb-xkb1 libxkbcommon-x11-0 libegl1 libgl1 libfontconfig1 libdbus-1-3 libportaudio2 libflite1 fonts-dejavu-core
TESTS := espeak-ng xvfb dbus-daemon openbox picom trayer x11-utils x11-xserver-utils xdotool xterm mesa-utils
SYSTEM := $(QT) $(TESTS)
REAL := chromium obs-studio obs-plugins pulseaudio pulseaudio-utils libasound2-plugins \
	pipewire wireplumber gstreamer1.0-pipewire gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good dbus \
	desktop-file-utils appstream sway python3-gi gir1.2-gst-rtsp-server-1.0

FAST := "not slow and not real and not faults"
TESTS_OF_application := tests/app tests/courtside tests/faults
TESTS_OF_core := tests/architecture tests/core tests/gpu tests/parity

.PHONY: run test half-application half-core test-slow faults soak fuzz real check screenshots translations dist setup

run: setup
	$(BIN)/courtside

# Two halves at once, each shown as it ends: one computes while the other waits. What fails is run once more, alone.
test: setup
	@rm -rf .pytest_cache/application .pytest_cache/core
	@$(MAKE) --no-print-directory -k -j2 -O half-application half-core || for half in application core; do \
	[ -e .pytest_cache/$$half/passed ] || { echo "Failed beside everything else; once more, alone:"; \
	$(BIN)/pytest -m $(FAST) -o cache_dir=.pytest_cache/$$half --last-failed --last-failed-no-failures none; } || exit 1; done

half-application half-core: half-%:
	@$(BIN)/pytest -m $(FAST) -o cache_dir=.pytest_cache/$* $(TESTS_OF_$*) && touch .pytest_cache/$*/passed

test-slow: setup
	$(BIN)/pytest -m slow

faults: setup
	COURTSIDE_KILLS=100 COURTSIDE_HANGS=50 COURTSIDE_SUDDEN_ENDS=300 $(BIN)/pytest -s -m "not real" tests/faults

soak: setup
	xvfb-run -a $(BIN)/python -m tests.faults.soak --rounds 12000 --switch 500
	xvfb-run -a $(BIN)/python -m tests.faults.soak --minutes 60 --switch 300

fuzz: setup
	COURTSIDE_FUZZ_INPUTS=20000 $(BIN)/pytest -s tests/faults/test_fuzz.py

real: setup
	@missing=$$(for p in $(REAL); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	[ -z "$$missing" ] || { export DEBIAN_FRONTEND=noninteractive; \
	[ "$$(id -u)" = 0 ] && apt-get -qq update && apt-get -qq install -y --no-install-recommends $$missing >/dev/null; } || \
	echo "Tests with these are skipped: sudo apt-get install" $$missing
	$(BIN)/pytest -m real

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

screenshots: setup
	$(BIN)/python -m tests.screenshots

translations: setup
	$(BIN)/pyside6-lupdate -silent -no-obsolete -locations none -extensions py -tr-function-alias tr+=noop app -ts assets/translations/courtside_de.ts
	$(BIN)/pyside6-lrelease -silent assets/translations/courtside_de.ts

dist: setup
	$(BIN)/python -m build --no-isolation

setup: $(READY)

$(READY): pyproject.toml Makefile
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Courtside needs Python 3.11 or newer (make PYTHON=...)"; exit 1; }
	@command -v dpkg-query >/dev/null || exit 0; \
	missing=$$(for p in $(SYSTEM); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	$(PYTHON) -c 'import ensurepip' 2>/dev/null || missing="$$missing python3-venv"; \
	[ -z "$$(echo $$missing)" ] && exit 0; \
	export DEBIAN_FRONTEND=noninteractive; \
	if [ "$$(id -u)" = 0 ] && apt-get -qq update && apt-get -qq install -y --no-install-recommends $$missing >/dev/null; then exit 0; fi; \
	echo "System packages are missing; for the window and its tests: sudo apt-get install" $$missing
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet "$(TORCH)"
	$(BIN)/python -m pip install --quiet -e ".[dev]"
	@touch $@
