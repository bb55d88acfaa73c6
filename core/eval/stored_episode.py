"""Episodes drawn once, at the size the model sees, and kept on disk for every variant that watches them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from core.data.atomic import atomic_file, read_json, write_json
from core.errors import DataError
from core.eval.episode_stream import EvalStream, direct_stream
from core.programmes.programme import Event, Programme
from core.types import Chunk

SPARE_BYTES = 1 << 28


@dataclass(frozen=True, slots=True)
class EpisodeRequest:
    """Which episode is watched, and how. Attributes: facts: whether the picture shows them (a scoreboard)."""

    programme: str
    seed: int
    seconds: int
    fps: float
    facts: bool


class StoredEpisode:
    """The frames and the truth of one episode in a folder.

    Attributes:
        request: what it is.
    """

    def __init__(self, folder: Path, request: EpisodeRequest) -> None:
        self.request = request
        self._frames = folder / f"{request.programme}-{request.seed}.frames"
        self._truth = folder / f"{request.programme}-{request.seed}.json"

    def is_drawn(self) -> bool:
        """Whether all of it is there."""
        return self._truth.is_file() and self._frames.is_file()

    def draw(self, programme: Programme, resize: Callable[[np.ndarray], np.ndarray]) -> None:
        """Draw the whole episode. Raises DataError where the disk has no room, UsageError where it cannot run here.

        Args:
            resize: a frame (height, width, 3) to what the model sees of it, all of one size.
        """
        request = self.request
        stream = direct_stream(programme, request.seed, request.seconds, request.fps, request.facts)
        shape: tuple[int, ...] = ()
        with atomic_file(self._frames) as file:
            for chunk in stream.chunks:
                for frame in chunk.frames:
                    small = np.ascontiguousarray(resize(frame))
                    if not shape:
                        shape = small.shape
                        self._require_room(small.nbytes)
                    file.write(small.tobytes())
        events = [asdict(event) for event in stream.events()]
        write_json(self._truth, {"shape": shape, "context": stream.context, "events": events})

    def _require_room(self, frame_bytes: int) -> None:
        need = round(self.request.seconds * self.request.fps) * frame_bytes + SPARE_BYTES
        free = shutil.disk_usage(self._frames.parent).free
        if free < need:
            raise DataError(
                "Disk too small",
                f"the frames of {self.request.programme} {self.request.seed} need {need / 1e9:.1f} GB, "
                f"{free / 1e9:.1f} GB are free; give another --out, or fewer --seconds",
            )

    @contextmanager
    def stream(self, programme: Programme) -> Iterator[EvalStream]:
        """The episode as a model watches it. What a text says is read by an episode of the same seed.

        Raises DataError for a damaged one.
        """
        truth = read_json(self._truth)
        if truth is None:
            raise DataError("Damaged episode", f"{self._truth} cannot be read; delete it")
        events = tuple(Event(e["time"], e["kind"], e["who"], e["facts"]) for e in truth["events"])
        with closing(programme.start(self.request.seed, self.request.facts)) as reader:
            yield EvalStream(truth["context"], self._chunks(tuple(truth["shape"])), lambda: events, reader.mentions)

    def _chunks(self, shape: tuple[int, ...]) -> Iterator[Chunk]:
        count = round(self.request.fps)
        frames = np.memmap(self._frames, np.uint8, "r", shape=(self.request.seconds, count, *shape))
        for second in range(self.request.seconds):
            pictures = tuple(np.array(frame) for frame in frames[second])
            yield Chunk(second, float(second), second + 1.0, pictures, 0.0)

    def delete(self) -> None:
        """Free the disk."""
        self._frames.unlink(missing_ok=True)
        self._truth.unlink(missing_ok=True)
