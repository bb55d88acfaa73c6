"""All settings of a stream, frozen. One default for each number, its unit in its name."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, get_type_hints

from core.assets import BUNDLED
from core.errors import CheckpointError, UsageError
from core.paths import user_path
from core.setting_types import typed

Mode = Literal["streaming", "full", "window", "recompute", "native"]
AttentionName = Literal["auto", "triton", "flash", "sdpa"]
ATTENTIONS: tuple[AttentionName, ...] = ("auto", "triton", "flash", "sdpa")
STREAM_DEFAULTS = "courtside.json"
QUERY = "Commentate on this match"
"""The standing request unless another is given; the bundled model was trained with it."""


CONTEXT_LIMIT_TOKENS = 4096
"""Of the user's context (title, names, persona), at least: a longer one is cut to sink and window before it is read."""
QUESTION_LIMIT_TOKENS = 256
"""Of a question, and of the standing request; a longer one is refused."""


@dataclass(frozen=True, slots=True)
class CacheBehaviour:
    """What a mode does with the cache.

    Attributes:
        evicts: before each round, the tokens that leave the windows.
        rotates: moves positions up to close the gaps that an eviction leaves, and rotates keys to them.
        recomputes: keys and values of all tokens kept, from words and pixels, each round.
        resets: drops everything every `window_reset_s`.
    """

    evicts: bool = True
    rotates: bool = True
    recomputes: bool = False
    resets: bool = False


MODES: dict[Mode, CacheBehaviour] = {
    "streaming": CacheBehaviour(),
    "full": CacheBehaviour(evicts=False),
    "window": CacheBehaviour(evicts=False, resets=True),
    "recompute": CacheBehaviour(recomputes=True),
    "native": CacheBehaviour(rotates=False),
}
"""StreamingVLM and the baselines it is measured against."""


@dataclass(frozen=True, slots=True)
class CacheConfig:
    """What the KV cache keeps (StreamingVLM, section 3.1).

    Attributes:
        mode: "streaming" or one of the baselines, see `MODES`.
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

    @property
    def context_limit_tokens(self) -> int:
        """Most tokens of the user's context that are read whole."""
        return max(CONTEXT_LIMIT_TOKENS, self.sink_tokens + self.text_window_tokens)

    @property
    def behaviour(self) -> CacheBehaviour:
        """What the mode does."""
        return MODES[self.mode]


@dataclass(frozen=True, slots=True)
class SamplingConfig:
    """How a token is chosen, and how much is said. May be changed while a stream runs.

    Attributes:
        greedy: always the likeliest token; temperature and top_p are ignored.
        repetition_penalty: above 1, makes ids of the kept context less likely.
        sentence_penalty: taken from the logit of a token that would begin or go on as a sentence of the last two
            minutes did; a sentence with a digit may come again. 0: off.
        max_new_tokens: most tokens of one round, the stop mark and `<|im_end|>` included.
        min_words, max_words: length of a spoken line in words; silence is always allowed.
        bad_words: never sampled, in this spelling, at the start of a word.
        silence_threshold: keep silent when the probability of ` ...` as first token reaches this, speak when it does
            not; lower is quieter. None leaves it to the sampling.
        words_per_minute: keep silent while this many words were said in the last minute of source time.
    """

    greedy: bool = False
    temperature: float = 0.9
    top_p: float = 1.0
    repetition_penalty: float = 1.05
    sentence_penalty: float = 0.0
    seed: int = 0
    max_new_tokens: int = 20
    min_words: int = 0
    max_words: int | None = None
    bad_words: tuple[str, ...] = ()
    silence_threshold: float | None = None
    words_per_minute: float | None = None


@dataclass(frozen=True, slots=True)
class StreamConfig:
    """One stream from start to stop.

    Attributes:
        model: checkpoint directory or hub id; "" is the bundled one.
        device: "auto", "cpu" or "cuda[:N]".  dtype: "auto" (float32 on the CPU, bfloat16 on a GPU), a torch
            name, or "fp8": bfloat16, but most matrices are rounded to fp8.
        attention: the implementation of attention over the KV cache; "auto": the quickest known to be right there.
        fps: frames a second given to the model; a whole number of them per chunk.
        chunk_s: source seconds of one round.
        size: (width, height) in pixels for the model, "native" (no resize) or "auto" (the checkpoint's pixel budget).
        context: what the user knows beforehand; the start of `previous text`.
        query: the standing request, in the first round's user turn.
        persona: the name of the persona that context and query come from, for the record.
        drop_repeats: tokens whose pixels are less than this many steps of 255 from those last kept at their place are
            left out of a picture; 0: none are.
        guard_repeats: how often lines must repeat in a row before the repetition guard breaks the loop; 0: never;
            None: 5, but never when greedy, so that a greedy run follows the published algorithm to the letter.
        memory_limit_bytes: most bytes for weights and KV cache; None: no limit.
    """

    model: str = ""
    device: str = "auto"
    dtype: str = "auto"
    attention: AttentionName = "auto"
    fps: float = 2.0
    chunk_s: float = 1.0
    size: tuple[int, int] | Literal["native", "auto"] = "auto"
    context: str = ""
    query: str = QUERY
    persona: str = ""
    drop_repeats: float = 0.0
    guard_repeats: int | None = None
    memory_limit_bytes: int | None = None
    cache: CacheConfig = field(default_factory=CacheConfig)
    sampling: SamplingConfig = field(default_factory=SamplingConfig)

    def frames_per_chunk(self) -> int:
        """Frames in one chunk. Raises UsageError when that is not a whole number."""
        frames = round(self.fps * self.chunk_s)
        if frames < 1 or abs(frames - self.fps * self.chunk_s) > 1e-6:
            raise UsageError(
                "Uneven frame rate", f"{self.fps:g} fps x {self.chunk_s:g} s is not a whole number of frames"
            )
        return frames

    def vision_rounds(self, share: float = 1.0) -> int:
        """Rounds whose vision tokens are kept, the current one included, when `share` of the vision window is used."""
        return max(1, int(max(1, round(self.cache.vision_window_s / self.chunk_s)) * share))

    def loop_repeats(self) -> int:
        """`guard_repeats`, with its default where it is None."""
        if self.guard_repeats is None:
            return 0 if self.sampling.greedy else 5
        return self.guard_repeats

    def model_path(self) -> Path:
        """Where the checkpoint lies when `model` is a directory or the bundled one."""
        return user_path(self.model) if self.model else BUNDLED


def resolve(given: Mapping[str, Any], checkpoint: Path | None = None) -> StreamConfig:
    """A StreamConfig from flat names (`fps`, `sink_tokens`, `greedy`, ...); names left out or None keep their default.

    A checkpoint may carry the settings it was trained for in `courtside.json`; they stand between the defaults of this
    file and what is given. `checkpoint`: the directory with that file, where it is not the model's own (a hub id).
    Raises UsageError for a name or a value that makes no sense, CheckpointError where the checkpoint's own make none.
    """
    given = {name: value for name, value in given.items() if value is not None}
    place = checkpoint or StreamConfig(model=given.get("model", "")).model_path()
    return _resolved({**_checkpoint_defaults(place), **given})


def _resolved(changes: dict[str, Any]) -> StreamConfig:
    """The defaults with these changes; empties `changes`. Raises UsageError."""
    config = StreamConfig()
    parts = {
        "cache": _changed(config.cache, changes),
        "sampling": _changed(config.sampling, changes),
    }
    config = replace(_changed(config, changes), **parts)
    if changes:
        raise UsageError("Unknown setting", ", ".join(sorted(changes)))
    _check(config)
    return config


def adjusted(sampling: SamplingConfig, changes: Mapping[str, Any]) -> SamplingConfig:
    """`sampling` with live changes, checked like a new stream's. Raises UsageError."""
    left = dict(changes)
    changed = _changed(sampling, left)
    if left:
        raise UsageError("Unknown setting", ", ".join(sorted(left)))
    _check(StreamConfig(sampling=changed))
    return changed


def _changed(base: Any, changes: dict[str, Any]) -> Any:
    """`base` with the changes that are its own; they are taken out of `changes`. Raises UsageError for a wrong type."""
    own = {f.name for f in fields(base)} & set(changes)
    hints = get_type_hints(type(base)) if own else {}
    return replace(base, **{name: typed(name, changes.pop(name), hints[name]) for name in own})


def _checkpoint_defaults(path: Path) -> dict[str, Any]:
    file = path / STREAM_DEFAULTS
    if not os.path.isfile(file):  # False for a name that no disk can hold, too
        return {}
    try:
        defaults = json.loads(file.read_text("utf-8"))
        if not isinstance(defaults, dict):
            raise UsageError("Impossible setting", "it must be an object of settings")
        _resolved(dict(defaults))
    except (OSError, ValueError, RecursionError) as error:
        raise CheckpointError("Damaged checkpoint", f"{file} cannot be read ({error})") from error
    except UsageError as error:
        raise CheckpointError("Damaged checkpoint", f"{file}: {error.message}") from error
    return defaults


def _check(config: StreamConfig) -> None:
    """Refuse values no stream can run with, naming the setting."""
    cache = config.cache
    sampling = config.sampling
    low = sampling.min_words
    rules = {
        f"fps is {config.fps:g}, and must be positive": config.fps > 0,
        f"chunk_s is {config.chunk_s:g}, and must be positive": config.chunk_s > 0,
        f"sink_tokens is {cache.sink_tokens}, and must not be negative": cache.sink_tokens >= 0,
        f"text_window_tokens is {cache.text_window_tokens}, and must not be negative": cache.text_window_tokens >= 0,
        f"text_rounds is {cache.text_rounds}, and must be at least 1": cache.text_rounds >= 1,
        f"vision_window_s is {cache.vision_window_s:g}, and must be at least one chunk, {config.chunk_s:g} s":
            cache.vision_window_s >= config.chunk_s,
        f"drop_repeats is {config.drop_repeats:g}, and must be from 0 to 255 steps": 0 <= config.drop_repeats <= 255,
        f"max_new_tokens is {sampling.max_new_tokens}, and must be at least 1": sampling.max_new_tokens >= 1,
        f"temperature is {sampling.temperature:g}, and must be positive (greedy is a setting of its own)":
            sampling.temperature > 0,
        f"top_p is {sampling.top_p:g}, and must be above 0 and at most 1": 0 < sampling.top_p <= 1,
        f"repetition_penalty is {sampling.repetition_penalty:g}, and must be positive": sampling.repetition_penalty > 0,
        f"sentence_penalty is {sampling.sentence_penalty:g}, and must not be negative": sampling.sentence_penalty >= 0,
        f"min_words is {low}, and must not be above max_words, {sampling.max_words}":
            sampling.max_words is None or low <= sampling.max_words,
        f"silence_threshold is {sampling.silence_threshold}, and must be a probability":
            0 <= (sampling.silence_threshold or 0) <= 1,
    }  # fmt: skip
    for rule, held in rules.items():
        if not held:
            raise UsageError("Impossible setting", rule)
    config.frames_per_chunk()
