"""Draw a token from the nucleus without sorting: draws from all tokens, of which the first inside the nucleus counts.

A token is inside where those more likely than it have less than `top_p` of the probability. Draws outside are thrown
away, which leaves the distribution inside as it is, so this is exact. Sorting 152,064 logits takes longer than all else
between two tokens.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from core.engine.backends.cuda.graph import capture

DRAWS = 8  # a multiple of four, which come from one step of the generator
BLOCK = 512  # logits that a program reads


class TopPSampler:
    """Draws the tokens of one stream. What it draws depends on the seed and on how often it was called.

    A graph of three kernels, which also apply the repetition penalty and note what was drawn.
    """

    def __init__(self, seen: Tensor, seed: int) -> None:
        """`seen`: (vocab,) True for each id that the penalty applies to; what is drawn is added."""
        vocab = len(seen)
        device = seen.device
        blocks = triton.cdiv(vocab, BLOCK)
        self._seen = seen
        self._logits, self._scaled = torch.empty(2, vocab, device=device)
        self._settings = torch.ones(3, device=device)  # temperature, top_p, penalty
        self._loaded = (1.0, 1.0, 1.0)
        self._state = torch.tensor([seed & 0x7FFFFFFF, 0], dtype=torch.int32, device=device)  # seed, number of calls
        self._block_best = torch.empty(DRAWS, blocks, device=device)
        self._block_tokens = torch.empty(DRAWS, blocks, dtype=torch.int32, device=device)
        self._block_sums = torch.empty(2, blocks, device=device)
        self._more_likely = torch.empty(DRAWS, blocks, device=device)
        self._token = torch.zeros(1, dtype=torch.int32, device=device)
        self._graph = self._capture()

    def __call__(self, logits: Tensor, temperature: float, top_p: float, penalty: float) -> int | None:
        """logits (vocab,) -> a token; None where no draw fell into the nucleus."""
        if self._loaded != (temperature, top_p, penalty):
            self._loaded = temperature, top_p, penalty
            self._settings.copy_(torch.tensor(self._loaded))
        self._logits.copy_(logits)
        self._graph.replay()
        token = int(self._token)
        return token if token >= 0 else None

    def _capture(self) -> torch.cuda.CUDAGraph:
        before = self._state.clone()
        seen = self._seen.clone()
        self._logits.zero_()
        graph, _ = capture(self._run)
        self._state.copy_(before)
        self._seen.copy_(seen)
        return graph

    def _run(self) -> None:
        vocab = len(self._logits)
        blocks = self._block_sums.shape[1]
        padded = triton.next_power_of_2(blocks)
        found = (self._block_best, self._block_tokens)
        _scan[(blocks,)](
            self._logits, self._seen, self._settings, self._state, self._scaled, *found, self._block_sums,
            vocab, blocks, DRAWS, BLOCK,
        )  # fmt: skip
        _weigh[(blocks,)](
            self._scaled, *found, self._block_sums, self._more_likely, vocab, blocks, DRAWS, BLOCK, padded
        )
        _accept[(1,)](
            self._settings, self._state, *found, self._more_likely, self._token, self._seen, blocks, DRAWS, padded
        )


@triton.jit
def _scan(
    logits, seen, settings, state, scaled_to, block_best, block_tokens, block_sums, vocab, blocks,
    DRAWS: tl.constexpr, BLOCK: tl.constexpr,
):  # fmt: skip
    """Penalise and scale; of each draw the best of a block with Gumbel noise; the block's largest logit and sum."""
    block = tl.program_id(0)
    at = block * BLOCK + tl.arange(0, BLOCK)
    inside = at < vocab
    logit = tl.load(logits + at, inside, -float("inf"))
    penalty = tl.load(settings + 2)
    known = tl.load(seen + at, inside, 0) != 0
    logit = tl.where(known, tl.where(logit < 0, logit * penalty, logit / penalty), logit)
    scaled = logit / tl.load(settings)
    tl.store(scaled_to + at, scaled, inside)
    seed = tl.load(state)
    step = tl.load(state + 1)
    largest = tl.maximum(tl.max(scaled), -1e30)
    tl.store(block_sums + block, largest)
    tl.store(block_sums + blocks + block, tl.sum(tl.exp(scaled - largest)))
    for four in tl.static_range(DRAWS // 4):
        chances = tl.rand4x(seed + step * (DRAWS // 4) + four, at)
        for draw in tl.static_range(4):
            noisy = scaled - tl.log(-tl.log(tl.maximum(chances[draw], 1e-20)) + 1e-20)
            value, place = tl.max(noisy, 0, return_indices=True)
            tl.store(block_best + (4 * four + draw) * blocks + block, value)
            tl.store(block_tokens + (4 * four + draw) * blocks + block, block * BLOCK + place)


@triton.jit
def _winner(block_best, block_tokens, draw, blocks, PADDED: tl.constexpr):
    at = tl.arange(0, PADDED)
    value = tl.load(block_best + draw * blocks + at, at < blocks, -float("inf"))
    return tl.load(block_tokens + draw * blocks + tl.argmax(value, 0))


@triton.jit
def _weigh(
    scaled_from, block_best, block_tokens, block_sums, more_likely, vocab, blocks,
    DRAWS: tl.constexpr, BLOCK: tl.constexpr, PADDED: tl.constexpr,
):  # fmt: skip
    """Of each draw the probability, in a block, of the tokens that are more likely than it."""
    block = tl.program_id(0)
    at = block * BLOCK + tl.arange(0, BLOCK)
    among = tl.arange(0, PADDED)
    scaled = tl.load(scaled_from + at, at < vocab, -float("inf"))
    block_max = tl.load(block_sums + among, among < blocks, -1e30)
    largest = tl.max(block_max)
    total = tl.sum(tl.load(block_sums + blocks + among, among < blocks, 0.0) * tl.exp(block_max - largest))
    probability = tl.exp(scaled - largest) / total
    for draw in tl.static_range(DRAWS):
        drawn = tl.load(scaled_from + _winner(block_best, block_tokens, draw, blocks, PADDED))
        tl.store(more_likely + draw * blocks + block, tl.sum(tl.where(scaled > drawn, probability, 0.0)))


@triton.jit
def _accept(
    settings, state, block_best, block_tokens, more_likely, token, seen, blocks,
    DRAWS: tl.constexpr, PADDED: tl.constexpr,
):  # fmt: skip
    """The first draw inside the nucleus, or -1."""
    at = tl.arange(0, PADDED)
    top_p = tl.load(settings + 1)
    chosen = -1
    for draw in tl.static_range(DRAWS):
        before = tl.sum(tl.load(more_likely + draw * blocks + at, at < blocks, 0.0))
        place = _winner(block_best, block_tokens, draw, blocks, PADDED)
        chosen = tl.where((chosen < 0) & (before < top_p), place, chosen)
    tl.store(token, chosen)
    tl.store(seen + chosen, 1, chosen >= 0)
    tl.store(state + 1, tl.load(state + 1) + 1)
