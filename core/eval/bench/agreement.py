"""Section `twins`: how far the fast runner agrees with the reference, token by token, on the bundled checkpoint.

Left alone, and token by token after the same words: where two tokens are nearly as likely, a rounding decides, and a
line said a second earlier makes two rounds that differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from threading import Event

from torch import Tensor

from core.config import resolve
from core.engine.backends.reference import ReferenceRunner
from core.engine.backends.sdpa import SdpaAttention
from core.engine.engine import Engine
from core.engine.loading import load_engine
from core.eval.bench.bench import Bench
from core.eval.bench.figure import Figure, single
from core.eval.bench.timed_rounds import rounds
from core.model.qwen2_5_vl.vision import embed_frames

PLAIN = "float32"
DTYPES = {"cuda": {"bf16": "bfloat16", "fp8": "fp8"}, "cpu": {"bf16": "bfloat16"}}
"""By type of device: names, and the `dtype` of a stream; each also runs with the reference runner."""
FPS = 2
SAME_GOAL = 0.99


def figures(bench: Bench) -> Iterator[Figure]:
    """Shares of rounds with the very same tokens, greedy over one stream, and of tokens."""
    exact = _greedy_tokens(bench, PLAIN, plain=True)
    for name, dtype in DTYPES[bench.device.type].items():
        if name == "fp8" and name not in bench.precisions:
            continue
        fast = _greedy_tokens(bench, dtype, plain=False)
        plain = _greedy_tokens(bench, dtype, plain=True)
        yield _same(f"same_lines_{name}_fast_and_plain", fast, plain)
        yield _same(f"same_lines_{name}_and_float32", fast, exact)
        yield _agreed(bench, f"same_tokens_{name}_fast_and_plain", dtype, plain)
        yield _agreed(bench, f"same_tokens_{name}_and_float32", dtype, exact)


def _same(name: str, said: Sequence[tuple[int, ...]], wanted: Sequence[tuple[int, ...]]) -> Figure:
    same = sum(a == b for a, b in zip(said, wanted, strict=True)) / len(wanted)
    note = f"{len(wanted)} chunks, first difference in chunk {_first_difference(wanted, said)}"
    return single(name, same, "share", SAME_GOAL, "higher", note)


def _greedy_tokens(bench: Bench, dtype: str, plain: bool) -> list[tuple[int, ...]]:
    bench.report(f"greedy lines of the bundled model, {dtype}, {'plain' if plain else 'fast'}")
    engine = _engine(bench, dtype)
    if plain:
        engine.runner = ReferenceRunner(engine.model, engine.context, SdpaAttention())
        engine.vision_encoder.tower = partial(embed_frames, engine.model.vision)
    return [one.tokens for one in rounds(engine, bench.looped, FPS, bench.workload.agreement_rounds)]


def _agreed(bench: Bench, name: str, dtype: str, lines: Sequence[tuple[int, ...]]) -> Figure:
    """Share of the tokens of `lines` that the fast runner samples, too, after all those before."""
    bench.report(f"greedy tokens of the bundled model, {dtype}, each after the same words")
    engine = _engine(bench, dtype)
    same = []
    sample = engine.generator.sampler.sample

    def told(logits: Tensor, sampled: list[int], now: float) -> int:
        wanted = lines[engine.round][len(sampled)]
        same.append(sample(logits, sampled, now) == wanted)
        return wanted

    engine.generator.sampler.sample = told  # type: ignore[method-assign]
    for _ in rounds(engine, bench.looped, FPS, len(lines)):
        pass
    return single(name, sum(same) / len(same), "share", SAME_GOAL, "higher", f"{len(same)} tokens")


def _engine(bench: Bench, dtype: str) -> Engine:
    given = {"device": str(bench.device), "dtype": dtype, "fps": FPS, "greedy": True, "context": bench.looped.context}
    return load_engine(resolve(given), lambda loading: None, Event())


def _first_difference(plain: Sequence[tuple[int, ...]], said: Sequence[tuple[int, ...]]) -> str:
    pairs = enumerate(zip(plain, said, strict=True))
    return next((str(number) for number, (a, b) in pairs if a != b), "none")
