"""Sound in a recorded video: a film's tones and real speech, each on its track, at its second, up to a kill."""

from __future__ import annotations

import itertools
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import av
import numpy as np
import pytest

from app.bridge.stream import Stream
from app.capture.source import CaptureOptions
from app.capture.spec import open_source
from app.library.film import Film
from app.outputs.flite_voice import FliteVoice
from app.outputs.video import VideoRecording
from app.outputs.video_options import VideoOptions
from core.config import StreamConfig
from core.messages import Line, Message, SessionFolder
from core.output_messages import SpeechSwitched, Spoken
from core.source_messages import Jumped
from core.types import Frame
from tests.app.scripted import Commentator
from tests.clapping_stream import clapping
from tests.sound_film import heard, titles, write_film

TONES = [(2.0, 2.5), (6.3, 7.3)]


def test_a_films_sound_and_the_voice_are_two_tracks(tmp_path: Path) -> None:
    """In real time, as far as the recording can tell: pictures come a tenth of a second apart on the clock."""
    film = write_film(tmp_path / "film.mp4", 12.0, TONES)
    speech = FliteVoice("slt").speak("Goal for Harbour.")
    told: list[object] = []
    recording = VideoRecording(VideoOptions(), told.append, sound_of=film)
    recording.handle(SpeechSwitched(True))
    recording.handle(SessionFolder(str(tmp_path)))
    began = time.monotonic()
    for number in range(110):
        at = number / 10
        recording.take(Frame(np.zeros((90, 160, 3), np.uint8), began + at, at), at)
        if number == 34:
            recording.handle(Spoken(3, began + 3.7, speech.tobytes(), 16_000))
        if number in (80, 84):
            samples = speech.tobytes() if number == 80 else b""
            recording.handle(Spoken(8, began + (8.1 if samples else 8.4), samples, 16_000))
        if number in (0, 109):  # the decoder starts; its last block comes
            time.sleep(2.0)
        time.sleep(0.02)
    recording.close()
    video = tmp_path / "video.mkv"
    assert not told
    assert titles(video) == ["Source", "Commentary, spoken"]
    tones = heard(video, 0)
    assert [value for span in tones for value in span] == pytest.approx([2.0, 2.5, 6.3, 7.3], abs=0.03)
    (first, *_), *_ = voice = heard(video, 1, quiet_s=0.6)
    loud = np.flatnonzero(np.abs(speech) > 0.1 * 32_768) / 16_000
    assert first == pytest.approx(3.7 + loud[0], abs=0.01)
    assert voice[0][1] == pytest.approx(3.7 + loud[-1], abs=0.03)
    assert voice[-1][1] <= 8.42


@pytest.mark.timeout(180)
def test_a_film_at_full_pace_and_one_killed(tmp_path: Path, plain_environment: dict[str, str]) -> None:
    film = write_film(tmp_path / "film.mp4", 60.0, [(start, start + 0.5) for start in np.arange(1.0, 60.0, 2.0)])
    command = [sys.executable, "-m", "app", "watch", str(film), "--record", "--session", str(tmp_path / "sessions")]
    subprocess.run(
        [*command, "--pace", "max", "--seconds", "10"], env=plain_environment, check=True, capture_output=True
    )
    (video,) = tmp_path.glob("sessions/*/video.mkv")
    assert [start for start, _ in heard(video, 0)] == pytest.approx([1, 3, 5, 7, 9], abs=0.03)
    environment = {**plain_environment, "COURTSIDE_SESSIONS_DIR": str(tmp_path / "killed")}
    command[-1] = str(tmp_path / "killed")
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, start_new_session=True)
    until = time.monotonic() + 60
    while not (found := list(tmp_path.glob("killed/*/video.mkv"))) and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(8.0)
    os.killpg(process.pid, signal.SIGKILL)
    killed_at = time.time()
    process.communicate()
    (video,) = found
    starts = [start for start, _ in heard(video, 0)]
    assert len(starts) >= 2
    assert starts == pytest.approx([1.0 + 2 * number for number in range(len(starts))], abs=0.03)
    assert killed_at - video.stat().st_mtime < 2.0


def test_where_the_stream_waits_a_line_is_heard_at_its_end(tmp_path: Path) -> None:
    speech = FliteVoice("slt").speak("Saved.")
    recording = VideoRecording(VideoOptions(), lambda message: None, waits=True)
    recording.handle(SpeechSwitched(True))
    recording.handle(SessionFolder(str(tmp_path)))
    for number in range(80):
        at = number / 10
        recording.take(Frame(np.zeros((90, 160, 3), np.uint8), 500.0, at), at)
        if number == 20:
            recording.handle(Line(1, 1.0, 2.0, "Saved.", 500.0, 500.1))
            recording.handle(Spoken(1, 500.2, speech.tobytes(), 16_000))
    recording.close()
    loud = np.flatnonzero(np.abs(speech) > 0.1 * 32_768) / 16_000
    assert heard(tmp_path / "video.mkv", 0)[0][0] == pytest.approx(2.0 + loud[0], abs=0.01)


def test_the_sound_jumps_with_the_picture(tmp_path: Path) -> None:
    """White pictures and tones at 10 s and at 30 s of the film; it is gone to just before both, backwards."""
    film = write_film(tmp_path / "film.mp4", 40.0, [(10.0, 10.5), (30.0, 30.5)])
    source = open_source(str(film), CaptureOptions(fps=2, preview_fps=10, begin_s=29.0))
    recording = VideoRecording(VideoOptions(), lambda message: None, sound_of=film)
    messages: list[Message] = []

    def hear(message: Message) -> None:
        messages.append(message)
        if isinstance(message, Line) and message.round == 3 and stream.film is not None:
            stream.film.seek(9.0)

    stream = Stream(source, Commentator(), StreamConfig(fps=2.0), on_message=hear, seconds=9.0)
    stream.watch_frames(recording.take)
    recording.handle(SessionFolder(str(tmp_path)))
    stream.start()
    assert stream.join(60.0)
    recording.close()
    (_, jump) = (message for message in messages if isinstance(message, Jumped))
    assert jump.to == 9.0
    (first, second) = heard(tmp_path / "video.mkv", 0)
    assert first == pytest.approx([1.0, 1.5], abs=0.05)
    assert second == pytest.approx([jump.at + 1.0, jump.at + 1.5], abs=0.05)
    shown = Film(tmp_path / "video.mkv")
    white = [number / 10 for number in range(90) if is_white(shown.picture(number / 10))]
    shown.close()
    assert white[0] == pytest.approx(first[0], abs=0.11)
    assert white[-1] == pytest.approx(second[1], abs=0.15)


def is_white(picture: np.ndarray | None) -> bool:
    return picture is not None and float(picture.mean()) > 128


def flashes(path: Path) -> list[float]:
    """The seconds at which the picture becomes white."""
    with av.open(str(path)) as container:
        shown = [(float(frame.time), float(frame.to_ndarray()[:180].mean())) for frame in container.decode(video=0)]
    return [at for (_, before), (at, level) in itertools.pairwise(shown) if before < 60 < 150 < level]


def test_the_sound_of_a_stream_is_in_time_with_its_pictures(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"udp://127.0.0.1:{port}"
    told: list[object] = []
    recording = VideoRecording(VideoOptions(), told.append)
    recording.handle(SessionFolder(str(tmp_path)))
    with clapping(f"{url}?pkt_size=1316"), closing(open_source(url, CaptureOptions(fps=2, sound=True))) as source:
        source.open()
        first = None
        while first is None or time.monotonic() < first + 9:
            frame = source.read()
            assert isinstance(frame, Frame)
            first = time.monotonic() if first is None else first
            recording.take(frame, None)
    recording.close()
    video = tmp_path / "video.mkv"
    assert not told
    assert titles(video) == ["Source"]
    claps = [begin for begin, _ in heard(video, 0)]
    seen = flashes(video)
    assert len(seen) >= 3
    off = [min((clap - at for clap in claps), key=abs) for at in seen[:3]]
    assert abs(statistics.median(off)) < 0.1
    assert max(map(abs, off)) < 0.2  # a picture that was taken late on a busy machine


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Its files over HTTP."""
    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        serving = threading.Thread(target=server.serve_forever, name="http")
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            serving.join()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(("pace", "second"), [("live", range(63, 73)), ("max", range(65, 75))])
def test_the_sound_of_a_film_over_http(tmp_path: Path, pace: str, second: range) -> None:
    """Tones and white pictures, in real time and as fast as it can be written: two pictures a second then.

    second: tenths of seconds in which the picture is white for the second time.
    """
    write_film(tmp_path / "film.mkv", 9.0, TONES)
    told: list[object] = []
    recording = VideoRecording(VideoOptions(), told.append, waits=pace == "max")
    recording.handle(SessionFolder(str(tmp_path)))
    options = CaptureOptions(fps=2, preview_fps=10, sound=True, pace=pace)
    with served(tmp_path) as address, closing(open_source(f"{address}/film.mkv", options)) as source:
        source.open()
        while isinstance(frame := source.read(), Frame):
            recording.take(frame, frame.media_time)
    recording.close()
    video = tmp_path / "video.mkv"
    assert not told
    tones = heard(video, 0)
    assert [value for span in tones for value in span] == pytest.approx([2.0, 2.5, 6.3, 7.3], abs=0.07)
    with closing(Film(video)) as shown:
        white = [number / 10 for number in range(85) if is_white(shown.picture(number / 10))]
    assert white == pytest.approx([number / 10 for number in (*range(20, 25), *second)], abs=0.11)
