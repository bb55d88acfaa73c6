"""Every variant over every episode, once: drawn frames are shared, what is done is kept, processes share the work."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

import numpy as np

from core.config import StreamConfig
from core.errors import EngineError
from core.eval.ablations.outcome import PARTS, Outcome
from core.eval.ablations.variant import Run
from core.eval.metrics import claims_of
from core.eval.programmes import by_part, score, watch, watched_events
from core.eval.results_folder import ResultsFolder
from core.eval.shared_work import do_parts
from core.eval.stored_episode import EpisodeRequest, StoredEpisode
from core.messages import Stats
from core.programmes.catalogue import find

FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is to be watched: every run over every episode. Pickled to other processes.

    Attributes:
        out: the folder of results. settings: of it. models: digests of the checkpoints of runs, where they differ.
    """

    out: Path
    settings: dict[str, object]
    runs: tuple[Run, ...]
    requests: tuple[EpisodeRequest, ...]
    models: Mapping[str, str]

    def folder(self) -> ResultsFolder:
        """Where results are kept. Raises UsageError, DataError."""
        return ResultsFolder(self.out, self.settings)

    def parts(self) -> dict[str, tuple[Run, EpisodeRequest]]:
        """Each part of the work by its name; of an episode all runs, then the next one."""
        found = {}
        for request in self.requests:
            for run in self.runs:
                digest = f"-{self.models[run.name]}" if run.name in self.models else ""
                found[f"{run.name}{digest}-{request.programme}-{request.seed}"] = run, request
        return found


def watch_all(plan: Plan, device: str = "", wait: bool = True) -> None:
    """Do all parts that nobody has done.

    Args:
        device: of this process; "" for that of the runs. wait: see `do_parts`.
    """
    folder = plan.folder()
    parts = plan.parts()
    do_parts(folder, parts, lambda name: _result(plan, folder, *parts[name], device), wait)


def watch_as_worker(plan: Plan) -> None:
    """A process beside the one that reports: it does what nobody is at, and ends."""
    import torch

    torch.set_num_threads(1)
    watch_all(plan, wait=False)


def _result(plan: Plan, folder: ResultsFolder, run: Run, request: EpisodeRequest, device: str) -> dict[str, object]:
    episode = StoredEpisode(plan.out / "frames", request)
    with folder.claimed(f"frames-{request.programme}-{request.seed}"):
        if not episode.is_drawn():
            sys.stderr.write(f"drawing {request.programme} {request.seed}\n")
            episode.draw(find(request.programme), resizer(run.config))
    sys.stderr.write(f"{run.name} over {request.programme} {request.seed}\n")
    config = replace(run.config, device=device) if device else run.config
    try:
        return outcome(config, episode).as_json()
    except EngineError as error:  # out of memory, above all: the others go on
        return {FAILED: str(error)}


def outcome(config: StreamConfig, episode: StoredEpisode) -> Outcome:
    """Watch a stored episode with a fresh engine. Raises EngineError where it stops."""
    import torch

    from core.engine.host import InlineHost
    from core.engine.stats import release_memory

    programme = find(episode.request.programme)
    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()
    with episode.stream(programme) as stream:
        host = InlineHost(replace(config, context=stream.context))
        host.start()
        try:
            rounds: list[Stats] = []
            lines = watch(host, stream.chunks, on_stats=rounds.append)
        finally:
            host.close()
            release_memory(torch.device("cuda" if torch.cuda.is_available() else "cpu"))
        counts = score(programme, stream, lines)
        span = lines[0].start, lines[-1].end
        events = watched_events(stream, lines)
        parts = by_part(events, claims_of(lines, stream.mentions), span, "part", (span[1] - span[0]) / PARTS)
    return Outcome.of(counts | parts, rounds, lines)


def resizer(config: StreamConfig) -> Callable[[np.ndarray], np.ndarray]:
    """A frame (height, width, 3) uint8 to the size at which a stream with these settings sees it."""
    import torch

    from core.model.checkpoint import read_config, read_pixel_budget
    from core.model.hub import fetch, parse
    from core.model.qwen2_5_vl.patches import smart_size
    from core.video.resize import resize

    size = config.size
    if size == "native":
        return lambda frame: frame
    if size == "auto":
        place = parse(config.model) if config.model else config.model_path()
        path = place if isinstance(place, Path) else fetch(place, lambda _: None, Event())
        vision = read_config(path).vision
        budget = read_pixel_budget(path)

    def resized(frame: np.ndarray) -> np.ndarray:
        height, width = frame.shape[:2]
        if size == "auto":
            wanted = smart_size(height, width, vision.patch * vision.merge, *budget)
        else:
            wanted = size[1], size[0]
        return resize(torch.from_numpy(np.ascontiguousarray(frame))[None], wanted)[0].numpy()

    return resized
