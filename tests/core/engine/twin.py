"""A slow, plain twin of the streaming engine, written the other way round.

Tokens are one flat list found again by scanning (as the published code does), the whole prompt is tokenised as text,
positions are counted token by token, and every token goes through the decoder alone, with its attention written out.
Nothing is shared with the engine but the weights.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F

from core.model.checkpoint import Checkpoint
from core.model.qwen2_5_vl.patches import normalise, patchify
from core.model.rotary import mrope, rotate


@dataclass
class Entry:
    """One token of the context: keys unrotated and values by layer once it has been through the decoder."""

    id: int
    picture: Tensor | None = None
    grid: tuple[int, int, int] | None = None  # on <|vision_start|>: the merged grid that follows
    keys: list[Tensor] = field(default_factory=list)
    values: list[Tensor] = field(default_factory=list)


class Twin:
    """One stream. `entries` is the context; `rounds` how many rounds have been."""

    def __init__(
        self, checkpoint: Checkpoint, *, context: str, query: str, fps: float, text_rounds: int, vision_rounds: int,
        sink: int, window: int, limit: int,
    ) -> None:  # fmt: skip
        self.model = checkpoint.model
        self.tokenizer = Tokenizer.from_str(checkpoint.tokenizer.to_str())  # special tokens in text are tokens here
        self.fps = fps
        self.text_rounds = text_rounds
        self.vision_rounds = vision_rounds
        self.sink = sink
        self.window = window
        self.limit = limit
        self.query = query
        self.rounds = 0
        opening = "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>previous text\n"
        self.entries = self._write(opening + context + "<|im_end|>\n")

    @torch.inference_mode()
    def step(self, frames: np.ndarray, question: str = "") -> list[int]:
        """One round; returns the ids sampled, greedily."""
        n = self.rounds
        start = float(self.rounds)
        if self.text_rounds == 1 and n and self.entries[-3].id != self._id(" ..."):
            self._catch_up(self._positions())  # a cut line's last word is about to move: it gets keys where it stood
        self._evict(n)
        question = question or (self.query if n == 0 else "")
        self._append_turn(frames, f"Time={start:.1f}-{start + 1:.1f}s", question)
        positions = self._positions()
        logits = self._catch_up(positions)
        sampled: list[int] = []
        while True:
            sampled.append(int(logits.argmax()))
            self.entries.append(Entry(sampled[-1]))
            if sampled[-1] == self._id("<|im_end|>") or len(sampled) == self.limit:
                break
            logits = self._catch_up(self._positions())
        if sampled[-1] != self._id("<|im_end|>"):
            self.entries.append(Entry(self._id("<|im_end|>")))
        self.entries += self._write("\n")
        self.rounds += 1
        return sampled

    def ids(self) -> list[int]:
        return [entry.id for entry in self.entries]

    def _write(self, text: str) -> list[Entry]:
        return [Entry(i) for i in self.tokenizer.encode(text, add_special_tokens=False).ids]

    def _id(self, text: str) -> int:
        (i,) = self.tokenizer.encode(text, add_special_tokens=False).ids
        return i

    def _append_turn(self, frames: np.ndarray, time: str, question: str) -> None:
        cut, grid = patchify(torch.from_numpy(frames))
        pictures = self.model.vision(normalise(cut), grid)
        before = self._write(f"<|im_start|>user\n{time}<|vision_start|>")
        before[-1].grid = (grid[0], grid[1] // 2, grid[2] // 2)
        pads = [Entry(self._id("<|video_pad|>"), picture=picture) for picture in pictures]
        after = self._write(f"<|vision_end|>{question}<|im_end|>\n<|im_start|>assistant\n")
        self.entries += before + pads + after

    def _segment(self, opening: str, ending: str, first: int = 0) -> tuple[int, int]:
        """[start, stop) of the first run from `opening` to `ending`, found by scanning."""
        ids = self.ids()
        a = self.tokenizer.encode(opening, add_special_tokens=False).ids
        end = self._id(ending)
        start = next(i for i in range(first, len(ids)) if ids[i : i + len(a)] == a)
        return start, ids.index(end, start + len(a)) + 1

    def _evict(self, n: int) -> None:
        if n >= self.text_rounds:
            self._promote()
            if self.vision_rounds > self.text_rounds:
                start, stop = self._segment("Time", "<|vision_start|>")
                del self.entries[start : stop - 1]
        if n >= self.vision_rounds and self.vision_rounds < self.text_rounds:
            start, stop = self._segment("<|vision_start|>", "<|vision_end|>")
            del self.entries[start:stop]
        if n >= max(self.text_rounds, self.vision_rounds):
            start, stop = self._segment("<|im_start|>user\n", "<|im_end|>")
            del self.entries[start : stop + 1]
        if n:
            self._trim()

    def _promote(self) -> None:
        """The oldest answer's words go to the end of `previous text`; the rest of the answer goes."""
        start, stop = self._segment("<|im_start|>assistant\n", "<|im_end|>")
        words = self.entries[start + 3 : stop - 1]
        if words and words[-1].id == self._id(" ..."):
            words = words[:-1]
        del self.entries[start : stop + 1]
        _, end = self._segment("<|im_start|>previous text\n", "<|im_end|>")
        self.entries[end - 1 : end - 1] = words

    def _trim(self) -> None:
        start, stop = self._segment("<|im_start|>previous text\n", "<|im_end|>")
        first = start + 4 + self.sink
        last = stop - 1 - self.window
        if first < last:
            del self.entries[first:last]

    def _positions(self) -> Tensor:
        """(3, tokens): counted token by token."""
        out: list[tuple[float, float, float]] = []
        step = self.model.config.vision.temporal_step(self.fps)
        n = 0
        position = 0.0
        while n < len(self.entries):
            out.append((position,) * 3)
            position += 1
            if grid := self.entries[n].grid:
                block = [
                    (position + t * step, position + row, position + column)
                    for t in range(grid[0]) for row in range(grid[1]) for column in range(grid[2])
                ]  # fmt: skip
                out += block
                n += len(block)
                position = max(max(p) for p in block) + 1
            n += 1
        return torch.tensor(out).T

    def _catch_up(self, positions: Tensor) -> Tensor:
        """Run every token that has no keys yet, one after the other; logits after the last."""
        config = self.model.config
        cos, sin = mrope(positions, config.head_dim, config.mrope_section, config.rope_theta)
        x = torch.zeros(0)
        for n, entry in enumerate(self.entries):
            if not entry.keys:
                x = entry.picture if entry.picture is not None else self.model.decoder.embed.weight[entry.id]
                for layer in range(config.layers):
                    x = self._layer(layer, n, x, cos, sin)
        return self.model.decoder.logits(self.model.decoder.norm(x))

    def _layer(self, layer: int, n: int, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        block = self.model.decoder.layers[layer]
        config = self.model.config
        heads = block.qkv(block.input_norm(x)).view(-1, config.head_dim)
        q, k, v = heads.split((config.heads, config.kv_heads, config.kv_heads))
        self.entries[n].keys.append(k)
        self.entries[n].values.append(v)
        keys = torch.stack([e.keys[layer] for e in self.entries[: n + 1]], dim=1)  # (kv_heads, tokens, head_dim)
        values = torch.stack([e.values[layer] for e in self.entries[: n + 1]], dim=1)
        groups = config.heads // config.kv_heads
        keys = rotate(keys, cos[: n + 1], sin[: n + 1]).repeat_interleave(groups, dim=0)
        values = values.repeat_interleave(groups, dim=0)
        q = rotate(q, cos[n], sin[n])
        weights = ((keys @ q[:, :, None])[..., 0] / math.sqrt(config.head_dim)).softmax(-1)
        x = x + block.out((weights[:, None] @ values)[:, 0].flatten())
        gate, up = block.gate_up(block.mlp_norm(x)).chunk(2)
        return x + block.down(F.silu(gate) * up)
