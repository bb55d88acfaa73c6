"""When pictures were taken that are sent out of order."""

from __future__ import annotations

import pytest

from app.capture.sender_clock import SenderClock

FPS = 30
CODED = [0, 3, 1, 2, 6, 4, 5, 9, 7, 8, 12, 10, 11]
"""Numbers of pictures in the order in which an encoder with two B-frames sends them; it begins at 100 s."""


def sent(clock: SenderClock, *, hold_s: float = 0.0, jitter_s: float = 0.0, jump_s: float = 0.0) -> list[float]:
    """How much later than it was taken each picture is said to be. From picture 6 on the stamps are `jump_s` later."""
    newest = 0
    off = []
    for place, number in enumerate(CODED):
        newest = max(newest, number)
        arrived = 100 + newest / FPS + hold_s + (jitter_s if place % 3 == 2 else 0.0)
        stamp = 7 + number / FPS + (jump_s if place >= 4 else 0.0)
        clock.note(stamp, 7 + (place - 2) / FPS, arrived)
        off.append(clock.taken_at(stamp, arrived) - (100 + number / FPS))
    return off


def test_a_b_frame_is_older_than_its_packet() -> None:
    assert sent(SenderClock()) == pytest.approx([0.0] * len(CODED))


def test_what_the_network_held_back_is_older_by_that() -> None:
    assert sent(SenderClock(), jitter_s=0.2) == pytest.approx([0.0] * len(CODED))


def test_what_the_encoder_holds_back_is_never_known() -> None:
    assert sent(SenderClock(), hold_s=0.7) == pytest.approx([0.7] * len(CODED))


@pytest.mark.parametrize("jump_s", [-5.0, 5.0, 90_000.0])
def test_stamps_that_jump_make_no_picture_older(jump_s: float) -> None:
    assert all(-1e-6 <= off <= 2 / FPS + 1e-6 for off in sent(SenderClock(), jump_s=jump_s))


def test_without_b_frames_and_without_stamps_the_arrival_counts() -> None:
    clock = SenderClock()
    for number in range(10):
        clock.note(number / 25, number / 25, 100 + number / FPS)  # a sender that claims another rate
        assert clock.taken_at(number / 25, 100 + number / FPS) == 100 + number / FPS
    assert clock.taken_at(None, 3.0) == 3.0
