"""The window for hours in minutes: one source after another, outputs on, and whether anything grows.

    xvfb-run -a python -m tests.faults.soak --rounds 12000 --switch 500        as fast as it goes
    xvfb-run -a python -m tests.faults.soak --minutes 60 --switch 300          at live pace

Ctrl-C ends it early. The last line of stdout is one JSON object of figures; the exit status is 1 where one of them
misses its goal.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import mean, median
from typing import Any

import psutil

GROWTH = 0.02
"""Goal of every figure that should be flat: the last quarter over the second; the first one fills caches."""
SAMPLES_A_SOURCE = 20
DEADLINE_S = 120.0
"""Without a round for so long it has failed."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What there is at one moment.

    Attributes:
        rounds: how many were spoken. rss: bytes of the window's process. engine_rss: of the engine's.
        anonymous: those of the window's that are no part of a file: no other process with its libraries changes them.
        engine_cpu_s: CPU time of the engine since it started.
        age: how many rounds the engine had spoken by then.
    """

    rounds: int
    rss: int
    anonymous: int
    threads: int
    fds: int
    engine_rss: int
    engine_cpu_s: float
    age: int


@dataclass(slots=True)
class Course:
    """All that was seen."""

    samples: list[Sample] = field(default_factory=list)
    chunk_s: list[float] = field(default_factory=list)
    starts: int = 0
    gaps: int = 0
    failures: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class _Warnings(logging.Handler):
    def __init__(self, course: Course) -> None:
        super().__init__(logging.WARNING)
        self._course = course

    def emit(self, record: logging.LogRecord) -> None:
        self._course.warnings.append(f"{record.name}: {record.getMessage()}")


def quarters(values: Sequence[float], of: Any = mean) -> list[float]:
    """`of` each quarter, in order; of at least four values."""
    size = len(values) / 4
    return [of(values[round(size * number) : round(size * (number + 1))]) for number in range(4)]


def growth(values: Sequence[float], of: Any = mean) -> float:
    """Of the last quarter over the second, as a share."""
    parts = quarters(values, of)
    return parts[3] / parts[1] - 1


def cpu_per_round(samples: Sequence[Sample]) -> list[float]:
    """CPU seconds of the engine for a round, between two samples of the same engine."""
    pairs = [(a, b) for a, b in pairwise(samples) if a.age < b.age and a.engine_cpu_s <= b.engine_cpu_s and a.age > 0]
    return [(b.engine_cpu_s - a.engine_cpu_s) / (b.age - a.age) for a, b in pairs]


def report(course: Course, seconds: float) -> dict[str, Any]:
    """The figures, and whether each that should be flat is."""
    samples = course.samples
    settled = [sample for sample in samples if sample.engine_rss]
    engine_rss = [float(sample.engine_rss) for sample in settled]
    flat = {
        "window_rss": growth([sample.rss for sample in samples]),
        "window_anonymous": growth([sample.anonymous for sample in samples]),
        "engine_rss": growth(engine_rss),
        "engine_cpu_of_a_round": growth(cpu_per_round(samples)),
        "threads": growth([sample.threads for sample in settled]),
        "fds": growth([sample.fds for sample in settled]),
    }
    failed = sorted(name for name, share in flat.items() if share > GROWTH)
    return {
        "rounds": len(course.chunk_s),
        "seconds": round(seconds, 1),
        "starts": course.starts,
        "growth": {name: round(share, 4) for name, share in flat.items()},
        "window_rss_mb_by_quarter": [round(part / 1e6, 1) for part in quarters([sample.rss for sample in samples])],
        "window_anonymous_mb_by_quarter": [
            round(part / 1e6, 1) for part in quarters([one.anonymous for one in samples])
        ],
        "engine_rss_mb_by_quarter": [round(part / 1e6, 1) for part in quarters(engine_rss)],
        "engine_cpu_ms_by_quarter": [round(1e3 * part, 2) for part in quarters(cpu_per_round(samples))],
        "chunk_ms_by_quarter": [round(1e3 * part, 2) for part in quarters(course.chunk_s, median)],
        "threads_first_last": [settled[0].threads, settled[-1].threads],
        "fds_first_last": [settled[0].fds, settled[-1].fds],
        "gaps": course.gaps,
        "failures": course.failures[:10],
        "warnings": course.warnings[:10],
        "failed": failed + (["failures"] if course.failures else []) + (["warnings"] if course.warnings else []),
    }


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, help="at pace max, until so many were spoken")
    parser.add_argument("--minutes", type=float, help="at live pace, for so long")
    parser.add_argument("--switch", type=int, default=500, help="rounds after which another source is watched")
    parser.add_argument("--raw", type=Path, help="write every sample and every chunk's seconds there, too")
    args = parser.parse_args()
    if (args.rounds is None) == (args.minutes is None):
        parser.error("either --rounds or --minutes")
    return args


def main() -> int:
    args = arguments()
    with tempfile.TemporaryDirectory(prefix="courtside-soak-") as folder:
        os.environ["COURTSIDE_CONFIG_DIR"] = str(Path(folder, "config"))
        os.environ["COURTSIDE_SESSIONS_DIR"] = str(Path(folder, "sessions"))
        from tests.faults.soaked_window import SoakedWindow

        course = Course()
        logging.getLogger().addHandler(_Warnings(course))
        begun = time.monotonic()
        SoakedWindow(Path(folder), course, args.rounds, args.minutes, args.switch).run()
        result = report(course, time.monotonic() - begun)
    if args.raw is not None:
        args.raw.write_text(json.dumps(asdict(course)))
    print(json.dumps(result), flush=True)
    return 1 if result["failed"] else 0


def sample(process: psutil.Process, engine: psutil.Process | None, rounds: int, age: int) -> Sample:
    """As things are now."""
    rss = process.memory_info().rss
    anonymous = anonymous_bytes(process.pid)
    threads = process.num_threads()
    try:
        engine_rss = engine.memory_info().rss if engine is not None else 0
        times = engine.cpu_times() if engine is not None else None
    except psutil.NoSuchProcess:
        return Sample(rounds, rss, anonymous, threads, process.num_fds(), 0, 0.0, 0)
    cpu_s = times.user + times.system if times is not None else 0.0
    return Sample(rounds, rss, anonymous, threads, process.num_fds(), engine_rss, cpu_s, age)


def anonymous_bytes(process_id: int) -> int:
    """Needs Linux."""
    found = re.search(r"^RssAnon:\s*(\d+) kB", Path(f"/proc/{process_id}/status").read_text(), re.MULTILINE)
    assert found is not None
    return 1024 * int(found[1])


if __name__ == "__main__":
    sys.exit(main())
