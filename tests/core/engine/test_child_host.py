"""How both hosts start from a hub id, tell how far they are, and are given up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.config import StreamConfig, resolve
from core.engine.child_host import ChildHost
from core.engine.host import InlineHost
from core.errors import CheckpointError, CourtsideError, EngineError
from core.messages import Line, Loading
from core.types import Chunk
from tests.hub_server import Hub, hub_on_this_machine
from tests.parity.checkpoints import frames, write_checkpoint
from tests.quiet_clock import quiet_s
from tests.waiting import PATIENCE_S

HOSTS = [InlineHost, ChildHost]
NAME = "owner/tiny"
PROMPT_S = 2.0


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    return write_checkpoint(folder, 4, layers=1, hidden=32, vision_layers=1, tied=True)


@pytest.fixture
def hub(checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    files = {file.name: file.read_bytes() for file in checkpoint.iterdir()}
    with hub_on_this_machine({NAME: {"main": files}}, tmp_path / "cache", monkeypatch) as hub:
        yield hub


@pytest.fixture
def config() -> StreamConfig:
    return resolve({"model": NAME, "device": "cpu", "size": "native", "greedy": True, "max_new_tokens": 4})


@pytest.mark.parametrize("make", HOSTS)
def test_a_hub_id_is_fetched_with_progress_and_spoken_by(make: type, hub: Hub, config: StreamConfig) -> None:
    said: list[Loading] = []
    host = make(config)
    try:
        ready = host.start(said.append)
        messages = list(host.step(Chunk(0, 0.0, 1.0, frames(0, 2, (56, 84), 9), 0.0)))
    finally:
        host.close()
    total = sum(map(len, hub.repos[NAME]["main"].values()))
    assert ready.model == NAME
    assert any(isinstance(message, Line) for message in messages)
    assert (said[0].stage, said[0].done_bytes, said[0].total_bytes) == ("downloading", 0, total)
    assert (said[-2].stage, said[-2].done_bytes) == ("downloading", total)
    assert (said[-1].stage, said[-1].total_bytes) == ("loading", total)


@pytest.mark.parametrize("make", HOSTS)
def test_an_interrupt_ends_a_download_at_once_and_the_next_start_resumes(
    make: type, hub: Hub, config: StreamConfig
) -> None:
    hub.hold.clear()
    hub.held_after = 12_000_000
    host = make(config)
    ended: list[float] = []

    def start() -> None:
        with pytest.raises(CourtsideError):
            host.start()
        ended.append(time.monotonic())

    thread = threading.Thread(target=start)
    thread.start()
    hub.wait_until_held()
    asked = time.monotonic()
    host.interrupt()
    if make is InlineHost:
        hub.hold.set()  # it looks between two pieces
    thread.join(PATIENCE_S)
    host.close()
    assert ended[0] - asked < PROMPT_S
    hub.hold.set()
    said: list[Loading] = []
    again = make(config)
    again.start(said.append)
    again.close()
    assert said[0].done_bytes > 10_000_000


@pytest.mark.parametrize("make", HOSTS)
def test_a_host_interrupted_before_its_start_does_not_start(make: type, hub: Hub, config: StreamConfig) -> None:
    host = make(config)
    host.interrupt()
    with pytest.raises(CourtsideError, match="stopped"):
        host.start()
    host.close()
    assert hub.bodies() == []


@pytest.mark.parametrize("make", HOSTS)
def test_an_incomplete_checkpoint_is_told_by_bytes(make: type, checkpoint: Path, tmp_path: Path) -> None:
    for file in checkpoint.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes()[:1_000_000])
    host = make(StreamConfig(model=str(tmp_path), device="cpu"))
    with pytest.raises(
        CheckpointError, match=r"Incomplete checkpoint: .*model\.safetensors has 1,000,000 of [\d,]+ byte"
    ):
        host.start()
    host.close()


def test_a_child_is_closed_at_once_while_it_loads(checkpoint: Path) -> None:
    host = ChildHost(StreamConfig(model=str(checkpoint), device="cpu"))

    def start() -> None:
        with pytest.raises(EngineError):
            host.start()

    thread = threading.Thread(target=start)
    thread.start()
    while host.process_id is None:
        time.sleep(0.01)
    begun = quiet_s()
    host.interrupt()
    thread.join(PATIENCE_S)
    host.close()
    assert quiet_s() - begun < PROMPT_S


def test_a_child_leaves_sigterm_to_its_parent(checkpoint: Path) -> None:
    host = ChildHost(resolve({"model": str(checkpoint), "device": "cpu", "size": "native", "max_new_tokens": 4}))
    stop = threading.Event()

    def terminate_all_the_time() -> None:
        while not stop.wait(0.01):
            if host.process_id is not None:
                os.kill(host.process_id, signal.SIGTERM)

    killer = threading.Thread(target=terminate_all_the_time)
    killer.start()
    try:
        host.start()
    finally:
        stop.set()
        killer.join()
    assert list(host.step(Chunk(0, 0.0, 1.0, frames(0, 2, (56, 84), 9), 0.0)))
    host.close()


LEFT_OPEN = """
from core.config import StreamConfig
from core.engine.child_host import ChildHost

if __name__ == "__main__":
    host = ChildHost(StreamConfig(device="cpu"))
    host.start()
    print(host.process_id)
"""


def test_a_program_that_closes_nothing_still_ends(tmp_path: Path, plain_environment: dict[str, str]) -> None:
    (tmp_path / "program.py").write_text(LEFT_OPEN)
    program = [sys.executable, str(tmp_path / "program.py")]
    ended = subprocess.run(program, env=plain_environment, timeout=60, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert not Path("/proc", ended.stdout.strip()).exists()
