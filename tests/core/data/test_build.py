"""A match of the arena as a user's recording: the words come out in the rounds in which they were said."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from core.data.build import Build, BuildSettings
from core.data.check import CheckSettings
from core.data.clip import clip_frames
from core.data.cut import CutSettings
from core.data.jsonl import SampleFile
from core.data.recordings import find_recordings
from core.data.rounds import rounds
from core.data.transcript import spread
from core.errors import DataError
from core.programmes.catalogue import find

SECONDS = 60
FPS = 4


@pytest.fixture(scope="module")
def match(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the match as MP4, its words with times, and who plays; lines.txt says what is said when."""
    folder = tmp_path_factory.mktemp("match")
    episode = find("football").start(734_202, True)
    lines = []
    height, width, _ = episode.frame(0).shape
    with av.open(str(folder / "match.mp4"), "w") as container:
        stream = container.add_stream("mpeg4", rate=FPS)
        stream.pix_fmt = "yuv420p"
        stream.bit_rate = 2_000_000
        stream.width = width // 2 * 2
        stream.height = height // 2 * 2
        for second in range(SECONDS):
            for number in range(second * FPS, (second + 1) * FPS):
                image = np.ascontiguousarray(episode.frame(number / FPS)[: stream.height, : stream.width])
                frame = av.VideoFrame.from_ndarray(image, format="rgb24")
                frame.pts = number
                frame.time_base = Fraction(1, FPS)
                container.mux(stream.encode(frame))
            lines.append(episode.line(second))
        container.mux(stream.encode())
    words = [word for second, line in enumerate(lines) for word in spread(line.split(), second, second + 1)]
    (folder / "match.json").write_text(json.dumps({"words": [dict(zip(FIELDS, w, strict=True)) for w in words]}))
    (folder / "match.context.txt").write_text(episode.context)
    (folder / "lines.txt").write_text(json.dumps(lines))
    episode.close()
    return folder


FIELDS = ("start", "end", "word")


def build(folder: Path, out: Path) -> Build:
    settings = BuildSettings(CheckSettings(), CutSettings(min_words=1))
    return Build(folder, find_recordings(folder), out, settings)


def test_words_come_out_in_their_rounds(match: Path, tmp_path: Path) -> None:
    made = build(match, tmp_path)
    with made.alone():
        made.check()
        made.clean(lambda step, cost: None)
        made.cut()
    lines = json.loads((match / "lines.txt").read_text())
    samples = list(SampleFile(tmp_path / "train_with_seeks.jsonl"))
    assert [sample.start for sample in samples] == [0, 12, 24, 36]
    context = " ".join((match / "match.context.txt").read_text().split())
    for sample in samples:
        start = round(sample.start)
        assert [seen.words for seen in rounds(sample)] == [" ".join(line.split()) for line in lines[start : start + 24]]
        assert sample.previous == " ".join([context, *(word for line in lines[:start] for word in line.split())])
    assert sum(bool(line) for line in lines) > 5


def test_the_pictures_are_those_of_their_seconds(match: Path) -> None:
    """Each decoded frame is nearer to the picture of its own time than to those of two seconds before and after."""
    episode = find("football").start(734_202, True)
    painted = {time: episode.frame(time).astype(np.float32) for time in range(28, 45, 2)}
    episode.close()
    for number, frame in enumerate(clip_frames(match / "match.mp4", 30, 42, fps=0.5)):
        time = 30 + 2 * number
        shape = (slice(frame.shape[0]), slice(frame.shape[1]))
        apart = {other: float(np.abs(painted[other][shape] - frame).mean()) for other in (time - 2, time, time + 2)}
        assert min(apart, key=lambda other: apart[other]) == time


def test_recordings_that_change_meanwhile_are_said(match: Path, tmp_path: Path) -> None:
    folder = tmp_path / "videos"
    folder.mkdir()
    for name in ("match.mp4", "match.json"):
        (folder / name).write_bytes((match / name).read_bytes())
    made = build(folder, tmp_path / "out")
    made.check()
    made.clean(lambda step, cost: None)
    (folder / "match.json").write_text('[[0, 1, "new"]]')
    with pytest.raises(DataError, match=r"match\.mp4 is not what was cleaned; run the command again"):
        made.cut()
