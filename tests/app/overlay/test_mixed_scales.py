"""Two monitors with scale factors of their own: captions, masks, regions and windows, on a real X screen."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NEEDED = ("Xvfb", "openbox", "picom", "xdotool", "xrandr")
WIDTH = 1280
MISSING = [program for program in NEEDED if shutil.which(program) is None]

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}")


@pytest.fixture(scope="module", params=[("1", "2"), ("2", "1"), ("1.5", "1")], ids="/".join)
def seen(request: pytest.FixtureRequest) -> tuple[list[float], dict[str, Any]]:
    """The scale factors, and what the program saw."""
    command = [sys.executable, "-m", "tests.app.overlay.mixed_scales", *request.param]
    checkout = Path(__file__).parents[3]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    return [float(factor) for factor in request.param], json.loads(done.stdout.splitlines()[-1])


def covers(ours: list[int], theirs: list[int], most: int) -> bool:
    """Whether the first holds the second, and is at most so many pixels larger at each side."""
    sides = [theirs[0] - ours[0], theirs[1] - ours[1]]
    sides += [ours[0] + ours[2] - theirs[0] - theirs[2], ours[1] + ours[3] - theirs[1] - theirs[3]]
    return all(0 <= side <= most for side in sides)


def test_captions_are_told_where_x_has_them_and_stay_out_of_the_picture(seen: Any) -> None:
    factors, found = seen
    *placed, dragged = found["band"]
    for number, (factor, entry) in enumerate(zip(factors, placed, strict=True)):
        expected = [number * WIDTH + 60 * factor, 90 * factor, 300 * factor, 100 * factor]
        assert entry["x"] == expected
        assert covers(entry["ours"], entry["x"], 1)
        assert (entry["scale"], entry["mask"]) == (factor, "KEPT_OUT")
    assert dragged["on_left"]
    assert dragged["last"] == "left 1280x800"
    assert covers(dragged["ours"], dragged["x"], 1)
    assert dragged["x"][2:] == [300 * factors[0], 100 * factors[0]]


def test_a_region_is_what_the_mouse_has_drawn(seen: Any) -> None:
    _, found = seen
    for entry in found["region"]:
        assert entry["chosen"] == pytest.approx(entry["drawn"], abs=2)
        assert entry["sheets"] == [[0, 0, 1280, 800], [1280, 0, 1280, 800]]


def test_a_window_with_a_frame_is_covered(seen: Any) -> None:
    _, found = seen
    for entry in found["window"]:
        assert covers(entry["ours"], entry["x"], 3)
