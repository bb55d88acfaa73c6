"""What training leaves behind: a Qwen2.5-VL checkpoint directory, and the state from which it goes on."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor

from core.model.config import ModelConfig
from core.model.qwen2_5_vl.names import published_weights
from core.model.qwen2_5_vl.patches import MEAN, STD
from core.train.bundled_config import (
    FPS,
    FRAME_SIZE,
    MAX_NEW_TOKENS,
    SENTENCE_PENALTY,
    SILENCE_THRESHOLD,
    SINK_TOKENS,
    TEXT_WINDOW_TOKENS,
)
from core.train.tokenizer import tokenizer_config

SHARD_BYTES = 13_000_000
STATE_FILE = "state.pt"
STREAM_DEFAULTS: dict[str, Any] = {
    "fps": FPS,
    "size": list(FRAME_SIZE),
    "greedy": True,
    "repetition_penalty": 1.0,
    "max_new_tokens": MAX_NEW_TOKENS,
    "sentence_penalty": SENTENCE_PENALTY,
    "silence_threshold": SILENCE_THRESHOLD,
    "sink_tokens": SINK_TOKENS,
    "text_window_tokens": TEXT_WINDOW_TOKENS,
}
IMAGES: dict[str, Any] = {
    "image_processor_type": "Qwen2VLImageProcessor",
    "processor_class": "Qwen2_5_VLProcessor",
    "patch_size": 14,
    "temporal_patch_size": 2,
    "merge_size": 2,
    "min_pixels": 28 * 28,
    "max_pixels": FRAME_SIZE[0] * FRAME_SIZE[1],
    "image_mean": list(MEAN),
    "image_std": list(STD),
}


def export(
    out: Path, weights: Mapping[str, Tensor], raw: dict[str, Any], config: ModelConfig, tokenizer: Tokenizer
) -> None:
    """Write the checkpoint directory that transformers and `courtside --model` read.

    Args:
        weights: the model's parameters by their names, any float type; stored as bf16.
        raw: the `config.json` to write.
    """
    out.mkdir(parents=True, exist_ok=True)
    tensors = {
        name: t.detach().to("cpu", torch.bfloat16).contiguous() for name, t in published_weights(weights, config)
    }
    _write_shards(out, tensors)
    tokenizer.save(str(out / "tokenizer.json"))
    _write_json(out / "config.json", raw)
    _write_json(out / "tokenizer_config.json", tokenizer_config())
    _write_json(out / "preprocessor_config.json", IMAGES)
    _write_json(out / "courtside.json", STREAM_DEFAULTS)
    generation = {"eos_token_id": raw["eos_token_id"], "pad_token_id": raw["pad_token_id"], "do_sample": False}
    _write_json(out / "generation_config.json", generation)


def _write_shards(out: Path, tensors: dict[str, Tensor]) -> None:
    """`model-0000X-of-0000Y.safetensors`, each under SHARD_BYTES, and their index."""
    shards: list[dict[str, Tensor]] = [{}]
    filled = 0
    for name, tensor in sorted(tensors.items()):
        if shards[-1] and filled + tensor.nbytes > SHARD_BYTES:
            shards.append({})
            filled = 0
        shards[-1][name] = tensor
        filled += tensor.nbytes
    where: dict[str, str] = {}
    for stale in out.glob("model-*.safetensors"):
        stale.unlink()
    for number, shard in enumerate(shards, 1):
        file = f"model-{number:05d}-of-{len(shards):05d}.safetensors"
        save_file(shard, out / file, metadata={"format": "pt"})
        where |= dict.fromkeys(shard, file)
    total = sum(tensor.nbytes for tensor in tensors.values())
    _write_json(out / "model.safetensors.index.json", {"metadata": {"total_size": total}, "weight_map": where})


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", "utf-8")


def save_state(directory: Path, state: dict[str, Any]) -> None:
    """Write the training state whole or not at all: a run killed while it saves keeps the one before."""
    directory.mkdir(parents=True, exist_ok=True)
    torch.save(state, directory / f"{STATE_FILE}.part")
    os.replace(directory / f"{STATE_FILE}.part", directory / STATE_FILE)


def load_state(directory: Path) -> dict[str, Any]:
    """What `save_state` wrote, on the CPU."""
    return torch.load(directory / STATE_FILE, map_location="cpu", weights_only=True)
