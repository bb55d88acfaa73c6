"""kill -9 of `courtside watch --record`: the video can be played to within two seconds of what was watched."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import av
import pytest

from app.library.library import Library
from app.session.events import read_session

MAX_LOST_S = 2.0


def killed(root: Path, environment: dict[str, str], checkout: Path, after_s: float) -> tuple[float, float]:
    """Seconds of video that can be played, and source seconds of the last round before the kill."""
    words = ["watch", "arena:3", "--size", "224x112", "--json", "--record", "--session", str(root)]
    watching = subprocess.Popen(
        [sys.executable, "-m", "app", *words], env=environment, cwd=checkout, stdout=subprocess.PIPE, text=True
    )
    try:
        kinds = (json.loads(told)["type"] for told in watching.stdout)
        assert "line" in kinds  # a busy machine may leave out pictures before
        time.sleep(after_s)
    finally:
        watching.kill()
        watching.wait()
        watching.stdout.close()
    (folder,) = [folder for folder in root.iterdir() if folder.is_dir()]
    session = read_session(folder)
    assert session.is_broken_off
    assert not session.damage
    return played(folder / "video.mkv"), max(event["end"] for event in session.events if event["type"] == "line")


def played(path: Path) -> float:
    """Decodes all of it, as a player does; of a file that nothing was written to by then, that is nothing."""
    if not path.stat().st_size:
        return 0.0
    with av.open(str(path)) as container:
        return max(frame.time for frame in container.decode(video=0))


def test_a_killed_recording_plays(tmp_path: Path, plain_environment: dict[str, str], checkout: Path) -> None:
    seconds, watched = killed(tmp_path / "sessions", plain_environment, checkout, 3.3)
    assert seconds > watched - MAX_LOST_S
    library = Library(tmp_path / "sessions")
    library.update()
    (row,) = library.sessions()
    library.close()
    assert (row.broken_off, row.video) == (1, 1)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_thirty_killed_recordings_play(tmp_path: Path, plain_environment: dict[str, str], checkout: Path) -> None:
    chance = random.Random(7)
    lost = []
    for number in range(30):
        root = tmp_path / str(number)
        seconds, watched = killed(root, plain_environment, checkout, chance.uniform(0.2, 6.0))
        lost.append(watched - seconds)
        print(f"kill {number}: {lost[-1]:.2f} s of video missing before the last round's end", flush=True)
    assert max(lost) < MAX_LOST_S
