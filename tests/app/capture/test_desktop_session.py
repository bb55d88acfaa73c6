"""Real programs perform a script on a virtual screen: what they answer is what the screen shows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest

from app.capture.desktop_session import DesktopSession
from app.capture.virtual_screen import some_screen
from core.programmes.desktop.phrases import BOOK
from core.programmes.desktop.programme import mention_of
from core.programmes.desktop.theme import SIZE
from core.programmes.programme import EARLY_S, LATE_S, Event

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("make") is None, reason="a terminal's jobs are run by make"),
]
SEED = 100_002
SECONDS = 75


@pytest.fixture(autouse=True)
def virtual(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if shutil.which("Xvfb") is None or shutil.which("openbox") is None:
        pytest.skip("needs Xvfb and openbox")
    monkeypatch.delenv("DISPLAY", raising=False)
    with some_screen(SIZE):
        yield


def test_programs_do_what_the_script_says_and_their_answers_are_told() -> None:
    told: list[Event] = []
    frames = []
    with closing(DesktopSession(SEED)) as session:
        for second in range(SECONDS):
            frames.append(session.frame(second + 0.5))
            line = session.line(float(second))
            events = session.events(second - LATE_S, second + EARLY_S)
            assert [(m.kind, m.who) for m in map(mention_of, BOOK.read(line))] == [(e.kind, e.who) for e in events]
            told += events
    assert frames[0].shape == (SIZE[1], SIZE[0], 3)
    assert len(told) > 3
    assert [event.time for event in told] == sorted(event.time for event in told)
    for event in told:
        if event.kind in ("open", "close", "error"):
            before = frames[int(event.time - 0.6)]
            after = frames[min(SECONDS - 1, int(event.time + 0.6))]
            assert (np.abs(after.astype(int) - before).max(2) > 20).sum() > 3000, event
