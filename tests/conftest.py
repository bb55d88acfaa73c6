"""What holds for every test: nothing is logged at WARNING, no thread and no process stays behind."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.log_tail import LogTail

GRACE_S = 15.0
"""How long a thread or a process may take to end after its test, where others have the processors."""
HELPERS = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")
"""Processes that Python keeps for itself."""

with contextlib.suppress(ImportError):  # not on a bare GPU machine
    from hypothesis import settings

    settings.register_profile("courtside", max_examples=60, deadline=None, derandomize=True)
    settings.load_profile("courtside")


def pytest_configure(config: pytest.Config) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background ignores it, with its children
    config.addinivalue_line("markers", "expects_log(pattern): log records of WARNING and above that may appear")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests for a GPU are skipped, with the reason, where there is none."""
    marked = [item for item in items if item.get_closest_marker("gpu")]
    if marked and not _has_gpu():
        for item in marked:
            item.add_marker(pytest.mark.skip(reason="no CUDA device here"))


def _has_gpu() -> bool:
    import torch

    return torch.cuda.is_available()


class _Warnings(logging.Handler):
    """Keeps what a user would be warned of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def _silent_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """A log record at WARNING or above fails the test, unless the test says that it belongs there."""
    handler = _Warnings()
    root = logging.getLogger()
    before = list(root.handlers)
    levels = {logger: logger.level for logger in (logging.getLogger("app"), logging.getLogger("core"))}
    root.addHandler(handler)
    yield
    root.removeHandler(handler)
    for added in [one for one in root.handlers if isinstance(one, LogTail) and one not in before]:
        root.removeHandler(added)  # a command that a test runs in this process keeps its last lines
    for logger, level in levels.items():
        logger.setLevel(level)
    expected = [mark.args[0] for mark in request.node.iter_markers("expects_log")]
    unexpected = [line for line in handler.lines if not any(re.search(pattern, line) for pattern in expected)]
    assert not unexpected, f"logged during the test: {unexpected}"


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    """A thread or a process that outlives its test fails it."""
    threads = set(threading.enumerate())
    children = _children()
    yield
    deadline = time.monotonic() + GRACE_S
    while (left := _left(threads, children)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not left, f"left behind: {left}"


def _left(threads: set[threading.Thread], children: dict[int, str]) -> list[str]:
    new = [thread for thread in threading.enumerate() if thread not in threads]
    late_threads = [
        thread.name for thread in new if not isinstance(thread, threading._DummyThread)
    ]  # those are not ours
    late_children = [f"{pid} {command}" for pid, command in _children().items() if pid not in children]
    return late_threads + late_children


def _children() -> dict[int, str]:
    """Processes started here and still alive: id -> command line. Empty where /proc does not tell."""
    found: dict[int, str] = {}
    for listing in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for pid in listing.read_text().split():
                command = Path("/proc", pid, "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if command and not any(helper in command for helper in HELPERS):  # a zombie has no command line
                    found[int(pid)] = command.strip()
    return found


@pytest.fixture
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a screen."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The root of the project."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def plain_environment(checkout: Path) -> dict[str, str]:
    """The environment of a command run from a test: this checkout, no display, no user's own folders."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH")}
    return {**kept, "PYTHONPATH": str(checkout), "PYTHONUNBUFFERED": "1"}
