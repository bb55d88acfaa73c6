"""The figures of all variants: quality beside compute and memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.eval import metrics
from core.eval.ablations.outcome import PARTS, Summary
from core.eval.ablations.variant import BASE
from core.eval.ablations.verdict import QUARTER, SAME, quality
from core.eval.metrics import Counts
from core.eval.programmes import ALL, fact_key
from core.programmes.programme import Programme

Record = dict[str, Any]
PART_KEYS = tuple(f"part {number + 1}" for number in range(PARTS))


def figures(programme: Programme, found: Mapping[str, Summary]) -> dict[str, Record]:
    """By name, `VARIANT_FIGURE`; shares with their 95 % bootstrap intervals over episodes."""
    records: dict[str, Record] = {}
    for name, summary in found.items():
        for figure, record in _quality_figures(programme, summary).items():
            records[f"{name}_{figure}"] = record
        for figure, record in _cost_figures(summary).items():
            records[f"{name}_{figure}"] = record
    if "recompute" in found:
        base = found[BASE]
        other = found["recompute"]
        behind = quality(other.total(ALL)) - quality(base.total(ALL))
        records["streaming_behind_recompute"] = plain(behind, "share", "lower", SAME)
        ratio = base.cost.chunk_s / other.cost.chunk_s
        records["streaming_compute_of_recompute"] = plain(ratio, "share", "lower", QUARTER)
    return records


def _quality_figures(programme: Programme, summary: Summary) -> dict[str, Record]:
    wanted: list[tuple[str, str, Callable[[Counts], float], str, str]] = [
        ("quality", ALL, quality, "share", "higher"),
        ("event_f1", ALL, metrics.f1, "share", "higher"),
        ("who_right", ALL, metrics.who_right, "share", "higher"),
        *((f"{fact}_right", fact_key(fact), metrics.facts_right, "share", "higher") for fact in programme.facts),
        *((f"facts_right_{key.replace(' ', '_')}", key, metrics.facts_right, "share", "higher") for key in PART_KEYS),
        *((f"event_f1_{key.replace(' ', '_')}", key, metrics.f1, "share", "higher") for key in PART_KEYS),
        ("false_alarms_per_quiet_minute", ALL, metrics.false_alarms_per_quiet_minute, "1/min", "lower"),
        ("silence_kept", ALL, metrics.silence_kept, "share", "higher"),
        ("words_per_minute", ALL, metrics.words_per_minute, "1/min", "lower"),
    ]
    return {
        name: _measured(samples, figure, unit, better)
        for name, key, figure, unit, better in wanted
        if (samples := summary.samples(key))
    }


def _measured(samples: Sequence[Counts], figure: Callable[[Counts], float], unit: str, better: str) -> Record:
    low, high = metrics.interval(samples, figure)
    value = figure(sum(samples, Counts()))
    return {"value": value, "unit": unit, "low": low, "high": high, "goal": None, "better": better}


def _cost_figures(summary: Summary) -> dict[str, Record]:
    cost = summary.cost
    return {
        "chunk_compute": plain(cost.chunk_s, "s", "lower"),
        "chunk_compute_p95": plain(cost.chunk_p95_s, "s", "lower"),
        "chunk_compute_last_part": plain(cost.parts_s[-1], "s", "lower"),
        "prefill_tokens": plain(cost.prefill_tokens, "tokens", "lower"),
        "kv_tokens": plain(cost.kv_tokens, "tokens", "lower"),
        "kv_bytes": plain(cost.kv_bytes, "bytes", "lower"),
        "peak_bytes": plain(cost.peak_bytes, "bytes", "lower"),
    }


def plain(value: float, unit: str, better: str, goal: float | None = None) -> Record:
    """A figure without an interval."""
    return {"value": value, "unit": unit, "low": value, "high": value, "goal": goal, "better": better}
