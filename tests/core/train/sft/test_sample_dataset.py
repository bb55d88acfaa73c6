"""Samples by number: frames in full rounds, the size the budget allows, and faults instead of errors."""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer

from core.data.jsonl import SampleFile, write_samples
from core.data.sample import Sample, Word
from core.model.checkpoint import read_config
from core.train.sft.clip_source import VideoClips
from core.train.sft.encoded_sample import EncodedSample
from core.train.sft.sample_dataset import Fault, SampleDataset
from core.train.sft.sft_config import PixelBudget, PromptConfig

SAID = (Word(1.0, 1.5, "Goal"),)


def dataset(
    model_path: Path, tokenizer: Tokenizer, root: Path, files: list[Path], pixels: PixelBudget
) -> SampleDataset:
    found = [SampleFile(file) for file in files]
    vision = read_config(model_path).vision
    return SampleDataset(found, VideoClips(root), tokenizer.to_str(), vision, PromptConfig(), pixels)


def written(folder: Path, name: str, *samples: Sample) -> Path:
    write_samples(folder / name, samples)
    return folder / name


def test_samples_of_several_files_are_numbered_through(
    data: Path, model_path: Path, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    one = written(tmp_path, "a_with_seeks.jsonl", Sample("game.mp4", 0.0, 2.0, words=SAID))
    files = [one, data / "train_with_seeks.jsonl", one]
    found = dataset(model_path, tokenizer, data, files, PixelBudget(784, 6272))
    assert len(found) == 5
    lengths = [len(found[n].frames) for n in range(5)]  # type: ignore[union-attr]
    assert lengths == [4, 12, 10, 10, 4]


def test_a_last_second_that_ends_early_is_filled(
    data: Path, model_path: Path, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    file = written(tmp_path, "a_with_seeks.jsonl", Sample("game.mp4", 0.0, 2.4, words=SAID))
    got = dataset(model_path, tokenizer, data, [file], PixelBudget(784, 6272))[0]
    assert isinstance(got, EncodedSample)
    assert len(got.frames) == 6
    assert got.frames[5].equal(got.frames[4])
    assert not got.frames[4].equal(got.frames[3])


def test_frames_get_the_size_that_the_budget_allows(data: Path, model_path: Path, tokenizer: Tokenizer) -> None:
    files = [data / "train_with_seeks.jsonl"]
    sizes = [PixelBudget(784, 6272), PixelBudget(784, 1 << 20), PixelBudget(784, 1 << 20, total=2048 * 6)]
    shapes = [tuple(dataset(model_path, tokenizer, data, files, size)[0].frames.shape[1:3]) for size in sizes]  # type: ignore[union-attr]
    assert shapes == [(56, 84), (56, 84), (28, 28)]


def test_what_cannot_be_used_is_told(data: Path, model_path: Path, tokenizer: Tokenizer, tmp_path: Path) -> None:
    long = Sample("game.mp4", 0.0, 11.0, words=SAID)
    file = written(tmp_path, "a_with_seeks.jsonl", Sample("none.mp4", 0.0, 3.0, words=SAID), long)
    found = dataset(model_path, tokenizer, data, [file], PixelBudget(784, 6272, most_frames=20))
    missing, too_long = found[0], found[1]
    assert isinstance(missing, Fault)
    assert isinstance(too_long, Fault)
    assert "none.mp4 does not exist" in missing.reason
    assert too_long.reason == "Sample too long: game.mp4 from 0 to 11 s has 22 frames"
