"""transformers' own model on the same weights: vision tower, prefill and eager decode over its dynamic cache.

What it does not have is left out in its favour: nothing is evicted, nothing is sampled by rule, no text is made.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from inspect import signature
from typing import Any

import torch
from torch import Tensor
from transformers import (
    AutoModelForImageTextToText,
    DynamicCache,
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
)
from transformers.utils.logging import disable_progress_bar

from core.eval.bench.bench import NEW_TOKENS, Bench
from core.eval.bench.roofline import synchronise
from core.model.checkpoint import Checkpoint
from core.model.qwen2_5_vl.names import published_weights
from core.model.qwen2_5_vl.patches import normalise, patchify
from core.types import Chunk
from core.video.resize import resize


@dataclass(frozen=True, slots=True)
class TransformersRound:
    """Seconds of one chunk.

    Attributes:
        cut_s: from the frames to patches. vision_s: the tower, run once more alone.
        prefill_s: the turn, tower included. step_s: one decode step.
    """

    cut_s: float
    vision_s: float
    prefill_s: float
    step_s: float

    @property
    def chunk_s(self) -> float:
        """The whole round."""
        return self.cut_s + self.prefill_s + (NEW_TOKENS - 1) * self.step_s


class TransformersLoop:
    """transformers' model with `cached` tokens in its cache."""

    def __init__(self, bench: Bench, cached: int) -> None:
        self.device = bench.device
        self.model = _shared(bench) if bench.shape else _loaded(bench)
        self.video_pad = self.model.config.video_token_id
        takes = signature(self.model.forward).parameters
        self._cache_name = "cache" if "cache" in takes else "past_key_values"  # renamed in 5.24
        self.cached = cached
        self.cache = DynamicCache()
        self._fill()

    @torch.inference_mode()
    def round(self, chunk: Chunk, size: tuple[int, int], text_tokens: int) -> TransformersRound:
        """A chunk with `text_tokens` tokens beside its pictures and NEW_TOKENS tokens said; forgotten afterwards."""
        arrived = self._now()
        patches, grid = self._cut(chunk, size)
        begun = self._now()
        self.model.model.visual(patches, grid_thw=grid)
        seen = self._now()
        logits = self._prefill(patches, grid, text_tokens)
        prefilled = self._now()
        for _ in range(NEW_TOKENS - 1):
            logits = self._forward(logits.argmax(dim=-1), {})
            int(logits[0, -1].argmax())  # whoever shows words must know each one
        done = self._now()
        self.cache.crop(self.cached - self.cache.get_seq_length())
        return TransformersRound(begun - arrived, seen - begun, prefilled - seen, (done - prefilled) / (NEW_TOKENS - 1))

    @torch.inference_mode()
    def _fill(self) -> None:
        ids = torch.arange(self.cached, device=self.device)[None] % 900
        for part in ids.split(2048, dim=1):
            self._forward(part, {})

    def _prefill(self, patches: Tensor, grid: Tensor, text_tokens: int) -> Tensor:
        pads = int(grid.prod(dim=1).sum()) // 4
        ids = torch.arange(text_tokens + pads, device=self.device)[None] % 900
        ids[:, 8 : 8 + pads] = self.video_pad
        return self._forward(ids, {"pixel_values_videos": patches, "video_grid_thw": grid})

    def _forward(self, ids: Tensor, pictures: dict[str, Tensor]) -> Tensor:
        """Logits (1, 1, vocab) after ids (1, tokens)."""
        start = self.cache.get_seq_length()
        positions = torch.arange(start, start + ids.shape[1], device=self.device).expand(3, 1, -1)
        inputs: dict[str, Any] = {"input_ids": ids, "position_ids": positions, self._cache_name: self.cache}
        return self.model(**inputs, **pictures, use_cache=True, logits_to_keep=1).logits

    def _cut(self, chunk: Chunk, size: tuple[int, int]) -> tuple[Tensor, Tensor]:
        frames = (torch.from_numpy(frame).to(self.device)[None] for frame in chunk.frames)
        patches, grid = patchify(torch.cat([resize(frame, (size[1], size[0])) for frame in frames]))
        return normalise(patches).to(self.model.dtype), torch.tensor([grid], device=self.device)

    def _now(self) -> float:
        synchronise(self.device)
        return time.perf_counter()


def _shared(bench: Bench) -> Any:
    """Its model with our very weights, not copied where the layout is the same."""
    assert bench.shape is not None
    checkpoint = bench.checkpoint(bench.first)
    config = Qwen2_5_VLConfig.from_dict(bench.shape.raw)
    dtype = checkpoint.model.decoder.embed.weight.dtype
    with bench.device:
        model = AutoModelForImageTextToText.from_config(config, dtype=dtype, attn_implementation="sdpa")
    model.load_state_dict(_named(checkpoint), assign=True)
    return model.eval()


def _named(checkpoint: Checkpoint) -> dict[str, Tensor]:
    weights = {name: weight.data for name, weight in checkpoint.model.named_parameters()}
    named = {"lm_head.weight": checkpoint.model.decoder.head.weight.data.contiguous()}
    for name, weight in published_weights(weights, checkpoint.model.config):
        front, _, rest = name.partition(".")
        if front == "lm_head":
            continue
        named[f"model.{'visual' if front == 'visual' else 'language_model'}.{rest}"] = weight.contiguous()
    return named


def _loaded(bench: Bench) -> Any:
    disable_progress_bar()
    model: Any = Qwen2_5_VLForConditionalGeneration.from_pretrained(bench.folder, dtype=torch.float32)
    return model.eval().to(device=bench.device)
