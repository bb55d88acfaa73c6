"""Small data sets in the published layouts, recorded from football matches, with their truth as human commentary."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from core.programmes.catalogue import find
from core.programmes.programme import Episode

FPS = 4
SIZE = (252, 140)
"""Of the pictures, as the bundled model wants them."""


def record_match(path: Path, seed: int, seconds: int) -> list[list[Any]]:
    """Write a match as a video; [start, end, line] of its commentary, what a viewer is told beforehand first."""
    episode = find("football").start(seed, True)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        content: list[list[Any]] = [[0.0, 0.0, episode.context]]
        with av.open(str(path), "w") as container:
            stream = container.add_stream("mpeg4", rate=FPS)
            stream.width, stream.height = SIZE
            stream.pix_fmt = "yuv420p"
            stream.bit_rate = 2_000_000
            stream.gop_size = FPS * 5
            for second in range(seconds):
                for number in range(FPS):
                    _write(container, stream, episode, second + number / FPS)
                if line := episode.line(float(second)):
                    content.append([float(second), second + 1.0, line])
            container.mux(stream.encode())
        return [*content, [seconds - 1.0, float(seconds), ""]]
    finally:
        episode.close()


def _write(container: Any, stream: Any, episode: Episode, time: float) -> None:
    frame = av.VideoFrame.from_ndarray(episode.frame(time), format="rgb24").reformat(*SIZE, format="yuv420p")
    frame.pts = round(time * FPS)
    frame.time_base = Fraction(1, FPS)
    container.mux(stream.encode(frame))


def inf_streams(root: Path, seeds: range, seconds: int) -> Path:
    """Inf-Streams-Eval of a few short games. The segments are cut by the command."""
    games = []
    for seed in seeds:
        name = f"videos/match_{seed}.mp4"
        games.append({"video": name, "content": record_match(root / name, seed, seconds)})
    write_lines(root / "eval_all_metadata.jsonl", games)
    return root


def livesports(root: Path, seeds: range, seconds: int, clip_s: int) -> Path:
    """LiveSports-3K CC of a few clips of each match."""
    clips = []
    for seed in seeds:
        name = f"videos/{seed}.mp4"
        content = record_match(root / name, seed, seconds)
        clips += [_clip(name, seed, content, begin, begin + clip_s) for begin in range(0, seconds, clip_s)]
    write_lines(root / "LiveSports_3K_CC.jsonl", clips)
    return root


def _clip(name: str, seed: int, content: list[list[Any]], begin: int, end: int) -> dict[str, Any]:
    return {
        "video": name,
        "video_id": str(seed),
        "event_id": begin,
        "begin": begin,
        "end": end,
        "event_title": f"Match {seed}",
        "preasr_text": " ".join(said for _, until, said in content if until <= begin),
        "event_asr_text": " ".join(said for start, until, said in content if begin <= start < end and until > 0),
    }


def write_lines(path: Path, records: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
