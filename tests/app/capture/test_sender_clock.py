"""When pictures were taken that are sent out of order."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.capture.sender_clock import MOST_S, SenderClock
from tests.faults.udp_camera import PLAIN

av = pytest.importorskip("av")

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


def test_while_b_frames_alone_have_been_seen_to_arrive_nothing_is_settled() -> None:
    clock = SenderClock()
    settled = []
    for place, number in enumerate(CODED):
        watched = place >= 5  # the first is a B-frame
        clock.note(7 + number / FPS, 7 + (place - 2) / FPS, 100 + max(CODED[: place + 1]) / FPS, watched=watched)
        settled.append(clock.settled)
    assert settled == [place >= 10 for place in range(len(CODED))]  # at picture 12, the second that leads


def encoded() -> list[tuple[float, float, float]]:
    """(pts, dts, arrival) of each packet of H.264 with three B-frames, all in seconds of the stream."""
    coder = av.CodecContext.create("libx264", "w")
    coder.width, coder.height, coder.pix_fmt = 64, 64, "yuv420p"
    coder.time_base = Fraction(1, FPS)
    coder.options = {"x264-params": f"bframes=3:{PLAIN}"}
    packets = []
    for number in range(40):
        frame = av.VideoFrame(64, 64, "yuv420p")
        frame.pts = number
        packets += [(packet.pts / FPS, packet.dts / FPS, number / FPS) for packet in coder.encode(frame)]
    return packets


@pytest.mark.parametrize("begun", range(1, 12))
def test_whenever_one_begins_to_watch_an_encoder_with_b_frames_what_is_said_is_true(begun: int) -> None:
    clock = SenderClock()
    packets = encoded()
    looked = packets[begun - 1][2]  # the first ones wait until then
    said: dict[bool, list[float]] = {True: [], False: []}
    for place, (shown, decoded, arrived) in enumerate(packets):
        clock.note(shown, decoded, max(arrived, looked), watched=place >= begun)
        said[clock.settled].append(clock.taken_at(shown, max(arrived, looked)) - shown)
    assert max(said[True]) < 0.1
    assert len(said[False]) <= begun + 2 * 4


def test_what_waited_and_is_read_at_once_is_not_taken_for_what_arrives() -> None:
    clock = SenderClock()
    for shown, decoded, arrived in encoded():
        clock.note(shown, decoded, max(arrived, 0.8))  # 24 pictures' time in one
        assert clock.settled == (arrived > 27.5 / FPS)  # the second that leads of those that came by themselves


def test_stamps_that_jump_back_hold_nothing_up_for_ever() -> None:
    clock = SenderClock()
    clock.note(90_000.0, 90_000.0, 100.0, watched=False)
    settled = []
    for number in range(60):
        clock.note(7 + number / FPS, 6 + number / FPS, 100 + number / FPS)
        settled.append(clock.settled)
    assert settled == [number / FPS > MOST_S for number in range(60)]


def test_without_b_frames_and_without_stamps_the_arrival_counts() -> None:
    clock = SenderClock()
    for number in range(10):
        clock.note(number / 25, number / 25, 100 + number / FPS)  # a sender that claims another rate
        assert clock.taken_at(number / 25, 100 + number / FPS) == 100 + number / FPS
        assert clock.settled
    assert clock.taken_at(None, 3.0) == 3.0
