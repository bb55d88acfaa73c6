"""The loss against transformers' own; packing and checkpointing change nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer

from core.data.jsonl import SampleFile
from core.model.checkpoint import read_config
from core.model.qwen2_5_vl.patches import normalise, patchify
from core.train.sft.clip_source import VideoClips
from core.train.sft.encoded_sample import EncodedSample
from core.train.sft.load_model import load_model
from core.train.sft.pack import pack
from core.train.sft.sample_dataset import SampleDataset
from core.train.sft.sft_config import PixelBudget, PromptConfig, SftConfig
from core.train.sft.sft_model import SftModel, weighted_losses
from tests.parity.oracle import load_oracle
from tests.parity.test_transformers import saved_by_transformers

SMALL = PixelBudget(smallest=784, largest=6272)


def samples(data: Path, model_path: Path, tokenizer: Tokenizer) -> list[EncodedSample]:
    vision = read_config(model_path).vision
    files = [SampleFile(data / "train_with_seeks.jsonl")]
    dataset = SampleDataset(files, VideoClips(data), tokenizer.to_str(), vision, PromptConfig(), SMALL)
    got = [dataset[n] for n in range(len(dataset))]
    assert all(isinstance(one, EncodedSample) for one in got)
    return got  # type: ignore[return-value]


def loaded(model_path: Path, **config: object) -> SftModel:
    return load_model(model_path, read_config(model_path), SftConfig(**config), torch.float32)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["published", "qwen2_5_vl", "qwen2_vl"])
def test_the_loss_is_that_of_transformers(
    kind: str, data: Path, model_path: Path, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    path = model_path if kind == "published" else saved_by_transformers(tmp_path / "model", kind, tied=True)
    for one in samples(data, path, tokenizer):
        text = one.text
        ours = loaded(path)(pack([one])).item()
        cut, grid = patchify(one.frames)
        labels = torch.full((1, len(text.ids)), -100)
        labels[0, text.answer_at + 1] = torch.from_numpy(text.answer_ids).long()
        theirs = load_oracle("qwen2_vl" if kind == "qwen2_vl" else "qwen2_5_vl", path)(
            input_ids=torch.from_numpy(text.ids).long()[None],
            position_ids=torch.from_numpy(text.positions)[:, None],
            pixel_values_videos=normalise(cut).double(),
            video_grid_thw=torch.tensor([grid]),
            labels=labels,
        )
        assert ours == pytest.approx(theirs.loss.item() * len(text.answer_ids), rel=2e-5)


def test_samples_of_a_pack_do_not_see_each_other(data: Path, model_path: Path, tokenizer: Tokenizer) -> None:
    model = loaded(model_path)
    parts = samples(data, model_path, tokenizer)
    apart = sum(model(pack([one])).item() for one in parts)
    assert model(pack(parts)).item() == pytest.approx(apart, rel=1e-5)


@pytest.mark.parametrize("train_vision", [False, True])
def test_checkpointing_gives_the_same_gradients(
    train_vision: bool, data: Path, model_path: Path, tokenizer: Tokenizer
) -> None:
    batch = pack(samples(data, model_path, tokenizer))
    gradients = []
    for how in ({"checkpointing": False}, {"keep_layers": 1}, {}):
        model = loaded(model_path, train_vision=train_vision, **how)
        model(batch).backward()
        gradients.append({name: p.grad for name, p in model.named_parameters() if p.grad is not None})
        assert any(name.startswith("vision") for name in gradients[-1]) is train_vision
    for name, gradient in gradients[0].items():
        torch.testing.assert_close(gradients[1][name], gradient)
        torch.testing.assert_close(gradients[2][name], gradient)


def test_only_decisions_are_focal(data: Path, model_path: Path, tokenizer: Tokenizer) -> None:
    batch = pack(samples(data, model_path, tokenizer))
    logits = torch.randn(len(batch.answer_ids), 152064, generator=torch.Generator().manual_seed(0))
    plain = weighted_losses(logits, batch, 0.0)
    focal = weighted_losses(logits, batch, 2.0)
    torch.testing.assert_close(focal[~batch.decides], plain[~batch.decides])
    expected = plain * (1 - (-plain).exp()) ** 2
    torch.testing.assert_close(focal[batch.decides], expected[batch.decides])
