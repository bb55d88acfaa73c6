"""`courtside eval inf-streams`: a model comments on whole games, a judge compares it with others, segment by segment.

python3 -m app eval inf-streams --data DIR --out DIR --judge http://localhost:8000/v1 --judge-model NAME
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from core.chat.endpoint import Messages
from core.data.atomic import write_json, write_text
from core.data.progress import progress
from core.errors import DataError
from core.eval.published import options
from core.eval.published.answers import Answer, read_merged
from core.eval.published.commentary import ANSWERS, Commentary
from core.eval.published.figures import Record, figure
from core.eval.published.games import Clip, read_clips, read_games, starts
from core.eval.published.judge import Judge, Judged, Pair
from core.eval.published.result import Result, Table, finished
from core.eval.published.run import Run, opponents, require_judged
from core.eval.published.scores import score_lines
from core.eval.published.win_rate import by_cluster, win_figures

LAYOUT = (
    "DIR holds eval_all_metadata.jsonl, score_all_clips.jsonl (without it segments are cut from the first file), the "
    "videos, and the answers of other models as model_answers/NAME/merged_result.jsonl."
)
SCORES = "model_scores"
INFINITE = "infinite"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `eval inf-streams`."""
    options.common(parser, LAYOUT)
    options.sampling(parser)
    options.judging(parser)
    options.segments(parser)


def run(args: argparse.Namespace) -> dict[str, Any]:
    """The figures. Raises CourtsideError."""
    return finished(Run.of(args), "Inf-Streams-Eval", evaluate)


@dataclass(slots=True)
class InfStreams:
    """The benchmark over one data set.

    Attributes:
        run: the run. clips: on which models are compared. ours: this model's commentaries, the unbroken one first.
        others: other models' answers, by name and video.
    """

    run: Run
    clips: Sequence[Clip]
    ours: Sequence[Commentary]
    others: Mapping[str, Mapping[str, Answer]]

    @classmethod
    def of(cls, run: Run) -> InfStreams:
        """Read the data set. Raises DataError or UsageError."""
        args = run.args
        games = read_games(args.data, run.skipped)[: args.limit]
        names = {game.name for game in games}
        clips = read_clips(args.data, games, args.start_s, args.segment_s, args.min_words, run.skipped)
        paths = opponents(args.against, args.data / ANSWERS, "*/merged_result.jsonl")
        others = {name: read_merged(path, run.skipped) for name, path in paths.items()}
        lengths = [None if kind == INFINITE else int(args.segment_s) for kind in args.runs]
        begun = starts(games, clips, args.start_s)
        ours = [Commentary(run, games, begun, length) for length in lengths]
        return cls(run, [clip for clip in clips if clip.video in names], ours, others)

    def matches(self) -> list[tuple[str, str]]:
        """Who is compared with whom: each of ours with each other model; without those, ours among themselves."""
        own = [commentary.name for commentary in self.ours]
        if self.others:
            return [(mine, other) for other in self.others for mine in own]
        return [(own[0], mine) for mine in own[1:]]

    def judge(self) -> Judge | None:
        """The judge, its cost agreed on; None where none is asked for. Raises UsageError or EndpointError."""
        endpoint = self.run.endpoint()
        if endpoint is None:
            return None
        if not self.clips:
            args = self.run.args
            raise DataError(
                "No segments", f"no {args.segment_s:g} s of a game have {args.min_words} words (--min-words)"
            )
        judge = Judge(endpoint, self.run.replies(), self._question, self.run.args.parallel)
        expected = [Pair(clip.key, clip.video, *[clip.reference] * 3) for clip in self.clips]
        self.run.agree("judge", judge.expected(expected, len(self.matches())))
        return judge

    def _question(self, reference: str, a: str, b: str) -> Messages:
        prompts = self.run.prompts
        user = prompts.fill("inf_streams_judge_user", reference=reference, a=a, b=b)
        system = {"role": "system", "content": prompts.wording["inf_streams_judge_system"]}
        return [system, {"role": "user", "content": user}]

    def compare(self, judge: Judge, answers: Mapping[str, Mapping[str, Answer]]) -> dict[str, list[Judged]]:
        """Every match, by its name, judged and written as scores. Raises EndpointError or DataError."""
        found = {}
        for a, b in self.matches():
            name = f"{a}_VS_{b}"
            pairs = self._pairs((a, b), answers)
            with progress(f"judge {name}", len(pairs)) as advance:
                found[name] = judge.judge(pairs, advance)
            self._write(name, found[name])
            for one in found[name]:
                if not one.winner:
                    self.run.skipped.add("unjudged", f"{name}: {one.pair.key}", "no answer of the judge makes sense")
        return found

    def _pairs(self, sides: tuple[str, str], answers: Mapping[str, Mapping[str, Answer]]) -> list[Pair]:
        """The segments that both sides have answered; the others are named."""
        pairs = []
        for clip in self.clips:
            texts = [_text(answers[side], clip) for side in sides]
            missing = [side for side, said in zip(sides, texts, strict=True) if said is None]
            for side in missing:
                self.run.skipped.add("no_answer", f"{side}: {clip.key}", "nothing covers this segment")
            if not missing:
                pairs.append(Pair(clip.key, clip.video, clip.reference, texts[0] or "", texts[1] or ""))
        return pairs

    def _write(self, name: str, judged: Sequence[Judged]) -> None:
        """The published files of scores, with the version of the prompts."""
        folder = self.run.out / SCORES / name
        clips = {clip.key: clip for clip in self.clips}
        write_text(folder / "score_segments.jsonl", score_lines(judged, clips, self.run.judging))
        summary = by_cluster(judged)
        shown = {"per_video": {v: s for v, s in summary.items() if v != "global"}, "global": summary["global"]}
        write_json(folder / "score_results.json", shown)


def _text(answers: Mapping[str, Answer], clip: Clip) -> str | None:
    return answers[clip.video].text(clip) if clip.video in answers else None


def evaluate(run: Run) -> Result | None:
    """Generate, judge, report. None in a process that does not report. Raises CourtsideError."""
    benchmark = InfStreams.of(run)
    judge = benchmark.judge()
    for commentary in benchmark.ours:
        commentary.generate()
    run.gather_skipped()
    if not run.ranks.first:
        return None
    answers: dict[str, Mapping[str, Answer]] = {c.name: c.merge() for c in benchmark.ours}
    answers |= benchmark.others
    figures: dict[str, Record] = {"inf_streams_segments": figure(float(len(benchmark.clips)), "segments", "higher")}
    for commentary in benchmark.ours:
        figures[f"inf_streams_{commentary.name}_words_per_minute"] = _words_per_minute(answers[commentary.name])
    tables = []
    if judge is not None and benchmark.matches():
        judged = benchmark.compare(judge, answers)
        figures = _judged_figures(judged) | figures
        tables = [_table(name, rows) for name, rows in judged.items()]
        run.judging |= asdict(judge.cost)
    return Result(figures, tables)


def _judged_figures(judged: Mapping[str, Sequence[Judged]]) -> dict[str, Record]:
    """The first match's under plain names, the others' with theirs."""
    figures: dict[str, Record] = {}
    for number, (name, rows) in enumerate(judged.items()):
        figures |= win_figures(rows, "inf_streams" if number == 0 else f"inf_streams_{name}")
    counted = sum(bool(one.winner) for rows in judged.values() for one in rows)
    require_judged(counted, sum(map(len, judged.values())))
    return figures


def _words_per_minute(answers: Mapping[str, Answer]) -> Record:
    words = sum(len(item.response.split()) for answer in answers.values() for item in answer.items)
    seconds = sum(item.end - item.start for answer in answers.values() for item in answer.items)
    return figure(60 * words / seconds if seconds else 0.0, "1/min", "higher")


def _table(name: str, judged: Sequence[Judged]) -> Table:
    rows: list[tuple[Any, ...]] = [
        (video, votes["A"], votes["B"], f"{votes['win_rate_A']:.3f}") for video, votes in by_cluster(judged).items()
    ]
    a, _, b = name.partition("_VS_")
    return Table(name, ("video", f"votes for {a}", f"votes for {b}", f"win rate of {a}"), tuple(rows))
