"""What a run of one variant over one episode gave, and all episodes of a variant together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

import numpy as np

from core.eval.metrics import Counts
from core.messages import Line, Stats

PARTS = 6
"""Equal parts of a run, for what changes as it goes on."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What the rounds of a run took. Bytes are of weights, cache and all else the process holds, or of the GPU.

    Attributes:
        chunk_s: median seconds of a round. chunk_p95_s: of the slowest twentieth at least.
        prefill_tokens: run before the first token of an answer, on average. kv_tokens: most in the cache.
        kv_bytes: the cache's buffers at their largest. peak_bytes: most memory, of the GPU where there is one.
        parts_s: median seconds of a round in each part of the run.
    """

    chunk_s: float
    chunk_p95_s: float
    prefill_tokens: float
    kv_tokens: float
    kv_bytes: float
    peak_bytes: float
    parts_s: tuple[float, ...]

    @classmethod
    def of(cls, rounds: Sequence[Stats]) -> Cost:
        """Of the rounds of one run."""
        seconds = np.array([stats.compute_s for stats in rounds])
        parts = [float(np.median(part)) for part in np.array_split(seconds, PARTS) if len(part)]
        return cls(
            float(np.median(seconds)),
            float(np.quantile(seconds, 0.95)),
            float(np.mean([stats.prefill_tokens for stats in rounds])),
            max(stats.kv_tokens for stats in rounds),
            max(stats.kv_bytes for stats in rounds),
            max(stats.gpu_bytes or stats.rss_bytes for stats in rounds),
            tuple(parts),
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one episode. Attributes: counts: by their keys. lines: (start, text) of what was said."""

    counts: Mapping[str, Counts]
    cost: Cost
    lines: tuple[tuple[float, str], ...]

    @classmethod
    def of(cls, counts: Mapping[str, Counts], rounds: Sequence[Stats], lines: Iterable[Line]) -> Outcome:
        """Of what was watched and scored."""
        return cls(counts, Cost.of(rounds), tuple((line.start, line.text) for line in lines if line.text))

    def as_json(self) -> dict[str, Any]:
        """For a file."""
        return {
            "counts": {key: asdict(counts) for key, counts in self.counts.items()},
            "cost": asdict(self.cost),
            "lines": [list(line) for line in self.lines],
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Outcome | None:
        """What `as_json` gave; None where it is something else, or from another version."""
        try:
            counts = {key: Counts(**values) for key, values in record["counts"].items()}
            cost = Cost(**{**record["cost"], "parts_s": tuple(record["cost"]["parts_s"])})
            return cls(counts, cost, tuple((start, text) for start, text in record["lines"]))
        except (KeyError, TypeError, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class Summary:
    """All episodes of a variant.

    Attributes:
        episodes: their counts. cost: means over episodes, but the largest memory of all.
    """

    episodes: tuple[Mapping[str, Counts], ...]
    cost: Cost

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> Summary:
        """Of one variant's outcomes, at least one."""
        costs = [outcome.cost for outcome in outcomes]
        cost = Cost(
            chunk_s=fmean(cost.chunk_s for cost in costs),
            chunk_p95_s=fmean(cost.chunk_p95_s for cost in costs),
            prefill_tokens=fmean(cost.prefill_tokens for cost in costs),
            kv_tokens=max(cost.kv_tokens for cost in costs),
            kv_bytes=max(cost.kv_bytes for cost in costs),
            peak_bytes=max(cost.peak_bytes for cost in costs),
            parts_s=tuple(fmean(part) for part in zip(*(cost.parts_s for cost in costs), strict=True)),
        )
        return cls(tuple(outcome.counts for outcome in outcomes), cost)

    def samples(self, key: str) -> list[Counts]:
        """The counts of each episode under a key, of those that have it."""
        return [counts[key] for counts in self.episodes if key in counts]

    def total(self, key: str) -> Counts:
        """Their sum."""
        return sum(self.samples(key), Counts())
