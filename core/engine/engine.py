"""The streaming engine: one chunk in, one round of commentary out."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn import functional as F

from core.config import StreamConfig
from core.engine.context import Context
from core.engine.sampler import Sampler
from core.engine.stats import Stopwatch, gpu_bytes, rss_bytes
from core.errors import UsageError
from core.messages import Line, Piece, Stats
from core.model.checkpoint import Checkpoint, load
from core.model.rotary import rotate
from core.prompt.detokenizer import Detokenizer
from core.prompt.template import Template
from core.types import Chunk
from core.video import patches


class CacheAttention:
    """Attention of new tokens over the cache, which takes their keys and values in on the way.

    Attributes:
        cos, sin: (tokens, head_dim), the rotation of the new tokens.
    """

    def __init__(self, context: Context, cos: Tensor, sin: Tensor) -> None:
        self.cache, self.cos, self.sin = context.cache, cos, sin
        self.start, tokens = context.cache.length, cos.shape[0]
        self.stop = self.start + tokens
        self.mask = None
        if tokens > 1:
            mask = torch.full((tokens, self.stop), -math.inf, device=cos.device, dtype=cos.dtype)
            self.mask = mask.triu(self.start + 1)

    def __call__(self, layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """q: (1, heads, tokens, head_dim); k, v: (1, kv_heads, tokens, head_dim), unrotated."""
        self.cache.write(layer, self.start, k[0], rotate(k[0], self.cos, self.sin), v[0])
        keys, values = self.cache.rotated[layer, :, : self.stop], self.cache.values[layer, :, : self.stop]
        q = rotate(q, self.cos, self.sin)
        return F.scaled_dot_product_attention(q, keys[None], values[None], attn_mask=self.mask, enable_gqa=True)


class Engine:
    """A loaded checkpoint and the context of one stream.

    Attributes:
        context: ledger, cache and positions.
        round: the number of the next round.
    """

    def __init__(self, checkpoint: Checkpoint, config: StreamConfig, device: torch.device) -> None:
        self.checkpoint, self.config, self.device = checkpoint, config, device
        self.model = checkpoint.model
        self.dtype = self.model.decoder.embed.weight.dtype
        self.template = Template(checkpoint.tokenizer)
        self.context = Context(config, self.model.config, self.template, device, self.dtype)
        self.sampler = Sampler(config.sampling, self.model.config.vocab, device)
        self.round = 0
        self._question = config.query
        self._special_ids = frozenset({self.template.special.im_end})

    def ask(self, question: str) -> None:
        """Put a question into the next round's user turn."""
        self._question = question

    @torch.inference_mode()
    def warm_up(self) -> None:
        """Run every stage once on an empty picture, so that the first round costs what the others cost."""
        vision = self.model.config.vision
        side = 2 * vision.patch * vision.merge
        cut, grid = patches.patchify(torch.zeros(2, side, side, 3, device=self.device), vision.patch, vision.merge)
        self.model.vision(cut, grid)
        self.context.cache.reserve(64)
        for ids in ([0] * 8, [0]):
            cos = torch.ones(len(ids), self.model.config.head_dim, device=self.device, dtype=self.dtype)
            self._forward(self._embed(ids), cos, torch.zeros_like(cos))
        self.context.cache.clear()

    @torch.inference_mode()
    def step(self, chunk: Chunk) -> Iterator[Piece | Line | Stats]:
        """One round: evict, see, prefill, decode. Pieces as they are sampled, then the line, then what it cost."""
        watch, round_ = Stopwatch(), self.round
        with watch.stage("evict"):
            if self.context.moves_words_without_keys():
                self._prefill_words()
            self.context.evict(round_, chunk.start)
        with watch.stage("vision"):
            grid, pictures = self._see(chunk)
        with watch.stage("evict"):
            question, self._question = self._question, ""
            self.context.append_turn(chunk, round_, grid, question)
            self.context.keep_pictures(round_, pictures)
            self.context.cache.reserve(len(self.context.ledger) + self.config.sampling.max_new_tokens)
            self._rotate_kept()
        with watch.stage("prefill"):
            logits = self._prefill()
        yield from self._decode(chunk, logits, watch)
        self.round += 1

    def _decode(self, chunk: Chunk, logits: Tensor, watch: Stopwatch) -> Iterator[Piece | Line | Stats]:
        """Sample token by token; the last one sampled gets its keys with the next turn."""
        limit, end = self.config.sampling.max_new_tokens, self.template.special.im_end
        words, sampled = Detokenizer(self.checkpoint.tokenizer, self._special_ids), []
        cos, sin = (t.to(self.dtype) for t in self.context.coming_rotation(limit))
        self.sampler.begin(self.context.ledger.tokens())
        shown_at = first_token = 0.0
        while True:
            with watch.stage("decode"):
                sampled.append(self.sampler.sample(logits))
            first_token = first_token or watch.elapsed()
            if piece := words.push(sampled[-1]):
                shown_at = shown_at or time.monotonic()
                yield Piece(self.round, piece)
            if sampled[-1] == end or len(sampled) == limit:
                break
            with watch.stage("decode"):
                n = len(sampled) - 1
                logits = self._forward(self._embed([sampled[-1]]), cos[n : n + 1], sin[n : n + 1])
        if rest := words.finish():
            yield Piece(self.round, rest)
        self.context.ledger.append(self.template.answer(self.round, sampled))
        self.context.ledger.cached = self.context.cache.length
        yield Line(
            self.round,
            chunk.start,
            chunk.end,
            words.text(),
            chunk.captured_at,
            shown_at or time.monotonic(),
            tuple(sampled),
        )
        yield self._stats(watch, first_token, len(sampled), chunk.end)

    def _see(self, chunk: Chunk) -> tuple[tuple[int, int, int], Tensor]:
        """The merged grid of a chunk and its vision embeddings (tokens, hidden)."""
        vision = self.model.config.vision
        height, width = self._frame_size(*chunk.frames.shape[1:3])
        frames = torch.from_numpy(patches.resize(chunk.frames, (height, width))).to(self.device)
        cut, grid = patches.patchify(patches.normalise(frames), vision.patch, vision.merge, vision.temporal_patch)
        merged = (grid[0], grid[1] // vision.merge, grid[2] // vision.merge)
        return merged, self.model.vision(cut, grid)

    def _frame_size(self, height: int, width: int) -> tuple[int, int]:
        """(height, width) in pixels that the tower gets for frames of this size."""
        factor = self.model.config.vision.patch * self.model.config.vision.merge
        if self.config.size == "auto":
            budget = self.checkpoint.min_pixels, self.checkpoint.max_pixels
            return patches.smart_size(height, width, factor, *budget)
        if self.config.size != "native":
            width, height = self.config.size
        if height % factor or width % factor:
            raise UsageError(
                "Impossible size", f"{width}x{height}: width and height must be multiples of {factor} pixels"
            )
        return height, width

    def _prefill(self) -> Tensor:
        """Give the pending tokens their keys; the logits (vocab,) after the last one."""
        ledger = self.context.ledger
        embeddings = self._embed(ledger.pending())
        for offset, pictures in self.context.pending_pictures():
            embeddings[offset : offset + len(pictures)] = pictures
        cos, sin = (t.to(self.dtype) for t in self.context.rotation(ledger.cached, len(ledger)))
        logits = self._forward(embeddings, cos, sin)
        ledger.cached = self.context.cache.length
        return logits

    def _forward(self, embeddings: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """Run new tokens (tokens, hidden) through the decoder over the cache; the last one's logits (vocab,)."""
        hidden = self.model.decoder(embeddings[None], CacheAttention(self.context, cos, sin))
        self.context.cache.length += len(embeddings)
        return self.model.decoder.logits(hidden[0, -1])

    def _embed(self, ids: list[int]) -> Tensor:
        return self.model.decoder.embed(torch.tensor(ids, device=self.device))

    def _rotate_kept(self) -> None:
        cache = self.context.cache
        if cache.length:
            cos, sin = (t.to(self.dtype) for t in self.context.rotation(0, cache.length))
            cache.rotate_kept(cos, sin)

    def _prefill_words(self) -> None:
        """Give words that are about to move their keys, at the positions they were written at."""
        self.context.settle_positions()
        self.context.cache.reserve(len(self.context.ledger))
        self._prefill()

    def _stats(self, watch: Stopwatch, first_token: float, new_tokens: int, now: float) -> Stats:
        cache, stages = self.context.cache, watch.stages
        return Stats(
            round=self.round,
            compute_s=watch.elapsed(),
            first_token_s=first_token,
            vision_s=stages["vision"],
            evict_s=stages["evict"],
            prefill_s=stages["prefill"],
            decode_s=stages["decode"],
            new_tokens=new_tokens,
            kv_tokens=cache.length,
            kv_bytes=cache.allocated_bytes,
            remembers_s=self.context.remembers_s(now),
            rss_bytes=rss_bytes(),
            gpu_bytes=gpu_bytes(self.device),
        )


def pick_device(name: str) -> torch.device:
    """ "auto", "cpu" or "cuda[:N]" to a device. Raises UsageError where the GPU asked for is not there."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError:
        raise UsageError("Unknown device", f"{name!r}; use auto, cpu or cuda[:N]") from None
    if device.type == "cuda" and not torch.cuda.is_available():
        raise UsageError("No GPU", "this machine or this build of torch has no CUDA device; leave --device out")
    return device


def pick_dtype(name: str, device: torch.device) -> torch.dtype:
    """ "auto" (float32 on the CPU, bfloat16 on a GPU) or a torch name."""
    if name == "auto":
        return torch.float32 if device.type == "cpu" else torch.bfloat16
    dtype = getattr(torch, name, None)
    if not isinstance(dtype, torch.dtype) or not dtype.is_floating_point:
        raise UsageError("Unknown number format", f"{name!r}; use auto, float32, bfloat16 or float16")
    return dtype


def load_engine(config: StreamConfig) -> Engine:
    """Load the checkpoint of `config` and warm the kernels up. Raises CheckpointError or UsageError."""
    device = pick_device(config.device)
    engine = Engine(load(config.model_path(), device, pick_dtype(config.dtype, device)), config, device)
    engine.warm_up()
    return engine
