"""An episode of a programme on its way to the model, and what is known of it afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from core.programmes.programme import EARLY_S, LATE_S, Episode, Event, Mention, Programme
from core.types import Chunk

COLLECT_S = 10.0


@dataclass(frozen=True, slots=True)
class EvalStream:
    """What an evaluation needs of one episode, by whatever road its pictures come.

    Attributes:
        context: told to the model beforehand.
        chunks: what the model sees, once, in order.
        events: what happened, in seconds of the stream; asked for after the last chunk.
        mentions: what a text says.
    """

    context: str
    chunks: Iterable[Chunk]
    events: Callable[[], Sequence[Event]]
    mentions: Callable[[str], Sequence[Mention]]


def direct_stream(programme: Programme, seed: int, seconds: int, fps: float, scoreboard: bool) -> EvalStream:
    """The episode's own pictures, one chunk a second, straight to the engine."""
    episode = programme.start(seed, scoreboard)
    events: list[Event] = []
    return EvalStream(episode.context, _chunks(episode, seconds, fps, events), lambda: tuple(events), episode.mentions)


def _chunks(episode: Episode, seconds: int, fps: float, events: list[Event]) -> Iterator[Chunk]:
    """The episode's seconds; what happens is added to `events` as they go by."""
    reached = -LATE_S
    try:
        for second in range(seconds):
            frames = tuple(episode.frame(second + number / fps) for number in range(round(fps)))
            events += episode.events(reached, second + EARLY_S)
            reached = second + EARLY_S
            yield Chunk(second, float(second), second + 1.0, frames, 0.0)
    finally:
        episode.close()


def shifted_events(episode: Episode, start_s: float, end_s: float) -> list[Event]:
    """Events from start_s to end_s of an episode, in seconds since start_s. Nothing else may have moved it on."""
    events: list[Event] = []
    reached = start_s
    while reached < end_s:
        coming = min(reached + COLLECT_S, end_s)
        events += episode.events(reached, coming)
        reached = coming
    return [replace(event, time=event.time - start_s) for event in events]
