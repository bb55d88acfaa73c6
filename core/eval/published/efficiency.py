"""`courtside eval efficiency`: latency and memory over one long stream, mode by mode.

python3 -m app eval efficiency --data MATCH.mp4 --out DIR --model mit-han-lab/StreamingVLM
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from core.config import StreamConfig
from core.data.atomic import read_json, write_json
from core.data.progress import progress
from core.errors import DataError, EngineError, SourceError
from core.eval.published import options
from core.eval.published.figures import Record, figure
from core.eval.published.result import Result, Table, finished
from core.eval.published.run import Run
from core.eval.report_charts import Series, curves
from core.messages import Stats

LAYOUT = "DIR holds one long video; the first one by name is taken. It may be the video itself."
SUFFIXES = (".mp4", ".mkv", ".ts", ".webm", ".mov")
FORM = 1
"""Of the files of records; those of another one are made anew."""
MIB = 1 << 20
END_ROUNDS = 60
"""At the end of a stream, whose latency is held against that of the whole."""
SMOOTHED_ROUNDS = 10
Mode = dict[str, Any]
"""A mode's file: `meta`, `per_chunk`, `summary`, as published, with what memory was used."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `eval efficiency`."""
    options.common(parser, LAYOUT)
    options.stream(parser)


def run(args: argparse.Namespace) -> dict[str, Any]:
    """The figures. Raises CourtsideError."""
    return finished(Run.of(args), "Efficiency", evaluate)


def evaluate(run: Run) -> Result | None:
    """Watch the stream in every mode. None in a process that does not report. Raises CourtsideError."""
    video = find_stream(run.args.data)
    mine = [mode for mode in run.ranks.share(run.args.modes) if _kept(run, video, mode) is None]
    with progress("efficiency", len(mine)) as advance:
        for mode in mine:
            write_json(_file(run, mode), _watched(run, video, mode))
            advance(mode)
    run.gather_skipped()
    if not run.ranks.first:
        return None
    found = {mode: kept for mode in run.args.modes if (kept := _kept(run, video, mode)) and kept["per_chunk"]}
    if not found:
        raise DataError("Nothing to measure", f"{video} gives no whole chunk from {run.args.start_s:g} s on")
    figures: dict[str, Record] = {}
    for mode, kept in found.items():
        figures |= _figures(mode, kept)
    return Result(figures, [_table(found)], _pictures(found))


def find_stream(data: Path) -> Path:
    """The video to watch. Raises DataError."""
    if data.is_file():
        return data
    found = sorted(path for path in data.glob("*") if path.suffix.lower() in SUFFIXES)
    if not found:
        raise DataError("No video", f"{data} holds none of {', '.join(SUFFIXES)}")
    return found[0]


def _config(run: Run, mode: str) -> StreamConfig:
    query = run.query(run.prompts.wording["inf_streams_query"])
    return run.config(mode=mode, context=run.args.context, query=query)


def _meta(run: Run, video: Path, mode: str) -> dict[str, Any]:
    """With what a mode is measured; another file of it is not used."""
    args = run.args
    stream = {"video": video.name, "start_s": args.start_s, "seconds": args.seconds, "stop_s": args.stop_s}
    meta = stream | {"form": FORM, "context": args.context} | run.said_by(_config(run, mode))
    found: dict[str, Any] = json.loads(json.dumps(meta))
    return found


def _file(run: Run, mode: str) -> Path:
    return run.out / "efficiency" / f"{run.name}_{mode}.json"


def _kept(run: Run, video: Path, mode: str) -> Mode | None:
    """What an earlier run has measured with the same settings."""
    found = read_json(_file(run, mode))
    known = found.get("meta", {}) if isinstance(found, dict) else {}
    same = all(known.get(name) == value for name, value in _meta(run, video, mode).items())
    return found if same and isinstance(found, dict) else None


def _watched(run: Run, video: Path, mode: str) -> Mode:
    """A mode, to the end of the stream or of what the machine can do; why it ended is in the file."""
    args = run.args
    records: list[dict[str, Any]] = []
    ended = "done"
    run.model().forget_peak()
    try:
        for line, stats in run.model().rounds(_config(run, mode), video, args.start_s, args.start_s + args.seconds):
            records.append(_record(len(records), line.start, line.end - args.start_s, stats))
            if stats.compute_s > args.stop_s:
                ended = f"a round took {stats.compute_s:.1f} s"
                break
    except SourceError as error:
        run.skipped.add_video(f"{mode}: {video.name}", error)
        ended = str(error)
    except EngineError as error:
        ended = str(error)
    device = str(run.model().device)
    return {
        "meta": _meta(run, video, mode) | {"device": device, "ended": ended},
        "per_chunk": records,
        "summary": _summary(records),
    }


def _record(index: int, start: float, watched_s: float, stats: Stats) -> dict[str, Any]:
    """A chunk as published, and what the cache and the process held after it."""
    generation_s = stats.vision_s + stats.prefill_s + stats.decode_s
    return {
        "chunk_index": index,
        "time_start_sec": start,
        "video_len_sec": watched_s,
        "gen_time_sec": generation_s,
        "decoded_tokens": stats.new_tokens,
        "gen_time_per_token": generation_s / stats.new_tokens if stats.new_tokens else None,
        "compute_sec": stats.compute_s,
        "kv_tokens": stats.kv_tokens,
        "kv_bytes": stats.kv_bytes,
        "rss_bytes": stats.rss_bytes,
        "gpu_bytes": stats.gpu_bytes,
    }


def _summary(records: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The published averages: of the generation, and of it per token over the chunks that have one."""
    each = [record["gen_time_per_token"] for record in records if record["gen_time_per_token"] is not None]
    whole = [record["gen_time_sec"] for record in records]
    mean_s = sum(whole) / max(1, len(whole))
    return {
        "num_chunks": len(whole),
        "avg_gen_time_sec": mean_s,
        "avg_gen_time_per_token": sum(each) / max(1, len(each)),
    }


def _figures(mode: str, kept: Mode) -> dict[str, Record]:
    records = kept["per_chunk"]
    compute = [record["compute_sec"] for record in records]
    tokens = [r["gen_time_per_token"] for r in records if r["gen_time_per_token"] is not None]
    name = f"efficiency_{mode}"
    return {
        f"{name}_chunk": _spread(compute),
        f"{name}_chunk_at_end": _spread(compute[-END_ROUNDS:]),
        **({f"{name}_token": _spread(tokens)} if tokens else {}),
        f"{name}_kv_memory": figure(_most(records, "kv_bytes") / MIB, "MiB", "lower"),
        **({f"{name}_gpu_memory": figure(most / MIB, "MiB", "lower")} if (most := _most(records, "gpu_bytes")) else {}),
        f"{name}_watched": figure(records[-1]["video_len_sec"], "s", "higher"),
    }


def _most(records: Sequence[dict[str, Any]], field: str) -> float:
    return float(max(record[field] for record in records))


def _spread(values: Sequence[float]) -> Record:
    """The median, with the 5th and the 95th percentile."""
    low, high = np.percentile(values, [5, 95])
    return figure(float(median(values)), "s", "lower", float(low), float(high))


def _table(found: dict[str, Mode]) -> Table:
    columns = ("mode", "chunks", "s a chunk, mean", "s a token, mean", "ended")
    rows = []
    for mode, kept in found.items():
        summary = kept["summary"]
        means = [f"{summary[name]:.4f}" for name in ("avg_gen_time_sec", "avg_gen_time_per_token")]
        rows.append((mode, summary["num_chunks"], *means, kept["meta"]["ended"]))
    return Table("Modes", columns, rows)


def _pictures(found: dict[str, Mode]) -> list[tuple[str, str]]:
    """Latency and memory over the length of the stream, a curve for each mode."""
    wanted = (
        ("Latency of a chunk (s)", "compute_sec", 1.0),
        ("Latency per token (s)", "gen_time_per_token", 1.0),
        ("KV cache (MiB)", "kv_bytes", MIB),
        ("Tokens in the KV cache", "kv_tokens", 1.0),
    )
    pictures = []
    for title, field, unit in wanted:
        series = [Series(mode, _smoothed(kept["per_chunk"], field, unit)) for mode, kept in found.items()]
        pictures.append((curves(title, "seconds watched", series), f"{title}, median of {SMOOTHED_ROUNDS} chunks each"))
    return pictures


def _smoothed(records: Sequence[dict[str, Any]], field: str, unit: float) -> tuple[tuple[float, float], ...]:
    points = []
    for begun in range(0, len(records), SMOOTHED_ROUNDS):
        part = [record for record in records[begun : begun + SMOOTHED_ROUNDS] if record[field] is not None]
        if part:
            points.append((part[-1]["video_len_sec"], median(record[field] / unit for record in part)))
    return tuple(points)
