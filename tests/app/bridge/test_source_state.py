"""What a source tells, as markers of which each says something new."""

from __future__ import annotations

from app.bridge.mailbox import Marker
from app.bridge.source_state import SourceState
from app.capture.source import SourceNotice
from core.source_messages import PrivateWindow, SourceTrouble

LOST = SourceNotice("The source was lost", "cam: it ended", 3.0, lost=True)
AWAY = SourceNotice("", "", 4.0, lost=True)
BACK = SourceNotice("The source is back", "cam, after 3 s", 6.0)
STANDS = SourceNotice("The picture stands still", "cam", 9.0, still=True)
MOVES = SourceNotice("The picture moves again", "cam", 12.0)
PRIVATE = SourceNotice("", "", 14.0, private=True)


def markers(*told: SourceNotice | float) -> tuple[list[Marker], SourceState]:
    """Notices, and the times of pictures."""
    found: list[Marker] = []
    state = SourceState(found.append)
    for item in told:
        if isinstance(item, SourceNotice):
            state.hear(item, item.at)
        else:
            state.see(item)
    return found, state


def test_a_loss_and_a_return_are_told_once_each() -> None:
    found, state = markers(1.0, LOST, AWAY, AWAY, BACK, 6.0, 7.0)
    assert found == [LOST, SourceTrouble(3.0, "lost"), BACK, SourceTrouble(6.0, "")]
    assert state.lost_until is None


def test_a_source_that_stays_away_is_known_up_to_the_last_try() -> None:
    found, state = markers(1.0, LOST, AWAY)
    assert found == [LOST, SourceTrouble(3.0, "lost")]
    assert state.lost_until == 4.0


def test_a_picture_that_stands_goes_on_being_one() -> None:
    found, state = markers(8.0, STANDS, 9.0, 10.0, MOVES, 12.0)
    assert found == [STANDS, SourceTrouble(9.0, "still"), MOVES, SourceTrouble(12.0, "")]
    assert state.lost_until is None


def test_a_private_window_ends_with_the_next_picture() -> None:
    found, _ = markers(1.0, PRIVATE, PRIVATE, 15.0, 16.0)
    assert found == [PrivateWindow(14.0, True), PrivateWindow(15.0, False)]
