"""Scores of pairwise judging as the published files keep them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from core.eval.published.games import Clip
from core.eval.published.judge import Judged


def score_lines(judged: Sequence[Judged], clips: Mapping[str, Clip], judging: Mapping[str, Any]) -> str:
    """Lines of `score_segments.jsonl`. What could not be judged has the winner "" and no votes."""
    return "".join(f"{json.dumps(_record(one, clips[one.pair.key], judging), ensure_ascii=False)}\n" for one in judged)


def _record(one: Judged, clip: Clip, judging: Mapping[str, Any]) -> dict[str, Any]:
    votes = dict(zip("AB", one.votes, strict=True))
    judge = {"model": judging.get("model"), "prompts": judging.get("prompts"), "vote_ab": one.ab, "vote_ba": one.ba}
    place = {"video": clip.video, "title": clip.title, "start": clip.start, "end": clip.end}
    return place | {"winner": one.winner, "votes": votes, "judge": judge}
