"""The figures behind the gauges, fed by messages. No Qt."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from app.gauges.gpu_probe import GpuReading
from core import messages

ROUNDS_SHOWN = 60
ROUNDS_AVERAGED = 10


@dataclass(slots=True)
class Meters:
    """The last known figures of a stream; None where nothing is known yet.

    Attributes:
        age_s: from the capture of the picture to the first word about it, of the last line that had words.
        frames_in, frames_dropped: pictures taken and pictures the model never saw.
        compute_s: seconds of work for each of the last rounds, oldest first.
        kv_bytes: bytes in use in the KV cache. remembers_s: source seconds whose words are still in the context.
        reduced: something is given up at present to stay under the memory limit.
        engine_bytes: resident memory of the engine's process. window_bytes: that of this one.
        gpu_bytes: peak memory allocated on the GPU. gpu: what its driver reports, if it does.
        device: "cpu", "cuda:0", ... once the model is loaded.
        words: total of words said. rounds: rounds done.
    """

    age_s: float | None = None
    frames_in: int = 0
    frames_dropped: int = 0
    compute_s: deque[float] = field(default_factory=lambda: deque(maxlen=ROUNDS_SHOWN))
    kv_bytes: int | None = None
    remembers_s: float | None = None
    reduced: bool = False
    engine_bytes: int | None = None
    window_bytes: int | None = None
    gpu_bytes: int | None = None
    gpu: GpuReading | None = None
    device: str | None = None
    words: int = 0
    rounds: int = 0
    _decoded: deque[tuple[int, float]] = field(default_factory=lambda: deque(maxlen=ROUNDS_AVERAGED))

    def feed(self, message: messages.Message) -> None:
        """Takes what concerns the gauges from any message of the stream."""
        match message:
            case messages.Ready():
                self.device = message.device
            case messages.Line(text=text) if text:
                self.age_s = max(0.0, message.shown_at - message.captured_at)
                self.words += len(text.split())
            case messages.Drop():
                self.frames_dropped += message.frames
            case messages.Degraded():
                self.reduced = not message.recovered
            case messages.Stats():
                self._take(message)

    def tokens_per_s(self) -> float | None:
        """Tokens a second while writing, over the last rounds."""
        seconds = sum(spent for _, spent in self._decoded)
        return sum(count for count, _ in self._decoded) / seconds if seconds > 0 else None

    def has_gpu(self) -> bool | None:
        """None until the model is loaded."""
        return None if self.device is None else self.device != "cpu"

    def _take(self, stats: messages.Stats) -> None:
        self.rounds += 1
        self.compute_s.append(stats.compute_s)
        self._decoded.append((stats.new_tokens, stats.decode_s))
        self.kv_bytes = stats.kv_bytes
        self.remembers_s = stats.remembers_s
        self.engine_bytes = stats.rss_bytes
        self.gpu_bytes = stats.gpu_bytes
