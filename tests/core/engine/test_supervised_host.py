"""An engine process that is killed, stopped or crashes again and again: the stream goes on, or says why not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from core.config import StreamConfig, resolve
from core.engine import supervised_host
from core.engine.child_host import ChildHost
from core.engine.supervised_host import RESTARTS, SupervisedHost
from core.engine.watchdog import ROUND
from core.errors import EngineError
from core.messages import Adjust, Ask, Failure, Gap, Line, Message, Piece, Restore, Stats
from core.types import Chunk
from tests.parity.checkpoints import frames, write_checkpoint
from tests.quiet_clock import quiet_s
from tests.waiting import until


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> StreamConfig:
    folder = write_checkpoint(tmp_path_factory.mktemp("model"), 4, layers=1, hidden=32, vision_layers=1, tied=True)
    return resolve({"model": str(folder), "device": "cpu", "size": "native", "greedy": True, "max_new_tokens": 4})


@pytest.fixture
def host(config: StreamConfig) -> Iterator[SupervisedHost]:
    host = SupervisedHost(config)
    host.start()
    yield host
    host.close()


def chunk(number: int) -> Chunk:
    return Chunk(number, float(number), number + 1.0, tuple(frames(number, 2, (56, 84), 9)), 0.0)


def step(host: SupervisedHost, number: int) -> list[Message]:
    return list(host.step(chunk(number)))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_killed_engine_is_started_again_and_remembers(host: SupervisedHost, number: signal.Signals) -> None:
    for n in range(3):
        step(host, n)
    before = host.memory
    assert before is not None
    old = host.process_id
    assert old is not None
    os.kill(old, number)
    failure, gap = step(host, 3)
    assert isinstance(failure, Failure)
    assert not failure.fatal
    assert number.name in failure.message
    assert gap == Gap(3.0, 4.0, supervised_host.RESTARTED)
    assert host.process_id != old
    *_, line, stats = step(host, 4)
    assert isinstance(line, Line)
    assert isinstance(stats, Stats)
    assert line.round == stats.round == 4
    after = host.memory
    assert after is not None
    assert after.previous_text[: len(before.previous_text)] == before.previous_text


def test_an_engine_killed_between_rounds_loses_none(host: SupervisedHost) -> None:
    step(host, 0)
    assert host.process_id is not None
    os.kill(host.process_id, signal.SIGKILL)
    part = chunk(1)
    told: list[Message] = []
    until(lambda: told.extend(host.prefill_ahead(replace(part, frames=part.frames[:1]))) or told, "the end is noticed")
    (failure,) = told
    assert isinstance(failure, Failure)
    *_, line, stats = step(host, 1)
    assert isinstance(line, Line)
    assert isinstance(stats, Stats)
    assert line.round == stats.round == 1


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_an_engine_that_ends_while_it_loads_is_started_again(config: StreamConfig, number: signal.Signals) -> None:
    host = SupervisedHost(config)
    said: list[object] = []

    def struck() -> None:
        end = time.monotonic() + 20
        while host.process_id is None and time.monotonic() < end:
            time.sleep(0.01)
        assert host.process_id is not None
        time.sleep(0.3)
        os.kill(host.process_id, number)

    striker = threading.Thread(target=struck)
    striker.start()
    host.start(said.append)
    striker.join()
    assert [one.title for one in said if isinstance(one, Failure)] == [supervised_host.AGAIN]
    assert isinstance(step(host, 0)[-1], Stats)
    host.close()


def test_a_stopped_engine_is_noticed_within_five_seconds(host: SupervisedHost) -> None:
    step(host, 0)
    assert host.process_id is not None
    os.kill(host.process_id, signal.SIGSTOP)
    rounds = host.step(chunk(1))
    begun = quiet_s()
    failure = next(rounds)
    assert quiet_s() - begun < 5
    assert isinstance(failure, Failure)
    assert "hung" in failure.message
    assert isinstance(list(rounds)[-1], Gap)
    assert isinstance(step(host, 2)[-1], Stats)


def test_a_stopped_engine_that_reads_nothing_blocks_no_sender(host: SupervisedHost) -> None:
    assert host.process_id is not None
    os.kill(host.process_id, signal.SIGSTOP)
    begun = quiet_s()
    large = tuple(frames(0, 4, (1120, 1120), 9))
    failure, gap = host.step(Chunk(0, 0.0, 1.0, large[:2], 0.0))
    assert isinstance(failure, Failure)
    assert isinstance(gap, Gap)
    assert quiet_s() - begun < 2 * ROUND.silent_s + 15


class DiesSpeaking(ChildHost):
    """Its process is killed with the first message of the second round."""

    def step(self, chunk: Chunk) -> Iterator[Message]:
        for message in super().step(chunk):
            yield message
            if chunk.index == 1:
                assert self.process_id is not None
                os.kill(self.process_id, signal.SIGKILL)
                raise EngineError("Engine stopped", "its process was killed while it spoke")


def test_a_round_lost_while_it_was_spoken_counts_once(config: StreamConfig) -> None:
    engines = iter((DiesSpeaking, ChildHost))
    host = SupervisedHost(config, lambda config: next(engines)(config))
    host.start()
    step(host, 0)
    said, failure, gap = step(host, 1)
    assert isinstance(said, Piece | Line)
    assert said.round == 1
    assert isinstance(failure, Failure)
    assert isinstance(gap, Gap)
    assert {message.round for message in step(host, 2) if isinstance(message, Piece | Line | Stats)} == {2}
    host.close()


def test_settings_and_questions_go_over_to_the_new_engine(
    config: StreamConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[ChildHost] = []
    sent: list[object] = []

    class Recorded(ChildHost):
        def send(self, command: object) -> None:
            sent.append(command)
            super().send(command)  # type: ignore[arg-type]

    def make(config: StreamConfig) -> ChildHost:
        made.append(Recorded(config))
        return made[-1]

    host = SupervisedHost(config, make)
    host.start()
    step(host, 0)
    host.send(Adjust({"words_per_minute": 7.0}))
    host.send(Ask("who leads?"))
    host.send(Ask("who is ahead?"))
    step(host, 1)
    sent.clear()
    assert host.process_id is not None
    os.kill(host.process_id, signal.SIGKILL)
    step(host, 2)
    assert isinstance(sent[0], Restore)
    assert sent[1:] == [Adjust({"words_per_minute": 7.0}), Ask("who is ahead?")]
    host.close()


def killed(host: SupervisedHost) -> None:
    assert host.process_id is not None
    os.kill(host.process_id, signal.SIGKILL)


def waits_s(caplog: pytest.LogCaptureFixture) -> list[float]:
    """How long each restart was put off."""
    return [record.args[0] for record in caplog.records if "is started again after" in record.msg]  # type: ignore[index,misc]


def test_an_engine_that_worked_is_started_again_at_once(host: SupervisedHost, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "core")
    for n in range(0, 2 * RESTARTS, 2):
        assert isinstance(step(host, n)[-1], Stats)
        killed(host)
        assert isinstance(step(host, n + 1)[-1], Gap)
    assert waits_s(caplog) == [0.0] * RESTARTS
    assert isinstance(step(host, 2 * RESTARTS)[-1], Stats)
    killed(host)
    with pytest.raises(EngineError, match=r"keeps stopping: 3 times within 120 s .*smaller model"):
        step(host, 2 * RESTARTS + 1)


def test_an_engine_that_never_speaks_is_put_off_and_given_up_however_long_that_takes(
    config: StreamConfig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    backoff_s = (0.0, 0.125, 0.25)
    monkeypatch.setattr(supervised_host, "BACKOFF_S", backoff_s)
    monkeypatch.setattr(supervised_host, "WITHIN_S", 0.0)
    caplog.set_level("INFO", "core")
    host = SupervisedHost(config)
    host.start()
    for n in range(RESTARTS):
        killed(host)
        step(host, n)
    assert waits_s(caplog) == list(backoff_s)
    killed(host)
    with pytest.raises(EngineError, match=r"keeps stopping: 3 times in a row before it spoke .*smaller model"):
        step(host, RESTARTS)
    host.close()


def test_an_end_waits_for_no_restart_that_is_put_off(config: StreamConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervised_host, "BACKOFF_S", (60.0, 60.0, 60.0))
    host = SupervisedHost(config)
    host.start()
    killed(host)
    rounds = host.step(chunk(0))
    assert isinstance(next(rounds), Failure)
    begun = quiet_s()
    threading.Timer(0.2, host.interrupt).start()
    list(rounds)
    host.close()
    assert quiet_s() - begun < 2


def test_closing_ends_a_stopped_engine_in_time(host: SupervisedHost) -> None:
    step(host, 0)
    assert host.process_id is not None
    os.kill(host.process_id, signal.SIGSTOP)
    begun = quiet_s()
    host.close()
    assert quiet_s() - begun < 3


def test_an_end_has_little_patience_with_a_stopped_engine(host: SupervisedHost) -> None:
    step(host, 0)
    assert host.process_id is not None
    os.kill(host.process_id, signal.SIGSTOP)
    threading.Timer(0.2, host.interrupt).start()
    begun = quiet_s()
    with suppress(EngineError):
        list(host.step(chunk(1)))
    host.close()
    assert quiet_s() - begun < 2


ABANDONED = """
import os, signal, sys, time
from core.config import StreamConfig
from core.engine.child_host import ChildHost

if __name__ == "__main__":
    host = ChildHost(StreamConfig(device="cpu"))
    host.start()
    if sys.argv[1] == "stopped":
        os.kill(host.process_id, signal.SIGSTOP)
    print(host.process_id, flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's call is Linux's")
@pytest.mark.parametrize("state", ["stopped", "idle"])
def test_no_engine_outlives_a_killed_parent(state: str, tmp_path: Path, plain_environment: dict[str, str]) -> None:
    (tmp_path / "program.py").write_text(ABANDONED)
    command = [sys.executable, str(tmp_path / "program.py"), state]
    with subprocess.Popen(command, env=plain_environment, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        engine = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    psutil.wait_procs([engine], timeout=3)
    assert not engine.is_running() or engine.status() == psutil.STATUS_ZOMBIE
