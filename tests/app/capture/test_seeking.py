"""Going back and forth in a film that is being watched: by real decoders, at both paces."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from app.bridge.stream import Stream
from app.capture.file import FileSource
from app.capture.seeking import seek
from app.capture.source import CaptureOptions, SourceNotice
from app.capture.spec import open_source
from core.config import StreamConfig
from core.errors import CourtsideError, SourceError, UsageError
from core.messages import Drop, Finished, Gap, Line, Message
from core.source_messages import Jumped
from core.types import Frame
from tests.app.scripted import Commentator
from tests.grey_film import is_true, write_grey_film
from tests.quiet_clock import quiet_s
from tests.waiting import PATIENCE_S

SECONDS = 60


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("av")
    return write_grey_film(tmp_path_factory.mktemp("film") / "film.mp4", SECONDS)


@pytest.fixture
def source(film: Path) -> Iterator[FileSource]:
    made = opened(film, CaptureOptions(fps=2, pace="max"))
    yield made
    made.close()


def opened(film: Path, options: CaptureOptions) -> FileSource:
    source = open_source(str(film), options)
    assert isinstance(source, FileSource)
    source.open()
    return source


def picture(source: FileSource) -> Frame:
    """The next one."""
    while isinstance(taken := source.read(), SourceNotice):
        assert taken.jumped
    assert taken is not None
    return taken


def test_back_and_forth_and_as_far_as_it_goes(source: FileSource) -> None:
    assert source.duration == pytest.approx(SECONDS, abs=0.1)
    assert picture(source).film_s == 0.0
    for text, there in (("0:30", 30.0), ("+10", 40.0), ("-35", 5.0), ("-99", 0.0), ("2:00:00", 59.0), ("12.5", 12.5)):
        assert seek(source, text) == pytest.approx(there, abs=0.1)
        frame = picture(source)
        assert frame.film_s == pytest.approx(there, abs=0.1)
        assert is_true(frame)
        following = picture(source)
        assert following.film_s == pytest.approx(there + 0.5, abs=0.1)
        source.seek(there)  # relative ones go from there


@pytest.mark.parametrize("text", ["", "+", "soon", "1:2:3:4", "--"])
def test_what_is_no_moment(source: FileSource, text: str) -> None:
    with pytest.raises(UsageError, match="No moment of a film"):
        seek(source, text)
    with pytest.raises(CourtsideError, match="cannot be sought in"):
        seek(None, "10")


def test_the_last_of_many_wishes_counts_and_no_process_is_left(source: FileSource) -> None:
    seen = [picture(source)]
    wishes = [threading.Timer(number / 40, source.seek, [float(number)]) for number in range(40)]
    for wish in wishes:
        wish.start()
    while any(wish.is_alive() for wish in wishes) or (seen[-1].film_s or 0.0) < 39.0:
        seen.append(picture(source))
    assert all(map(is_true, seen))
    assert seen[-1].film_s is not None
    assert seen[-1].film_s >= 39.0
    decoders = [child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())]
    assert len(decoders) == 1


def test_a_decoder_that_was_killed_is_left_where_one_jumps(source: FileSource) -> None:
    picture(source)
    (decoder,) = (child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline()))
    source.seek(20.0)
    decoder.kill()
    assert picture(source).film_s == 20.0


def test_it_begins_later_and_behind_its_end_says_so(film: Path) -> None:
    source = opened(film, CaptureOptions(fps=2, pace="max", begin_s=42.0))
    notice = source.read()
    assert isinstance(notice, SourceNotice)
    assert notice.jumped
    frame = picture(source)
    assert frame.film_s == 42.0
    assert is_true(frame)
    source.close()
    source = opened(film, CaptureOptions(fps=2, pace="max", begin_s=600.0))
    with pytest.raises(SourceError, match="ends before 600 s"):
        picture(source)
    source.close()


def test_live_it_does_not_wait_for_the_next_picture_and_goes_on_in_time(film: Path) -> None:
    source = opened(film, CaptureOptions(fps=0.25, preview_fps=0))
    picture(source)
    picture(source)  # the clock runs; the next is due in four seconds
    threading.Timer(0.3, source.seek, [20.0]).start()
    began = quiet_s()
    assert picture(source).film_s == 20.0
    assert quiet_s() - began < 2.5
    source.close()


def test_another_speed_counts_at_once(film: Path) -> None:
    source = opened(film, CaptureOptions(fps=2, preview_fps=10, file_speed=1.0))
    picture(source)
    picture(source)
    source.set_speed(8.0)
    assert source.speed == 8.0
    began = time.monotonic()
    before = quiet_s()
    for _ in range(42):  # 4.2 s of the film
        picture(source)
    assert time.monotonic() - began >= 0.45
    assert quiet_s() - before < 1.5
    source.close()


def streamed(source: FileSource, at: dict[int, str], pace: str, seconds: float) -> list[Message]:
    """What a stream says that jumps after certain rounds."""
    messages: list[Message] = []

    def hear(message: Message) -> None:
        messages.append(message)
        if isinstance(message, Line) and message.round in at:
            seek(stream.film, at[message.round])

    config = StreamConfig(fps=2.0)
    stream = Stream(source, Commentator(), config, on_message=hear, pace=pace, seconds=seconds)
    stream.start()
    assert stream.join(PATIENCE_S)
    assert isinstance(messages[-1], Finished)
    return messages


def test_a_jump_is_a_gap_and_the_clock_goes_on(film: Path) -> None:
    source = open_source(str(film), CaptureOptions(fps=2, preview_fps=10, begin_s=10.0))
    messages = streamed(source, {1: "+20", 4: "5"}, "live", 9.0)
    begun, *jumps = [message for message in messages if isinstance(message, Jumped)]
    assert begun == Jumped(0.0, 10.0)
    assert [jump.to for jump in jumps] == pytest.approx([31.7, 5.0], abs=1.3)
    gaps = [message for message in messages if isinstance(message, Gap)]
    assert [gap.reason for gap in gaps] == ["jumped in the film"] * 2
    assert [gap.end for gap in gaps] == [jump.at for jump in jumps]
    assert all(gap.end - gap.start == 1.0 for gap in gaps)
    assert not [message for message in messages if isinstance(message, Drop)]
    lines = [message for message in messages if isinstance(message, Line)]
    assert [line.end - line.start for line in lines] == [1.0] * len(lines)
    assert all(later.start >= line.end for line, later in pairwise(lines))
    assert all(line.shown_at - line.captured_at < 1.0 for line in lines)
    assert lines[-1].end == 9.0
