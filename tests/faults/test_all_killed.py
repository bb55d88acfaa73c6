"""kill -9 of everything at a random moment: every line that was seen is on the disk, and the recording can be played.

COURTSIDE_SUDDEN_ENDS says how many of them there are, COURTSIDE_FIRST_END the number of the first, which makes each one
again; `make faults` makes 300.
"""

from __future__ import annotations

import json
import os
import random
import time
from contextlib import suppress
from pathlib import Path

import av
import psutil
import pytest

from app.session.events import read_session
from tests.faults.watched import Watched, percentile

ENDS = int(os.environ.get("COURTSIDE_SUDDEN_ENDS", "3"))
FIRST = int(os.environ.get("COURTSIDE_FIRST_END", "0"))
MAX_LOST_S = 2.0
"""Up to the beginning of the last picture; at pace max there are two a second."""
START_S = 300.0
"""More than a start takes where many others have the processors."""
RECORDED = (("--pace", "live", "--record"), ("--pace", "max", "--record"), ("--pace", "max"))
"""In turn: with video and without."""


@pytest.mark.timeout(14_400)
def test_nothing_that_was_seen_is_lost(tmp_path: Path, plain_environment: dict[str, str], checkout: Path) -> None:
    seen = 0
    behind: list[float] = []
    for number in range(FIRST, FIRST + ENDS):
        chance = random.Random(number)
        options = RECORDED[number % len(RECORDED)]
        root = tmp_path / str(number)
        words = (f"arena:{number}", "--size", "224x112", "--session", str(root), *options)
        with Watched(*words, environment=plain_environment, checkout=checkout) as watched:
            watched.wait_for("line", START_S)
            time.sleep(chance.uniform(0.0, 3.0))
            kill_all(watched, chance)
        lines = [said.record for said in watched.records("line")]
        (folder,) = (path for path in root.iterdir() if path.is_dir())
        assert_kept(folder, lines)
        seen += len(lines)
        if "--record" in options:
            behind.append(missing_s(folder))
            assert behind[-1] <= MAX_LOST_S
        print(f"end {number}: {len(lines)} lines seen, video {behind[-1] if behind else 0:.2f} s short", flush=True)
    figures = {"ends": ENDS, "lines_seen": seen, "lines_lost": 0, "videos": len(behind)}
    video = {"video_short_p50_s": percentile(behind, 0.5), "video_short_most_s": max(behind)}
    print(json.dumps({**figures, **video}), flush=True)


def kill_all(watched: Watched, chance: random.Random) -> None:
    """The process and all that it started, in any order."""
    parent = psutil.Process(watched.process.pid)
    processes = [parent, *parent.children(recursive=True)]
    chance.shuffle(processes)
    for process in processes:
        with suppress(psutil.NoSuchProcess):  # it has ended with its parent
            process.kill()
    watched.process.wait()


def assert_kept(folder: Path, lines: list[dict[str, object]]) -> None:
    session = read_session(folder)
    assert not session.damage
    kept = {(event["round"], event["text"]) for event in session.events if event["type"] == "line"}
    lost = [line for line in lines if (line["round"], line["text"]) not in kept]
    assert not lost


def missing_s(folder: Path) -> float:
    """Seconds between the end of what can be played and the end of the last round on the disk."""
    played = 0.0
    video = folder / "video.mkv"
    if video.stat().st_size:  # else it was killed between making the file and the first picture
        with suppress(EOFError), av.open(str(video)) as container:  # nothing but the header in it yet
            played = max(frame.time for frame in container.decode(video=0))
    ends = [event["end"] for event in read_session(folder).events if event["type"] == "line"]
    return max(0.0, max(ends) - played)
