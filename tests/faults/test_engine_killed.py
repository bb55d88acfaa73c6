"""The engine's process dies in every phase, by signals and for want of memory: the broadcast goes on.

COURTSIDE_KILLS says how many kills there are; `make faults` makes 100.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from app.folders import CRASH_FILE
from app.session.events import read_session
from tests.faults.watched import Said, Watched, percentile
from tests.quiet_clock import quiet_s

KILLS = int(os.environ.get("COURTSIDE_KILLS", "4"))
KILLS_A_STREAM = 3
"""More within two minutes would be a crash loop, which ends a stream as it should."""
NEXT_LINE_S = 120.0
"""When to give up waiting for one."""
GOAL_S = 3.0


@dataclass(frozen=True, slots=True)
class Phase:
    """When an engine is killed.

    Attributes:
        options: of `courtside watch`. moment: waits for it, given what is watched and seconds from 0 to 1 at random.
    """

    name: str
    options: tuple[str, ...]
    moment: Callable[[Watched, float], None]


def while_loading(watched: Watched, chance: float) -> None:
    watched.engine()
    time.sleep(1.2 * chance)


def between_rounds(watched: Watched, chance: float) -> None:
    """At live pace a round takes a tenth of a second, and comes once a second."""
    _next_stats(watched)
    time.sleep(0.1 + 0.6 * chance)


def in_a_round(watched: Watched, chance: float) -> None:
    """At pace max it is always in one: in its prefill or in its decode."""
    _next_stats(watched)
    time.sleep(0.15 * chance)


def _next_stats(watched: Watched) -> None:
    begun = time.monotonic()
    watched.wait_for("stats", NEXT_LINE_S, lambda said: said.at > begun)


PHASES = (
    Phase("loading", ("--pace", "live"), while_loading),
    Phase("in a round", ("--pace", "max"), in_a_round),
    Phase("between rounds", ("--pace", "live"), between_rounds),
    Phase("while recording", ("--pace", "live", "--record"), between_rounds),
)
BLOWS = ("SIGKILL", "SIGSEGV", "SIGABRT", "memory")


def strike(engine: psutil.Process, blow: str) -> None:
    """memory: from now on the system gives it none."""
    if blow == "memory":
        engine.rlimit(psutil.RLIMIT_AS, (1, 1))
    else:
        engine.send_signal(signal.Signals[blow])


def kills() -> Iterator[tuple[int, Phase, list[str]]]:
    """Streams: number, phase and the blows of each; all phases and blows in turn."""
    left = KILLS
    blows = itertools.cycle(BLOWS)
    for number, phase in zip(itertools.count(), itertools.cycle(PHASES), strict=False):
        count = min(left, 1 if phase.name == "loading" or len(PHASES) >= KILLS else KILLS_A_STREAM)
        if count == 0:
            return
        left -= count
        yield number, phase, [next(blows) for _ in range(count)]


@pytest.mark.skipif(not hasattr(psutil, "RLIMIT_AS"), reason="needs Linux")
@pytest.mark.timeout(7200)
def test_the_broadcast_goes_on(tmp_path: Path, plain_environment: dict[str, str], checkout: Path) -> None:
    chance = random.Random(14)
    seconds: list[float] = []
    quiet: list[float] = []
    for number, phase, blows in kills():
        root = tmp_path / str(number)
        environment = {**plain_environment, "COURTSIDE_CONFIG_DIR": str(root / "config")}
        words = ("arena:5", "--session", str(root / "sessions"), *phase.options)
        with Watched(*words, environment=environment, checkout=checkout) as watched:
            for blow in blows:
                one = killed_once(watched, phase, blow, chance.random())
                seconds.append(one[0])
                quiet.append(one[1])
                print(f"{phase.name}, {blow}: next line after {one[0]:.2f} s, {one[1]:.2f} undisturbed", flush=True)
            watched.process.send_signal(signal.SIGINT)
            assert watched.process.wait(10) == 0
        (folder,) = (root / "sessions").iterdir()
        assert_remembered(folder, len(blows), phase)
        assert_kept(root / "config" / CRASH_FILE, blows)
    figures = {"kills": len(seconds), "p50_s": percentile(seconds, 0.5), "p95_s": percentile(seconds, 0.95)}
    undisturbed = {"undisturbed_p50_s": percentile(quiet, 0.5), "undisturbed_p95_s": percentile(quiet, 0.95)}
    print(json.dumps({**figures, "most_s": max(seconds), **undisturbed, "goal_s": GOAL_S}), flush=True)


def killed_once(watched: Watched, phase: Phase, blow: str, chance: float) -> tuple[float, float]:
    """Seconds from the blow to the next line; and those of them in which no task waited for a processor."""
    phase.moment(watched, chance)
    engine = watched.engine()
    strike(engine, blow)
    struck = time.monotonic()
    quiet = quiet_s()
    told = watched.wait_for("error", NEXT_LINE_S, lambda said: said.at > struck)
    assert told.record["title"] == "The engine is started again"
    assert not told.record["fatal"]
    line = watched.wait_for("line", NEXT_LINE_S, lambda said: said.at > told.at)
    if phase.name == "in a round":
        assert gap_before(watched, line, struck).record["reason"] == "the engine was started again"
    return line.at - struck, max(0.0, min(quiet_s() - quiet, line.at - struck))


def gap_before(watched: Watched, line: Said, struck: float) -> Said:
    return next(said for said in watched.records("gap") if struck < said.at <= line.at)


def assert_remembered(folder: Path, kills: int, phase: Phase) -> None:
    """One session, with every gap in it; no engine began with an empty memory."""
    session = read_session(folder)
    assert not session.is_broken_off
    gaps = [event for event in session.events if event["type"] == "gap"]
    rounds = [event for event in session.events if event["type"] == "stats"]
    assert [event["round"] for event in rounds] == sorted({event["round"] for event in rounds})
    if phase.name == "loading":
        return
    if phase.name == "in a round":
        assert len([gap for gap in gaps if "started again" in gap["reason"]]) >= kills
    for before, after in itertools.pairwise(rounds):
        spoken = before["remembers_s"] > 0
        assert not spoken or after["remembers_s"] > 0, "the words were lost"


def assert_kept(crash_file: Path, blows: list[str]) -> None:
    """Why each engine ended, in which phase, and what was logged before."""
    said = crash_file.read_text()
    for blow in blows:
        if blow != "memory":
            assert blow in said
    assert said.count("the engine ended: ") >= len([blow for blow in blows if blow != "memory"])
