"""Section `twins`: the fast ways against the plain one, on the bundled checkpoint: do they say the same?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from threading import Event

from core.config import resolve
from core.engine.loading import load_engine
from core.eval.bench.bench import Bench
from core.eval.bench.figure import Figure, single
from core.eval.bench.rounds import rounds

PLAIN = {"dtype": "float32"}
TWINS = {"bf16": {"dtype": "bfloat16"}}
"""The ways held against PLAIN, as settings of a stream."""
FPS = 2
SAME_GOAL = 0.95


def figures(bench: Bench) -> Iterator[Figure]:
    """Share of equal rounds, and of equal tokens before the first difference, greedy over one stream."""
    plain = _said(bench, PLAIN)
    for name, settings in TWINS.items():
        said = _said(bench, settings)
        same = sum(a == b for a, b in zip(plain, said, strict=True)) / len(plain)
        note = f"{len(plain)} chunks, first difference in chunk {_first_difference(plain, said)}"
        yield single(f"same_lines_{name}_and_plain", same, "share", SAME_GOAL, "higher", note)


def _said(bench: Bench, settings: dict[str, str]) -> list[tuple[int, ...]]:
    bench.say(f"greedy lines of the bundled model, {settings}")
    given = {"device": str(bench.device), "fps": FPS, "greedy": True, "context": bench.loop.context}
    engine = load_engine(resolve(given | settings), lambda loading: None, Event())
    return [one.tokens for one in rounds(engine, bench.loop, FPS, bench.amounts.twin_rounds)]


def _first_difference(plain: Sequence[tuple[int, ...]], said: Sequence[tuple[int, ...]]) -> str:
    pairs = enumerate(zip(plain, said, strict=True))
    return next((str(number) for number, (a, b) in pairs if a != b), "none")
