"""Both hosts behave alike; a child that dies is one clear error."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest

from core.config import StreamConfig, resolve
from core.engine.child_host import ChildHost
from core.engine.engine_process import ChunkUpdate
from core.engine.host import InlineHost
from core.errors import CheckpointError, EngineError
from core.messages import Ask, Line, Piece, Stats
from core.types import Chunk
from tests.parity.checkpoints import frames, write_checkpoint

HOSTS = [InlineHost, ChildHost]


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> StreamConfig:
    path = write_checkpoint(tmp_path_factory.mktemp("model"), 4, layers=2, vision_layers=2)
    return resolve({"model": str(path), "device": "cpu", "size": "native", "greedy": True, "max_new_tokens": 6})


def chunk(n: int) -> Chunk:
    return Chunk(n, float(n), n + 1.0, frames(n, 2, (56, 84), 9), 0.0)


def spoken(host: InlineHost | ChildHost) -> list[tuple[int, ...]]:
    """The tokens of three rounds, with a question before the third."""
    lines = []
    for n in range(3):
        if n == 2:
            host.send(Ask("Commentate on this match"))
        messages = list(host.step(chunk(n)))
        assert isinstance(messages[-1], Stats)
        assert isinstance(messages[-2], Line)
        assert all(isinstance(m, Piece) for m in messages[:-2])
        lines.append(messages[-2].tokens)
    return lines


def test_both_hosts_say_the_same(config: StreamConfig) -> None:
    said = []
    for make in HOSTS:
        host = make(config)
        ready = host.start()
        assert (ready.device, ready.dtype) == ("cpu", "float32")
        said.append(spoken(host))
        host.close()
    assert said[0] == said[1]


@pytest.mark.parametrize("make", HOSTS)
def test_what_was_met_changes_no_word(make: type, config: StreamConfig) -> None:
    """Not even where the stream's pictures have another size after all."""
    said = []
    for picture in (None, chunk(0).frames[0], np.zeros((140, 84, 3), np.uint8)):
        host = make(config)
        host.start()
        if picture is not None:
            host.prepare_shapes(picture)
        said.append(spoken(host))
        host.close()
    assert said[0] == said[1] == said[2]


@pytest.mark.parametrize("make", HOSTS)
def test_what_a_host_was_shown_before_is_said_the_same(make: type, config: StreamConfig) -> None:
    """A chunk that never became complete, frames of another size and a command in between, too."""
    ahead = make(replace(config, fps=6))
    whole = InlineHost(replace(config, fps=6))
    said: list[list[tuple[int, ...]]] = []
    for host in (ahead, whole):
        host.start()
        said.append([])
        for n in range(5):
            pictures = tuple(frames(n, 6, (56, 84), 9))
            now = Chunk(n, float(n), n + 1.0, pictures, 0.0)
            if host is ahead:
                host.prefill_ahead(replace(now, index=77, frames=tuple(frames(9, 2, (56, 84), 9))))
                for count in (1, 2, 4, 5):
                    host.prefill_ahead(replace(now, frames=pictures[:count]))
            if n == 3:
                host.send(Ask("Commentate on this match"))
            *_, line, stats = host.step(now)
            said[-1].append(line.tokens)
            assert (stats.ahead_s > 0) == (host is ahead and n != 3)
        host.close()
    assert said[0] == said[1]


def test_a_child_is_sent_each_frame_once(config: StreamConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    host = ChildHost(replace(config, fps=6))
    host.start()
    sent = []
    send = Connection.send

    def recorded(pipe: Connection, message: object) -> None:
        if isinstance(message, ChunkUpdate):
            sent.append((message.sent, len(message.chunk.frames)))
        send(pipe, message)

    monkeypatch.setattr(Connection, "send", recorded)
    pictures = tuple(frames(0, 6, (56, 84), 9))
    now = Chunk(0, 0.0, 1.0, pictures, 0.0)
    for count in (1, 2, 5):
        host.prefill_ahead(replace(now, frames=pictures[:count]))
    list(host.step(now))
    host.prefill_ahead(replace(now, frames=pictures[:2]))
    list(host.step(replace(now, frames=tuple(frames(0, 6, (84, 56), 9)))))
    host.close()
    assert sent == [(0, 1), (1, 1), (2, 3), (5, 1), (0, 2), (0, 6)]


@pytest.mark.parametrize("make", HOSTS)
def test_memory_that_runs_out_while_looking_is_one_clear_error(make: type, config: StreamConfig) -> None:
    host = make(replace(config, fps=4, size=(28 * 10**6, 28 * 10**6)))
    host.start()
    pictures = tuple(frames(0, 4, (56, 84), 9))

    def watch() -> None:
        host.prefill_ahead(Chunk(0, 0.0, 1.0, pictures[:2], 0.0))
        list(host.step(Chunk(0, 0.0, 1.0, pictures, 0.0)))

    with pytest.raises(EngineError, match="Out of memory"):
        watch()
    host.close()


@pytest.mark.parametrize("make", HOSTS)
def test_memory_that_runs_out_before_the_first_round_is_one_clear_error(make: type, config: StreamConfig) -> None:
    host = make(replace(config, cache=replace(config.cache, sink_tokens=10**10)))
    host.start()
    with pytest.raises(EngineError, match="Out of memory"):
        host.prepare_shapes(chunk(0).frames[0])
    host.close()


def test_what_was_loaded_is_not_looked_through_for_garbage(config: StreamConfig) -> None:
    before = gc.get_freeze_count()
    host = InlineHost(config)
    host.start()
    assert gc.get_freeze_count() > before + 1000
    host.close()
    assert not gc.get_freeze_count()


@pytest.mark.parametrize("make", HOSTS)
def test_what_loading_raises_comes_out(make: type, tmp_path: Path) -> None:
    host = make(StreamConfig(model=str(tmp_path / "nowhere"), device="cpu"))
    with pytest.raises(CheckpointError):
        host.start()
    host.close()


def test_a_child_that_is_killed_is_one_clear_error(config: StreamConfig) -> None:
    host = ChildHost(config)
    host.start()
    pid = host.process_id
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(EngineError, match=r"killed \(SIGKILL\)"):
        list(host.step(chunk(0)))
    host.close()


LITTLE_MEMORY = """
import resource

import core.engine.loading
from core.config import StreamConfig
from core.engine.host import InlineHost
from core.errors import EngineError

with open("/proc/self/statm") as figures:
    taken = int(figures.read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (taken + 60_000_000, taken + 60_000_000))
try:
    InlineHost(StreamConfig(device="cpu")).start()
except EngineError as error:
    print(error)
"""


def test_memory_that_runs_out_while_loading_is_one_clear_error(plain_environment: dict[str, str]) -> None:
    said = subprocess.run([sys.executable, "-c", LITTLE_MEMORY], env=plain_environment, capture_output=True, text=True)
    assert (said.stderr, said.stdout[:14]) == ("", "Out of memory:")


@pytest.mark.parametrize("make", HOSTS)
def test_memory_that_runs_out_is_one_clear_error(make: type, config: StreamConfig) -> None:
    host = make(replace(config, cache=replace(config.cache, sink_tokens=10**10)))
    host.start()
    with pytest.raises(EngineError, match=r"Out of memory: .*set a memory limit"):
        list(host.step(chunk(0)))
    host.close()


@pytest.mark.parametrize("make", HOSTS)
def test_closing_twice_or_unstarted_is_no_error(make: type, config: StreamConfig) -> None:
    host = make(config)
    host.close()
