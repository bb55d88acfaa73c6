"""Commentary of a model on the games of Inf-Streams-Eval: unbroken, and segment by segment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.config import StreamConfig
from core.data.progress import Advance, progress
from core.errors import SourceError
from core.eval.published.answers import Answer, Item, merged, read_answer, write_merged
from core.eval.published.games import Game
from core.eval.published.layout import find_video
from core.eval.published.record_file import RecordFolder
from core.eval.published.run import Run

ANSWERS = "model_answers"
FORM = 1
"""Of the answers; those of another one are made anew."""
Piece = tuple[Game, int, int]
"""A game, and the seconds to comment on in one go."""


@dataclass(slots=True)
class Commentary:
    """One way to comment on all games, and its folder of answers.

    Attributes:
        run: the run. games: of the data set. starts: where to begin, by a game's name.
        segment_s: length of a piece; None: each game in one go.
    """

    run: Run
    games: Sequence[Game]
    starts: Mapping[str, int]
    segment_s: int | None

    @property
    def name(self) -> str:
        """Of its folder: chunked and unbroken runs never share one."""
        return self.run.name if self.segment_s is None else f"{self.run.name}_chunked_{self.segment_s}s"

    def folder(self) -> RecordFolder:
        """Where its answers lie. Raises UsageError where they were made with other settings."""
        settings = self.run.said_by(self.config("")) | {"form": FORM}
        settings |= {"start_s": self.run.args.start_s, "segment_s": self.segment_s}
        return RecordFolder(self.run.out / ANSWERS / self.name, settings)

    def config(self, context: str) -> StreamConfig:
        """Stream settings with a true transcript so far."""
        query = self.run.query(self.run.prompts.wording["inf_streams_query"])
        return self.run.config(context=context, query=query)

    def pieces(self, game: Game) -> Iterator[Piece]:
        """What is commented on in one go, in order."""
        begun = self.starts[game.name]
        step = self.segment_s or max(1, game.end - begun)
        while begun < game.end:
            yield game, begun, min(begun + step, game.end)
            begun += step

    def generate(self) -> None:
        """This process's share of the games, from where an earlier run was ended. Raises EngineError or DataError."""
        folder = self.folder()
        done = {(answer.video, answer.start): answer.end for answer in _answers(folder)}
        mine = self.run.ranks.share(self.games)
        left = [[p for p in self.pieces(game) if done.get((game.name, p[1]), -1) < p[2]] for game in mine]
        with progress(self.name, sum(map(len, left))) as advance:
            for pieces in left:
                self._game(pieces, folder, advance)

    def _game(self, pieces: Sequence[Piece], folder: RecordFolder, advance: Advance) -> None:
        """Comment on the pieces of one game, until its video gives out."""
        for game, start, end in pieces:
            items: list[Item] = []
            failed = None
            try:
                video = find_video(game.video, self.run.args.data)
                for line, _ in self.run.model().rounds(self.config(game.said_before(start)), video, start, end):
                    items.append(Item(line.start, line.end, line.text))
            except SourceError as error:
                failed = error
            if items:
                reached = int(items[-1].end) if failed else end
                folder.append(self.run.ranks.number, Answer(game.name, start, reached, tuple(items)).record())
            advance(f"{game.name} {start}-{end} s")
            if failed is not None:
                self.run.skipped.add_video(game.name, failed)
                return

    def merge(self) -> dict[str, Answer]:
        """All answers by video, written as `merged_result.jsonl`. Raises DataError."""
        folder = self.folder()
        answers = merged(_answers(folder))
        write_merged(folder.folder, answers)
        return {answer.video: answer for answer in answers}


def _answers(folder: RecordFolder) -> list[Answer]:
    """The answers of a folder; records of another form count as none."""
    found = []
    for record in folder.records():
        try:
            found.append(read_answer(record))
        except (ValueError, LookupError, TypeError):
            continue
    return found
