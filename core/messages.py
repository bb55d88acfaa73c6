"""All messages and commands of a stream, as frozen records that cross threads and processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from core.output_messages import OutputMessage
from core.source_messages import Jumped, PrivateWindow, SourceTrouble


@dataclass(frozen=True, slots=True)
class Loading:
    """Progress of a start: the checkpoint is being downloaded, or read ("loading").

    Attributes:
        done_bytes, total_bytes: of the checkpoint's files; what an earlier try downloaded counts as done.
        free_bytes: on the disk it goes to, before this try.
    """

    stage: Literal["downloading", "loading"]
    done_bytes: int
    total_bytes: int
    free_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Ready:
    """The model is loaded and warm.

    Attributes:
        model: the checkpoint's name. device: "cpu" or "cuda:N". dtype: "float32", "bfloat16", ...
        parameters: number of weights. load_s: seconds from start to ready.
        device_uuid: the GPU as CUDA calls it, whatever its number in other counts; "" for a CPU.
        backend, attention: which implementations run, as `courtside doctor` names them.
        context_limit_tokens: of the user's context; a longer one is cut to sink and window, which is told.
        question_limit_tokens: of a question; a longer one is refused. `core.model.token_counter` counts them.
    """

    model: str
    device: str
    dtype: str
    parameters: int
    load_s: float
    device_uuid: str = ""
    backend: str = ""
    attention: str = ""
    context_limit_tokens: int = 0
    question_limit_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters of the line being written, never half a character. The stop mark ` ...` is not part of it."""

    round: int
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """The line of one round; `text` is "" when the model was silent.

    Attributes:
        start, end: source seconds of the round's chunk.
        captured_at: monotonic seconds at which the chunk's last frame was taken.
        shown_at: monotonic seconds at which the first word (or the silence) was known.
        tokens: the ids sampled, in order, the stop mark and `<|im_end|>` included.
    """

    round: int
    start: float
    end: float
    text: str
    captured_at: float
    shown_at: float
    tokens: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Stats:
    """What one round cost. Bytes are bytes, seconds are seconds.

    Attributes:
        compute_s: all work, to the last token. ahead_s: what of it was done before the chunk's last frame was there.
        first_token_s: from the arrival of the whole chunk to the first token.
        vision_s, evict_s, prefill_s, decode_s: the parts of `compute_s`.
        kv_tokens, kv_bytes: entries in use in the KV cache after the round, and bytes its buffers take.
        remembers_s: seconds watched whose words are still in the context. pictures_s: those whose pictures are.
        rss_bytes: resident memory of the engine's process. gpu_bytes: peak memory allocated on the device, else 0.
        loops_broken: loops the repetition guard has broken since the start.
        drafted, draft_taken: ids drafted since the start, and those of them that were sampled.
        prefill_tokens: run before the first one was sampled, those computed anew included.
        grid_tokens, dropped_tokens: vision tokens of the round's grid, and those of them left out as repeats.
        backend, attention: which implementations ran: reference, cpu or cuda; triton, flash, sdpa or onednn.
        silenced: the setting that kept the round silent, words_per_minute or silence_threshold; "" where none did.
    """

    round: int
    compute_s: float
    first_token_s: float
    vision_s: float
    evict_s: float
    prefill_s: float
    decode_s: float
    new_tokens: int
    kv_tokens: int
    kv_bytes: int
    remembers_s: float
    rss_bytes: int
    gpu_bytes: int
    loops_broken: int = 0
    drafted: int = 0
    draft_taken: int = 0
    grid_tokens: int = 0
    dropped_tokens: int = 0
    ahead_s: float = 0.0
    backend: str = ""
    attention: str = ""
    prefill_tokens: int = 0
    silenced: str = ""
    pictures_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Drop:
    """Frames that never reached the model: `cause` is "behind" (the engine was slower than the source),
    "incomplete" (a chunk missed frames) or "guard" (hidden on purpose)."""

    cause: str
    frames: int
    media_time: float


@dataclass(frozen=True, slots=True)
class Gap:
    """Source seconds [start, end) in which nothing was watched, and why."""

    start: float
    end: float
    reason: str


@dataclass(frozen=True, slots=True)
class Paused:
    """The viewer paused the stream: from source second `at` on nothing is watched."""

    at: float


@dataclass(frozen=True, slots=True)
class Resumed:
    """The viewer resumed the stream: from source second `at` on it is watched again."""

    at: float


@dataclass(frozen=True, slots=True)
class Degraded:
    """The engine changed its quality because of the memory limit.

    Attributes:
        what: with what share of pixels, frames and windows it works now. recovered: with all of them again.
    """

    round: int
    what: str
    recovered: bool = False


@dataclass(frozen=True, slots=True)
class TextMemory:
    """The words a stream has in its context, enough to go on later; pictures are not kept.

    Attributes:
        previous_text: the ids of `previous text`, then of the lines still in place.
        context_tokens: how many ids at its start are the user's context.
        rounds: number of rounds so far. now: source seconds they covered.
        words: what the ids after the user's context say.
    """

    previous_text: tuple[int, ...]
    context_tokens: int
    rounds: int
    now: float
    words: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """An error to be shown to the user. `fatal`: the stream has stopped."""

    title: str
    message: str
    fatal: bool = True


@dataclass(frozen=True, slots=True)
class Finished:
    """The stream ended by itself (end of file, `--seconds` reached) or was stopped."""

    rounds: int


@dataclass(frozen=True, slots=True)
class CommandSent:
    """The viewer asked for something; it counts from the next round on. `asked_at`: monotonic seconds."""

    command: Command
    asked_at: float


@dataclass(frozen=True, slots=True)
class Marked:
    """The viewer marked the moment at source second `at`; `text` is a word about it, or ""."""

    at: float
    text: str = ""


@dataclass(frozen=True, slots=True)
class Cleared:
    """The viewer wants what was said gone from every output at once: captions, texts, pages, voices."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A line made after everything was cleared in a panic: for the recording, and shown nowhere."""

    line: Line


@dataclass(frozen=True, slots=True)
class SessionFolder:
    """From now on the stream is recorded in the folder `path`."""

    path: str


Course = Loading | Ready | Degraded | Failure | Finished | SessionFolder
Said = Piece | Line | Stats | Withheld
NotWatched = Drop | Gap | Jumped | Paused | Resumed | PrivateWindow | SourceTrouble
Wanted = CommandSent | Marked | Cleared
Message = Course | Said | NotWatched | Wanted | TextMemory | OutputMessage


@dataclass(frozen=True, slots=True)
class Ask:
    """A question from the viewer; answered in the next round (one a round, in order), then the commentary goes on."""

    text: str


@dataclass(frozen=True, slots=True)
class Steer:
    """Replace query, context (style, names), the name of the persona for the record; None leaves each."""

    query: str | None = None
    context: str | None = None
    persona: str | None = None


@dataclass(frozen=True, slots=True)
class Adjust:
    """Change sampling settings from the next round on: `changes` are fields of `core.config.SamplingConfig`."""

    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LimitMemory:
    """Set the memory limit in bytes; None removes it."""

    limit_bytes: int | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Ask for a `TextMemory`; it comes with the next round."""


@dataclass(frozen=True, slots=True)
class Restore:
    """Go on with the words of an earlier stream; it begins without pictures.

    Attributes:
        own_context: they come behind this stream's own context, and are tokenised anew where its model needs that.
    """

    memory: TextMemory
    own_context: bool = False


Command = Ask | Steer | Adjust | LimitMemory | Snapshot | Restore
