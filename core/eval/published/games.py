"""Inf-Streams-Eval as published: whole games with their commentary, and the segments on which models are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.eval.published.layout import read_lines, seconds, text
from core.eval.published.skipped import SkippedItems

GAMES = "eval_all_metadata.jsonl"
CLIPS = "score_all_clips.jsonl"
START_S = 1000.0
"""Where commentary begins by the protocol."""
Phrase = tuple[float, float, str]
"""Start and end in seconds of the video, and what was said: a word or more."""


@dataclass(frozen=True, slots=True)
class Game:
    """A line of `eval_all_metadata.jsonl`.

    Attributes:
        video: its path, relative to the data set's root. content: the human commentary, in order.
    """

    video: str
    content: tuple[Phrase, ...]

    @property
    def name(self) -> str:
        """As answers and scores call it: the file's name."""
        return Path(self.video).name

    @property
    def end(self) -> int:
        """Seconds at which the commentary ends; generation ends there."""
        return int(self.content[-1][1])

    def said_before(self, time: float) -> str:
        """All that was said to its end by a time: the true transcript so far."""
        return " ".join(said.strip() for _, end, said in self.content if end <= time)


@dataclass(frozen=True, slots=True)
class Clip:
    """A line of `score_all_clips.jsonl`: a stretch on which commentaries are compared.

    Attributes:
        video: the file's name. start, end: seconds of the video. reference: what the humans said.
    """

    video: str
    start: int
    end: int
    reference: str
    title: str = ""

    @property
    def key(self) -> str:
        return f"{self.video} {self.start}-{self.end} s"


def read_games(root: Path, skipped: SkippedItems) -> list[Game]:
    """The games of a data set. Raises DataError."""
    return read_lines(root / GAMES, _game, skipped)


def read_clips(
    root: Path, games: Sequence[Game], start_s: float | None, segment_s: float, min_words: int, skipped: SkippedItems
) -> list[Clip]:
    """The segments of a data set, or, where it has no file of them, those of the games that the protocol takes.

    Args:
        start_s, segment_s, min_words: where segments begin, how long they are, and how many words one must have.
            start_s None: at START_S, or at 0 in a game too short for that.
    """
    if (root / CLIPS).exists():
        return read_lines(root / CLIPS, _clip, skipped)
    return [clip for game in games for clip in _cut(game, start_s, segment_s, min_words)]


def starts(games: Sequence[Game], clips: Sequence[Clip], start_s: float | None) -> dict[str, int]:
    """Where commentary on each game begins, by its name: at start_s, else at START_S, or where its segments begin
    where that is earlier."""
    if start_s is not None:
        return {game.name: int(start_s) for game in games}
    first = {game.name: int(START_S) for game in games}
    for clip in clips:
        if clip.video in first:
            first[clip.video] = min(first[clip.video], clip.start)
    return first


def _game(found: dict[str, Any]) -> Game:
    content = _content(found["content"])
    return Game(text(found["video"], "video"), content)


def _clip(found: dict[str, Any]) -> Clip:
    content = _content(found["content"])
    return Clip(
        video=Path(text(found["video"], "video")).name,
        start=int(content[0][0]),
        end=int(content[-1][1]),
        reference="\n".join(said for _, _, said in content),
        title=text(found.get("title") or "", "title"),
    )


def _content(found: Any) -> tuple[Phrase, ...]:
    if not isinstance(found, list) or not found:
        raise ValueError("'content' is no list of [start, end, text]")
    return tuple(_phrase(entry) for entry in found)


def _phrase(entry: Any) -> Phrase:
    if not isinstance(entry, list) or len(entry) != 3:
        raise ValueError(f"{str(entry)[:60]} in 'content' is not [start, end, text]")
    return seconds(entry[0], "start"), seconds(entry[1], "end"), text(entry[2], "text")


def _cut(game: Game, start_s: float | None, segment_s: float, min_words: int) -> list[Clip]:
    clips = []
    begun = (START_S if game.end >= START_S + segment_s else 0.0) if start_s is None else start_s
    while begun + segment_s <= game.end:
        inside = [said for start, _, said in game.content if begun <= start < begun + segment_s]
        if sum(len(said.split()) for said in inside) >= min_words:
            clips.append(Clip(game.name, int(begun), int(begun + segment_s), "\n".join(inside)))
        begun += segment_s
    return clips
