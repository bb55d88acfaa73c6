"""All settings of a stream, frozen. One default for each number, its unit in its name."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from core.errors import UsageError

Mode = Literal["streaming", "full", "window", "recompute", "native"]
MODES: tuple[Mode, ...] = ("streaming", "full", "window", "recompute", "native")


@dataclass(frozen=True, slots=True)
class CacheConfig:
    """What the KV cache keeps (StreamingVLM, section 3.1).

    Attributes:
        mode: "streaming" or one of the baselines: "full" evicts nothing, "window" drops the whole cache every
            `window_reset_s`, "recompute" recomputes the kept tokens from pixels each round, "native" evicts but never
            re-bases positions.
        sink_tokens: first tokens of `previous text` that are never evicted.
        text_window_tokens: last tokens of `previous text` kept; exactly this many.
        text_rounds: rounds whose words stay in their own turn, the current one included.
        vision_window_s: source seconds whose vision tokens are kept, the current chunk included.
    """

    mode: Mode = "streaming"
    sink_tokens: int = 512
    text_window_tokens: int = 512
    text_rounds: int = 16
    vision_window_s: float = 16.0
    window_reset_s: float = 100.0


@dataclass(frozen=True, slots=True)
class SamplingConfig:
    """How a token is chosen. `greedy` ignores temperature and top_p; the penalty applies to the kept context."""

    greedy: bool = False
    temperature: float = 0.9
    top_p: float = 1.0
    repetition_penalty: float = 1.05
    seed: int = 0
    max_new_tokens: int = 20


@dataclass(frozen=True, slots=True)
class StreamConfig:
    """One stream from start to stop.

    Attributes:
        model: checkpoint directory or hub id; "" is the bundled one.
        device: "auto", "cpu" or "cuda[:N]".  dtype: "auto" (float32 on the CPU, bfloat16 on a GPU) or a torch name.
        fps: frames a second given to the model; an even number of frames per chunk is needed.
        chunk_s: source seconds of one round.
        size: (width, height) in pixels given to the model, "native" (no resize) or "auto" (the checkpoint's pixel budget).
        context: what the user knows beforehand; the start of `previous text`.
        query: the standing request, in the first round's user turn.
    """

    model: str = ""
    device: str = "auto"
    dtype: str = "auto"
    fps: float = 2.0
    chunk_s: float = 1.0
    size: tuple[int, int] | Literal["native", "auto"] = "auto"
    context: str = ""
    query: str = "Commentate on this match"
    cache: CacheConfig = field(default_factory=CacheConfig)
    sampling: SamplingConfig = field(default_factory=SamplingConfig)

    def frames_per_chunk(self) -> int:
        """Frames in one chunk. Raises UsageError when they do not fill whole temporal patches of two frames."""
        frames = round(self.fps * self.chunk_s)
        if frames < 1 or abs(frames - self.fps * self.chunk_s) > 1e-6:
            raise UsageError("Uneven frame rate", f"{self.fps:g} fps x {self.chunk_s:g} s is not a whole number of frames")
        return frames

    def vision_rounds(self) -> int:
        """Rounds whose vision tokens are kept, the current one included."""
        return max(1, round(self.cache.vision_window_s / self.chunk_s))


def merged(base: Any, **changes: Any) -> Any:
    """A copy of a frozen config with `changes`; None means "leave as it is"; an unknown key is a UsageError."""
    known = {f.name for f in fields(base)}
    unknown = sorted(set(changes) - known)
    if unknown:
        raise UsageError("Unknown setting", f"{', '.join(unknown)} (known: {', '.join(sorted(known))})")
    return replace(base, **{name: value for name, value in changes.items() if value is not None})
