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
from core.train.bundled_config import COLUMNS, ROWS, ModelSize, model_config, raw_config
from core.train.sample import Answer, TrainingSample
from core.train.train_model import TrainModel


@pytest.fixture(scope="module")
def example(encoder):
    """(patches, ids, visual, positions) of one chunk of three rounds."""
    encoded = encoder.encode(TrainingSample("A v B.", [], [], 0.0, [Answer("Foul by A."), Answer(""), Answer("")], {}))
    prefix = encoded.prefix
    chunk = encoded.chunk
    patches = torch.randn(3 * ROWS * COLUMNS, 1176, generator=torch.Generator().manual_seed(0))
    ids = torch.from_numpy(np.concatenate((prefix.ids, chunk.ids))).long()
    positions = torch.from_numpy(np.concatenate((prefix.positions, chunk.positions), 1)).float()
    return patches, ids[None], torch.from_numpy(chunk.visual).long() + len(prefix.ids), positions[:, None]


def train_model_logits(model, example):
    patches, ids, visual, positions = example
    with torch.no_grad():
        input_embeds = model.input_embeds(patches, (3, ROWS, COLUMNS), ids, visual)
        return model.logits(model.causal_hidden_states(input_embeds, positions))


def test_the_engines_loader_reads_the_same_model(model, exported, example):
    patches, ids, visual, positions = example
    loaded = load(exported, torch.device("cpu"), torch.float32).model
    config = loaded.config
    with torch.no_grad():
        input_embeds = loaded.decoder.embed(ids)
        input_embeds[0, visual] = loaded.vision(patches, (3, ROWS, COLUMNS))
        cos, sin = mrope(positions, config.head_dim, config.mrope_section, config.rope_theta)
        logits = loaded.decoder.logits(loaded.decoder(input_embeds, CausalAttention(cos, sin)))
    assert torch.allclose(logits, train_model_logits(model, example), atol=1e-4)


def test_transformers_reads_the_same_model(model, exported, example):
    transformers = pytest.importorskip("transformers")
    patches, ids, _, positions = example
    tqdm.monitor_interval = 0  # its thread would outlive the test
    theirs = transformers.Qwen2_5_VLForConditionalGeneration.from_pretrained(exported, dtype=torch.float32)
    grid = torch.tensor([[1, ROWS, COLUMNS]]).repeat(3, 1)
    with torch.no_grad():
        logits = theirs(
            input_ids=ids, pixel_values_videos=patches, video_grid_thw=grid, position_ids=positions.long()
        ).logits
    assert torch.allclose(logits, train_model_logits(model, example), atol=1e-3)


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
    config = model_config(ModelSize(), tokenizer)
    weights = {name: weight.detach() for name, weight in TrainModel(config).named_parameters()}
    assert sum(weight.numel() for weight in weights.values()) <= 12_000_000
    checkpoint.export(tmp_path, weights, raw_config(ModelSize(), tokenizer), config, tokenizer)
    sizes = {file.name: file.stat().st_size for file in tmp_path.iterdir()}
    assert max(sizes.values()) < 15_000_000
    assert sum(sizes.values()) <= 24_000_000
    index = json.loads((tmp_path / "model.safetensors.index.json").read_text())
    assert set(index["weight_map"].values()) == {name for name in sizes if name.endswith(".safetensors")}
    assert json.loads((tmp_path / "courtside.json").read_text())["size"] == [252, 140]
