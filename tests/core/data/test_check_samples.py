from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from core.data.check_samples import check_samples
from core.data.jsonl import seeks_path, write_samples
from core.data.sample import Sample, Word
from core.errors import DataError

GOOD = Sample("game.mp4", 4, 28, words=(Word(5, 6, "goal"),))


@pytest.fixture
def path(make_video: Callable[..., Path], tmp_path: Path) -> Path:
    make_video("game.mp4", seconds=30)
    (tmp_path / "broken.mp4").write_bytes(b"nothing" * 500)
    samples = [
        GOOD,
        replace(GOOD, video="gone.mp4"),
        replace(GOOD, start=12, end=36),
        replace(GOOD, video="broken.mp4"),
        replace(GOOD, words=()),
        GOOD,
    ]
    write_samples(tmp_path / "train_with_seeks.jsonl", samples)
    return tmp_path / "train_with_seeks.jsonl"


@pytest.mark.parametrize("decode", [False, True])
def test_every_line_is_named_and_the_rest_goes_on(path: Path, tmp_path: Path, decode: bool) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines, b"{}\n"]))
    seeks_path(path).unlink()
    told: list[str] = []
    report = check_samples(path, tmp_path, decode, told.append)
    assert (report.samples, report.good, len(told)) == (7, 2, 7)
    assert [(number, kind) for number, kind, _ in report.bad] == [
        (2, "missing_video"),
        (3, "too_short"),
        (4, "undecodable"),
        (5, "no_words"),
        (7, "bad_line"),
    ]
    assert "line 7: bad_line: it is no list of two messages" in report.text()
    assert report.as_json()["kinds"]["too_short"] == 1


def test_damage_inside_a_piece_is_seen_when_all_is_decoded(make_video: Callable[..., Path], tmp_path: Path) -> None:
    video = make_video("game.mp4", seconds=30, gop=8)
    data = bytearray(video.read_bytes())
    data[1000 : len(data) // 2] = bytes(len(data) // 2 - 1000)
    video.write_bytes(data)
    path = tmp_path / "train.jsonl"
    write_samples(path, [replace(GOOD, start=0, end=28)])
    assert check_samples(path, tmp_path).good == 1
    assert check_samples(path, tmp_path, decode=True).bad[0][1] == "undecodable"


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not exist"):
        check_samples(tmp_path / "none.jsonl", tmp_path)
