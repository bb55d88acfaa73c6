from __future__ import annotations

import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from core.data import published
from core.data.jsonl import SampleFile, seeks_path, write_samples
from core.data.sample import Sample, Word
from core.errors import DataError


def sample(number: int) -> Sample:
    return Sample("ä/b.mp4", number * 12.0, number * 12.0 + 24, "Ünïon", "so far " * number, (Word(1, 2, "gól"),))


SAMPLES = [sample(number) for number in range(7)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "train_with_seeks.jsonl"
    assert write_samples(path, SAMPLES) == len(SAMPLES)
    return path


def test_the_seeks_lie_where_the_published_reader_looks(path: Path) -> None:
    assert seeks_path(path).name == "train_seeks.jsonl"
    assert seeks_path(Path("fg/valid_fg_with_seeks.jsonl")) == Path("fg/valid_fg_seeks.jsonl")
    assert seeks_path(Path("a.jsonl")) == Path("a_seeks.jsonl")
    offsets = json.loads(seeks_path(path).read_text())
    data = path.read_bytes()
    for offset, expected in zip(offsets, SAMPLES, strict=True):
        assert published.read(data[offset:].split(b"\n")[0]) == expected


def test_any_sample_by_number(path: Path) -> None:
    samples = SampleFile(path)
    assert len(samples) == 7
    assert [samples[number] for number in (6, 0, 3, -1)] == [SAMPLES[number] for number in (6, 0, 3, -1)]
    assert list(samples) == SAMPLES
    with pytest.raises(IndexError):
        samples[7]


def test_workers_open_the_file_for_themselves(path: Path) -> None:
    samples = SampleFile(path)
    assert samples[0] == SAMPLES[0]
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert pool.submit(samples.__getitem__, 5).result() == SAMPLES[5]


def test_a_file_that_ends_with_its_seeks(path: Path) -> None:
    """Live-WhisperX-526K has them as its last line."""
    offsets = seeks_path(path).read_bytes()
    seeks_path(path).unlink()
    with path.open("ab") as file:
        file.write(offsets)
    assert list(SampleFile(path)) == SAMPLES


def test_a_file_without_seeks_is_read_through(path: Path) -> None:
    seeks_path(path).unlink()
    path.write_bytes(path.read_bytes().replace(b"\n", b"\n\n", 1).removesuffix(b"\n"))
    samples = SampleFile(path)
    assert len(samples) == 7
    assert samples[6] == SAMPLES[6]


def test_a_bad_line_names_its_number(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    lines[3] = b"{" + lines[3][1:]
    path.write_bytes(b"".join(lines))
    samples = SampleFile(path)
    assert samples[2] == SAMPLES[2]
    with pytest.raises(DataError, match=r"train_with_seeks\.jsonl, line 4: "):
        samples[3]


@pytest.mark.parametrize("seeks", ["[0, 99999999]", "no list", "[0, null]", "[0, -4]", '{"0": 1}', "[true]"])
def test_seeks_that_are_none(path: Path, seeks: str) -> None:
    seeks_path(path).write_text(seeks)
    with pytest.raises(DataError, match=r"train_seeks\.jsonl does not list byte offsets"):
        SampleFile(path)


def test_seeks_of_another_file(path: Path) -> None:
    seeks_path(path).write_text("[0, 7]")
    samples = SampleFile(path)
    with pytest.raises(DataError, match="line 2: no line begins at byte 7"):
        samples[1]


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.jsonl does not exist"):
        SampleFile(tmp_path / "none.jsonl")
    with pytest.raises(DataError, match="is no file"):
        SampleFile(tmp_path)


def test_a_file_of_no_samples(tmp_path: Path) -> None:
    write_samples(tmp_path / "valid_with_seeks.jsonl", [])
    assert list(SampleFile(tmp_path / "valid_with_seeks.jsonl")) == []
    (tmp_path / "empty.jsonl").touch()
    assert len(SampleFile(tmp_path / "empty.jsonl")) == 0


def test_what_fails_half_way_leaves_the_file_before(path: Path) -> None:
    before = path.read_bytes()

    def failing() -> object:
        yield SAMPLES[0]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_samples(path, failing())
    assert path.read_bytes() == before
    assert list(SampleFile(path)) == SAMPLES
    assert sorted(file.name for file in path.parent.iterdir()) == ["train_seeks.jsonl", "train_with_seeks.jsonl"]


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="Cannot write"):
        write_samples(tmp_path / "file" / "train_with_seeks.jsonl", SAMPLES)
