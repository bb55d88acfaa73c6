"""After a panic no words pass, but the recording gets them."""

from __future__ import annotations

from app.bridge.mute import Mute
from app.session.records import record
from core.messages import Drop, Line, Piece, Withheld

LINE = Line(4, 4.0, 5.0, "a secret", 1.0, 2.0)


def test_words_pass_until_it_is_on_and_again_afterwards() -> None:
    mute = Mute()
    assert mute.filtered(LINE) is LINE
    mute.set_on(True)
    assert mute.filtered(LINE) == Withheld(LINE)
    assert mute.filtered(Piece(4, "a")) is None
    assert mute.filtered(Drop("behind", 1, 4.0)) == Drop("behind", 1, 4.0)
    mute.set_on(False)
    assert mute.filtered(LINE) is LINE


def test_the_recording_keeps_what_was_withheld() -> None:
    kept = record(Withheld(LINE))
    assert (kept["type"], kept["text"], kept["withheld"]) == ("line", "a secret", True)
