"""The application's own sections of `courtside bench`: starting, the window's event loop, also with every output on,
the overlay, the capture."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from app.bench.launch import ROOT, fresh_user

if TYPE_CHECKING:
    from core.eval.bench.bench import Bench
    from core.eval.bench.figure import Figure

    Section = Callable[[Bench], Iterator[Figure]]

WIDE = (1920, 1080)
STARTS = 9
WINDOWS = 3
WATCHED_S = 40.0
EVERYTHING_S = 60.0
CAPTURED_S = 12.0
QUICK_S = 4.0
ANIMATED_S = 0.1
"""Paints further apart than this belong to different movements."""


def sections() -> dict[str, Section]:
    """Those that can run here: none without Qt."""
    if importlib.util.find_spec("PySide6") is None:
        return {}
    return {"start": start, "window": window, "ui": ui, "capture": capture}


def start(bench: Bench) -> Iterator[Figure]:
    """From the command to its end, to the window, to the first caption."""
    from app.bench.launch import seconds_to_end, seconds_to_window_and_caption
    from app.capture.virtual_screen import some_screen
    from core.eval.bench.figure import spread

    bench.report("starting the commands")
    for name, words, goal in (("version", ("--version",), 0.15), ("watch_help", ("watch", "--help"), 0.3)):
        seconds_to_end(*words)
        yield spread(f"start_{name}", [seconds_to_end(*words) for _ in range(STARTS)], "s", goal)
    bench.report("starting the application")
    with some_screen(compositor=True):
        shown = [seconds_to_window_and_caption() for _ in range(1 if bench.workload.quick else WINDOWS)]
    yield spread("launch_to_window", [window for window, _ in shown], "s", 1.0)
    yield spread("launch_to_caption", [caption for _, caption in shown], "s", 5.0, note="the first line said")


def window(bench: Bench) -> Iterator[Figure]:
    """How late the window's event loop is while the model loads and runs, how often the overlay paints, and what a
    chunk takes beside them."""
    from core.eval.bench.figure import percentile, single, spread

    measured = monitored(bench, "window", WATCHED_S)
    late = [1e3 * seconds for seconds, _ in measured["ticks"]]
    loading = [1e3 * seconds for seconds, loading in measured["ticks"] if loading]
    note = f"{len(late)} ticks; while loading {max(loading, default=0.0):.1f} ms at most"
    yield single("window_stall_p99", percentile(late, 99), "ms", 16.0, note=note)
    yield single("window_stall_longest", max(late), "ms", 50.0)
    moving = [b - a for a, b in pairwise(measured["paints"]) if b - a < ANIMATED_S]
    if moving:
        note = f"{len(measured['paints'])} paints; while something moves"
        yield spread("overlay_paints", [1 / max(seconds, 1e-3) for seconds in moving], "1/s", 50.0, "higher", note)
    if rounds := measured["rounds"]:
        yield spread("chunk_window_open", rounds, "s", 0.06, note="lines as they come, the window open")
        yield single("chunk_window_open_p95", percentile(rounds, 95), "s", 0.12, note=f"{len(rounds)} chunks")


def ui(bench: Bench) -> Iterator[Figure]:
    """The same with everything on: spoken, on the page and in OBS, each with somebody at the other end."""
    from app.bench.peers import opened_peers
    from app.capture.virtual_screen import some_screen
    from app.settings import Settings
    from app.settings_file import SettingsFile
    from core.eval.bench.figure import percentile, single

    temporary = TemporaryDirectory(prefix="courtside-bench-")
    with some_screen(WIDE, compositor=True), temporary as folder, fresh_user() as (environment, sessions):
        config = environment["COURTSIDE_CONFIG_DIR"]
        with opened_peers(Path(folder), Path(config)) as (peers, outputs, sound):
            SettingsFile(Path(config)).save(Settings(outputs=outputs))
            measured = monitored_for(bench, "window", EVERYTHING_S, environment | sound, sessions)
    late = [1e3 * seconds for seconds, _ in measured["ticks"]]
    live = [1e3 * seconds for seconds, loading in measured["ticks"] if not loading]
    note = f"{len(late)} ticks; {peers}"
    yield single("ui_stall_p99", percentile(late, 99), "ms", 16.0, note=note)
    yield single("ui_stall_longest", max(late), "ms", 50.0, note=f"{max(live, default=0.0):.1f} once loaded")


def capture(bench: Bench) -> Iterator[Figure]:
    """What a 1080p screen at 10 fps costs, preview included."""
    from core.eval.bench.figure import single

    measured = monitored(bench, "capture", CAPTURED_S)
    rate = measured["shown"] / measured["wall_s"]
    share = measured["cpu_s"] / measured["wall_s"]
    yield single("capture_1080p_10fps", 100 * share, "% core", 15.0, note=f"{rate:.1f} pictures a second shown")


def monitored(bench: Bench, what: str, seconds: float) -> dict[str, Any]:
    """What a process of its own measured on a screen of 1080 lines, and the seconds of each of its rounds."""
    from app.capture.virtual_screen import some_screen

    with some_screen(WIDE, compositor=True), fresh_user() as (environment, sessions):
        return monitored_for(bench, what, seconds, environment, sessions)


def monitored_for(
    bench: Bench, what: str, seconds: float, environment: dict[str, str], sessions: Path
) -> dict[str, Any]:
    """The same on the screen there is, in that environment; sessions: where the application writes them."""
    seconds = QUICK_S if bench.workload.quick else seconds
    bench.report(f"{what} for {seconds:g} s")
    command = [sys.executable, "-m", "app.bench.event_loop_monitor", what, str(seconds)]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    written = "".join(file.read_text("utf-8") for file in sessions.glob("*/events.jsonl"))
    entries = [json.loads(line) for line in written.splitlines()]
    rounds = [entry["compute_s"] for entry in entries if entry["type"] == "stats"]
    return json.loads(done.stdout.splitlines()[-1]) | {"rounds": rounds}
