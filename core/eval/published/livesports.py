"""`courtside eval livesports-cc`: a model comments on clips of LiveSports-3K, and a judge compares it with others.

python3 -m app eval livesports-cc --data DIR --out DIR --judge http://localhost:8000/v1 --judge-model gpt-4o-mini
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from core.chat.endpoint import Messages
from core.data.atomic import write_text
from core.data.progress import progress
from core.errors import SourceError
from core.eval.published import options
from core.eval.published.clips import SILENCE, Clip, other_answers, read_clips
from core.eval.published.figures import Record, figure
from core.eval.published.judge import Judge, Judged, Pair
from core.eval.published.record_file import RecordFolder
from core.eval.published.result import Result, Table, finished
from core.eval.published.run import Run, opponents, require_judged, tell
from core.eval.published.win_rate import by_cluster, win_figures

LAYOUT = (
    "DIR holds LiveSports_3K_CC.jsonl (the data set's test split as JSON lines), the videos (or $LIVESPORTS3K_PATH "
    "does), and the answers of other models as captions/NAME.jsonl; without any, silence is what is compared with."
)
JUDGE_SEED = 42
FORM = 1
"""Of the answers; those of another one are made anew."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `eval livesports-cc`."""
    options.common(parser, LAYOUT)
    options.sampling(parser)
    options.judging(parser)


def run(args: argparse.Namespace) -> dict[str, Any]:
    """The figures. Raises CourtsideError."""
    return finished(Run.of(args), "LiveSports-3K CC", evaluate)


@dataclass(slots=True)
class LiveSports:
    """The benchmark over one data set.

    Attributes:
        run: the run. clips: of the data set. others: other models' texts, by name and by clip.
    """

    run: Run
    clips: Sequence[Clip]
    others: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, run: Run) -> LiveSports:
        """Read the data set. Raises DataError or UsageError."""
        clips = read_clips(run.args.data, run.skipped)[: run.args.limit]
        paths = opponents(run.args.against, run.args.data / "captions", "*.jsonl")
        others: dict[str, Mapping[str, str]] = {n: other_answers(path, run.skipped) for n, path in paths.items()}
        if not others:
            others = {SILENCE: {clip.key: "" for clip in clips}}
        return cls(run, clips, others)

    def folder(self) -> RecordFolder:
        """Where this model's answers lie. Raises UsageError where they were made with other settings."""
        settings = self.run.said_by(self.run.config(query="")) | {"form": FORM, "query": self.run.args.query}
        return RecordFolder(self.run.out / "predictions" / self.run.name, settings)

    def generate(self) -> None:
        """This process's share of the clips, from where an earlier run was ended. Raises EngineError or DataError."""
        folder = self.folder()
        done = set(answers(folder))
        left = [clip for clip in self.run.ranks.share(self.clips) if clip.key not in done]
        with progress(self.run.name, len(left)) as advance:
            for clip in left:
                try:
                    folder.append(self.run.ranks.number, clip.answered(self._comment(clip)))
                except SourceError as error:
                    self.run.skipped.add_video(clip.key, error)
                advance(clip.key)

    def _comment(self, clip: Clip) -> str:
        prompts = self.run.prompts
        title = prompts.fill("livesports_query_title", title=clip.title[:200]) if clip.title else ""
        query = self.run.query(prompts.fill("livesports_query", title=title))
        config = self.run.config(query=query, context=clip.previous)
        said = [
            line.text
            for line, _ in self.run.model().rounds(config, clip.video(self.run.args.data), clip.begin, clip.end)
        ]
        return " ".join(filter(None, said))

    def judge(self) -> Judge | None:
        """The judge, its cost agreed on; None where none is asked for. Raises UsageError or EndpointError."""
        endpoint = self.run.endpoint(seed=JUDGE_SEED)
        if endpoint is None:
            return None
        judge = Judge(endpoint, self.run.replies(), self._question, self.run.args.parallel)
        expected = [Pair(clip.key, clip.video_id, *[clip.reference] * 3) for clip in self.clips]
        self.run.agree("judge", judge.expected(expected, len(self.others)))
        return judge

    def _question(self, reference: str, a: str, b: str) -> Messages:
        text = self.run.prompts.fill("livesports_judge_user", reference=reference, a=a, b=b)
        return [{"role": "user", "content": text}]

    def compare(self, judge: Judge, mine: Mapping[str, str]) -> dict[str, list[Judged]]:
        """Every other model, by name, judged and written. Raises EndpointError or DataError."""
        found = {}
        for other, theirs in self.others.items():
            pairs = self._pairs({self.run.name: mine, other: theirs})
            with progress(f"judge {other}", len(pairs)) as advance:
                found[other] = judge.judge(pairs, advance)
            lines = [json.dumps(self._record(one, other)) for one in found[other]]
            write_text(self.run.out / "judges" / f"{other}_{self.run.name}.jsonl", "".join(f"{x}\n" for x in lines))
            for one in found[other]:
                if not one.winner:
                    self.run.skipped.add("unjudged", f"{other}: {one.pair.key}", "no answer of the judge makes sense")
        return found

    def _pairs(self, sides: Mapping[str, Mapping[str, str]]) -> list[Pair]:
        """The clips that both sides have answered; the others are named."""
        pairs = []
        for clip in self.clips:
            missing = [side for side, texts in sides.items() if clip.key not in texts]
            for side in missing:
                self.run.skipped.add("no_answer", f"{side}: {clip.key}", "there is no answer for this clip")
            if not missing:
                texts = [said[clip.key] for said in sides.values()]
                pairs.append(Pair(clip.key, clip.video_id, clip.reference, texts[0], texts[1]))
        return pairs

    def _record(self, one: Judged, other: str) -> dict[str, Any]:
        """The published line; "" where no answer made sense."""
        names = {"A": self.run.name, "B": other, None: ""}
        return {"video_event_id": one.pair.key, "ab_winner": names[one.ab], "ba_winner": names[one.ba]}


def answers(folder: RecordFolder) -> dict[str, str]:
    """A model's texts by clip."""
    found = {}
    for record in folder.records():
        if isinstance(record.get("pred"), str):
            found[f"{record.get('video_id')}_{record.get('event_id')}"] = record["pred"]
    return found


def evaluate(run: Run) -> Result | None:
    """Generate, judge, report. None in a process that does not report. Raises CourtsideError."""
    benchmark = LiveSports.of(run)
    judge = benchmark.judge()
    benchmark.generate()
    run.gather_skipped()
    if not run.ranks.first:
        return None
    folder = benchmark.folder()
    mine = answers(folder)
    lines = [json.dumps(c.answered(mine[c.key]), ensure_ascii=False) for c in benchmark.clips if c.key in mine]
    write_text(run.out / "predictions" / f"{run.name}.jsonl", "".join(f"{line}\n" for line in lines))
    figures: dict[str, Record] = {"livesports_cc_clips": figure(float(len(lines)), "clips", "higher")}
    if judge is None:
        return Result(figures)
    if SILENCE in benchmark.others:
        tell("no answers of another model: it is compared with silence, which is a floor and no published figure")
    judged = benchmark.compare(judge, mine)
    run.judging |= asdict(judge.cost)
    for number, (other, rows) in enumerate(judged.items()):
        figures |= win_figures(rows, "livesports_cc" if number == 0 else f"livesports_cc_vs_{other}")
    counted = sum(bool(one.winner) for rows in judged.values() for one in rows)
    require_judged(counted, sum(map(len, judged.values())))
    return Result(figures, [_table(other, rows) for other, rows in judged.items()])


def _table(other: str, judged: Sequence[Judged]) -> Table:
    columns = ("video", "votes for it", f"votes for {other}", "win rate")
    rows = [(video, v["A"], v["B"], f"{v['win_rate_A']:.3f}") for video, v in by_cluster(judged).items()]
    return Table(f"Against {other}", columns, rows)
