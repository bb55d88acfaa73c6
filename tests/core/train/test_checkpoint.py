"""What training exports is a Qwen2.5-VL checkpoint: for the engine's loader and for transformers."""

import json

import numpy as np
import pytest
import torch
from tqdm import tqdm

from core.model.attention import CausalAttention
from core.model.checkpoint import load
from core.model.rotary import mrope
from core.train import checkpoint
from core.train.shape import COLUMNS, ROWS, Shape, model_config, raw_config
from core.train.student import Student
from core.train.transcript import Answer


@pytest.fixture(scope="module")
def example(scribe):
    """(patches, ids, visual, positions) of one chunk of three rounds."""
    encoded = scribe.encode("A v B.", [], [], 0.0, [Answer("Foul by A."), Answer(""), Answer("")])
    front = encoded.front
    chunk = encoded.chunk
    patches = torch.randn(3 * ROWS * COLUMNS, 1176, generator=torch.Generator().manual_seed(0))
    ids = torch.from_numpy(np.concatenate((front.ids, chunk.ids))).long()
    positions = torch.from_numpy(np.concatenate((front.positions, chunk.positions), 1)).float()
    return patches, ids[None], torch.from_numpy(chunk.visual).long() + len(front.ids), positions[:, None]


def taught(student, example):
    patches, ids, visual, positions = example
    with torch.no_grad():
        embeds = student.embeds(patches, (3, ROWS, COLUMNS), ids, visual)
        return student.logits(student.think_plainly(embeds, positions))


def test_the_engines_loader_reads_the_same_model(student, exported, example):
    patches, ids, visual, positions = example
    model = load(exported, torch.device("cpu"), torch.float32).model
    config = model.config
    with torch.no_grad():
        embeds = model.decoder.embed(ids)
        embeds[0, visual] = model.vision(patches, (3, ROWS, COLUMNS))
        cos, sin = mrope(positions, config.head_dim, config.mrope_section, config.rope_theta)
        logits = model.decoder.logits(model.decoder(embeds, CausalAttention(cos, sin)))
    assert torch.allclose(logits, taught(student, example), atol=1e-4)


def test_transformers_reads_the_same_model(student, exported, example):
    transformers = pytest.importorskip("transformers")
    patches, ids, _, positions = example
    tqdm.monitor_interval = 0  # its thread would outlive the test
    model = transformers.Qwen2_5_VLForConditionalGeneration.from_pretrained(exported, dtype=torch.float32)
    grid = torch.tensor([[1, ROWS, COLUMNS]]).repeat(3, 1)
    with torch.no_grad():
        logits = model(
            input_ids=ids, pixel_values_videos=patches, video_grid_thw=grid, position_ids=positions.long()
        ).logits
    assert torch.allclose(logits, taught(student, example), atol=1e-3)


def test_transformers_reads_the_tokenizer(exported, tokenizer):
    transformers = pytest.importorskip("transformers")
    theirs = transformers.AutoTokenizer.from_pretrained(exported)
    text = "<|im_start|>user\nTime=12.0-13.0s<|im_end|>\n Goal for Harbour! Harbour 12, Union 0. ..."
    assert theirs(text)["input_ids"] == tokenizer.encode(text, add_special_tokens=False).ids
    chat = theirs.apply_chat_template(
        [{"role": "user", "content": "hello"}], tokenize=False, add_generation_prompt=True
    )
    assert chat.endswith("<|im_start|>user\nhello<|im_end|>\n<|im_start|>assistant\n")


def test_the_bundled_shape_fits_its_limits(tokenizer, tmp_path):
    config = model_config(Shape(), tokenizer)
    weights = {name: weight.detach() for name, weight in Student(config).named_parameters()}
    assert sum(weight.numel() for weight in weights.values()) <= 12_000_000
    checkpoint.export(tmp_path, weights, raw_config(Shape(), tokenizer), config, tokenizer)
    sizes = {file.name: file.stat().st_size for file in tmp_path.iterdir()}
    assert max(sizes.values()) < 15_000_000
    assert sum(sizes.values()) <= 24_000_000
    index = json.loads((tmp_path / "model.safetensors.index.json").read_text())
    assert set(index["weight_map"].values()) == {name for name in sizes if name.endswith(".safetensors")}
    assert json.loads((tmp_path / "courtside.json").read_text())["size"] == [252, 140]
