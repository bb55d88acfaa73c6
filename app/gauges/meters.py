"""The figures behind the gauges, fed by messages. No Qt."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field

from app.bridge.mailbox import QUEUE_CHUNKS
from app.gauges.gpu_probe import GpuReading
from core import messages
from core.assets import BUNDLED

ROUNDS_SHOWN = 120
"""Two minutes, a second each."""
ROUNDS_AVERAGED = 10
UNKNOWN_S = 180.0
"""Silence of the bundled model from which on it does not know what it sees: in eight hours of its football matches
there is always something to say within 135 s."""


@dataclass(slots=True)
class Meters:
    """The last known figures of a stream; None where nothing is known yet.

    Attributes:
        age_s: from the capture of the picture to the first word about it, of the last line that had words.
        ages_s: the same of the last lines, oldest first.
        frames_in, dropped: pictures for the model, and those of them that it never saw by their cause (`Drop`).
        frames_skipped: pictures that the source gave beyond what the model was to get. frames_missed: those that it
            should have given in time and did not.
        captured_per_s, frames_per_s: pictures that the source gives and that the model gets, over the last second.
        frame_rates: the latter of the last seconds, oldest first. first_token_s: of the last round with words.
        compute_s: seconds of work for each of the last rounds, oldest first. budget_s: what each of them may take.
        silent_rounds: rounds since the last words. silenced: the setting that kept the last one silent, if any did.
        late_of_late: pictures that were late in the last rounds.
        kv_bytes: bytes in use in the KV cache; kv_history: after each of the last rounds. memory_history:
            `memory_bytes` of the last seconds.
        remembers_s, pictures_s: source seconds whose words, and whose pictures, are still in the context.
        reduced: something is given up at present to stay under the memory limit.
        engine_bytes: resident memory of the engine's process. window_bytes: that of this one.
        gpu_bytes: peak memory allocated on the GPU. gpu: what its driver reports, if it does.
        device: "cpu", "cuda:0", ... once the model is loaded. is_bundled: whether that is the bundled one.
        words: total of words said. rounds: rounds done.
    """

    age_s: float | None = None
    frames_in: int = 0
    frames_skipped: int = 0
    frames_missed: int = 0
    ages_s: deque[float] = field(default_factory=lambda: deque(maxlen=ROUNDS_SHOWN))
    dropped: Counter[str] = field(default_factory=Counter)
    captured_per_s: float | None = None
    frames_per_s: float | None = None
    frame_rates: deque[float] = field(default_factory=lambda: deque(maxlen=ROUNDS_SHOWN))
    first_token_s: float | None = None
    budget_s: float | None = None
    silent_rounds: int = 0
    silenced: str = ""
    late_of_late: int = 0
    compute_s: deque[float] = field(default_factory=lambda: deque(maxlen=ROUNDS_SHOWN))
    kv_bytes: int | None = None
    kv_history: deque[int] = field(default_factory=lambda: deque(maxlen=ROUNDS_SHOWN))
    memory_history: deque[int] = field(default_factory=lambda: deque(maxlen=ROUNDS_SHOWN))
    remembers_s: float | None = None
    pictures_s: float | None = None
    reduced: bool = False
    engine_bytes: int | None = None
    window_bytes: int | None = None
    gpu_bytes: int | None = None
    gpu: GpuReading | None = None
    device: str | None = None
    is_bundled: bool = False
    words: int = 0
    rounds: int = 0
    _decoded: deque[tuple[int, float]] = field(default_factory=lambda: deque(maxlen=ROUNDS_AVERAGED))
    _lates: deque[int] = field(default_factory=lambda: deque(maxlen=ROUNDS_AVERAGED))
    _late: int = 0
    _has_words: bool = False

    def feed(self, message: messages.Message) -> None:
        """Takes what concerns the gauges from any message of the stream."""
        match message:
            case messages.Ready():
                self.device = message.device
                self.is_bundled = message.model == BUNDLED.name
                self.silent_rounds = 0
            case messages.Line():
                self._hear(message)
            case messages.Drop():
                self.dropped[message.cause] += message.frames
                self._late += message.frames if message.cause == "behind" else 0
            case messages.Degraded():
                self.reduced = not message.recovered
            case messages.Stats():
                self._take(message)

    def tokens_per_s(self) -> float | None:
        """Tokens a second while writing, over the last rounds with words: of silence that would mean nothing."""
        seconds = sum(spent for _, spent in self._decoded)
        return sum(count for count, _ in self._decoded) / seconds if seconds > 0 else None

    def has_gpu(self) -> bool | None:
        """None until the model is loaded."""
        return None if self.device is None else self.device != "cpu"

    @property
    def frames_dropped(self) -> int:
        """For whatever cause."""
        return sum(self.dropped.values())

    def memory_bytes(self) -> int | None:
        """On the GPU where one is used, of our own processes, else the resident memory of engine and window."""
        if self.has_gpu():
            reported = self.gpu.memory_bytes if self.gpu is not None else None
            return reported if reported is not None else self.gpu_bytes
        known = [part for part in (self.engine_bytes, self.window_bytes) if part is not None]
        return sum(known) if known else None

    def silent_s(self) -> float:
        """Source seconds since the last words."""
        return self.silent_rounds * (self.budget_s or 0.0)

    def does_not_know(self) -> bool:
        """Whether the model is silent as it was never trained on anything like these pictures.

        Only the bundled model can be told so: it is trained to be silent then, and never as long otherwise.
        """
        return self.is_bundled and self.silenced != "words_per_minute" and self.silent_s() >= UNKNOWN_S

    def remember_second(self) -> None:
        """What was set since the last second goes into the curves."""
        if self.frames_per_s is not None:
            self.frame_rates.append(self.frames_per_s)
        if (memory := self.memory_bytes()) is not None:
            self.memory_history.append(memory)

    def usual_compute_s(self) -> float | None:
        """Of the last rounds, on average."""
        last = list(self.compute_s)[-ROUNDS_AVERAGED:]
        return sum(last) / len(last) if last else None

    def age_bound_s(self) -> float | None:
        """What no line is older than: what may wait for the model, and the longest round of late."""
        if self.budget_s is None or not self.compute_s:
            return None
        return QUEUE_CHUNKS * self.budget_s + max(self.compute_s)

    def reset(self) -> None:
        """What adds up begins anew."""
        self.dropped.clear()
        self.compute_s.clear()
        self.ages_s.clear()
        self.frame_rates.clear()
        self.kv_history.clear()
        self.memory_history.clear()
        self._decoded.clear()
        self._lates.clear()
        self.words = 0
        self.late_of_late = 0

    def _hear(self, line: messages.Line) -> None:
        self.budget_s = line.end - line.start
        self._has_words = bool(line.text)
        self.silent_rounds = 0 if line.text else self.silent_rounds + 1
        if line.text:
            self.age_s = max(0.0, line.shown_at - line.captured_at)
            self.ages_s.append(self.age_s)
            self.words += len(line.text.split())

    def _take(self, stats: messages.Stats) -> None:
        self.rounds += 1
        self.compute_s.append(stats.compute_s)
        if self._has_words:
            self._decoded.append((stats.new_tokens, stats.decode_s))
            self.first_token_s = stats.first_token_s
        self.silenced = stats.silenced
        self._lates.append(self._late)
        self._late = 0
        self.late_of_late = sum(self._lates)
        self.kv_bytes = stats.kv_bytes
        self.kv_history.append(stats.kv_bytes)
        self.remembers_s = stats.remembers_s
        self.pictures_s = stats.pictures_s
        self.engine_bytes = stats.rss_bytes
        self.gpu_bytes = stats.gpu_bytes
