"""The paper's claims about its cache and training (StreamingVLM), held against what was measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.eval import metrics
from core.eval.ablations.outcome import PARTS, Summary
from core.eval.ablations.variant import BASE
from core.eval.metrics import Counts
from core.eval.programmes import ALL

CLEAR = 0.05
"""A quality so much lower, and lower in every episode, is clearly worse."""
SAME = 0.01
"""A quality at most so much lower is as good."""
QUARTER = 0.25
GROWS = 1.5
"""A median chunk in the last part of a run so many times that of the first part grows."""

Summaries = Mapping[str, Summary]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one claim. Attributes: holds: None where the variants it is about were not run."""

    claim: str
    holds: bool | None
    why: str

    def __str__(self) -> str:
        word = {True: "holds", False: "does not hold", None: "not measured"}[self.holds]
        return f"{self.claim}: {word}; {self.why}"


def quality(counts: Counts) -> float:
    """The mean of event F1, who named right and facts told right; without those that nothing was said of."""
    shares = [metrics.f1(counts)]
    if counts.named:
        shares.append(metrics.who_right(counts))
    if counts.facts:
        shares.append(metrics.facts_right(counts))
    return sum(shares) / len(shares)


def verdicts(found: Summaries) -> list[Verdict]:
    """One for each claim."""
    claims = (
        _recompute,
        _worse("native", "Positions that are never re-based are clearly worse"),
        _worse("window", "A sliding window without overlap is clearly worse"),
        _full,
        _worse("vision_1s", "A vision window is needed: the current second alone is clearly worse"),
        _as_good("vision_16s", "vision_32s", "More than 16 s of vision add nothing"),
        _worse("sink_0", "The sink is needed: without it, clearly worse"),
        _worse("text_0", "The text window is needed: without it, clearly worse"),
        _worse("text_all", "Evicting text helps: keeping all of it is clearly worse"),
        _worse("model_no-overlap", "Training on chunks without overlap is clearly worse"),
        _worse("model_not-moved", "Training without moved words is clearly worse"),
    )
    return [claim(found) for claim in claims]


def _recompute(found: Summaries) -> Verdict:
    claim = "Streaming is as good as recomputing, at a quarter of the compute"
    if "recompute" not in found:
        return _absent(claim, "recompute")
    behind = _quality(found, "recompute") - _quality(found, BASE)
    share = found[BASE].cost.chunk_s / found["recompute"].cost.chunk_s
    holds = behind <= SAME and share <= QUARTER
    return Verdict(claim, holds, f"quality {_against(found, BASE, 'recompute')}, {share:.2f} of the time a chunk")


def _full(found: Summaries) -> Verdict:
    claim = "Full attention is clearly worse, and its chunks take longer and longer"
    if "full" not in found:
        return _absent(claim, "full")
    parts = found["full"].cost.parts_s
    growth = parts[-1] / parts[0]
    longer = f"the last of {PARTS} parts takes {growth:.1f} times the time of the first"
    why = f"quality {_against(found, 'full', BASE)}, {longer}"
    return Verdict(claim, _is_clearly_worse(found, "full") and growth >= GROWS, why)


def _worse(name: str, claim: str) -> Callable[[Summaries], Verdict]:
    def judge(found: Summaries) -> Verdict:
        if name not in found:
            return _absent(claim, name)
        return Verdict(claim, _is_clearly_worse(found, name), f"quality {_against(found, name, BASE)}")

    return judge


def _as_good(name: str, more: str, claim: str) -> Callable[[Summaries], Verdict]:
    def judge(found: Summaries) -> Verdict:
        if missing := [one for one in (name, more) if one not in found]:
            return _absent(claim, missing[0])
        gained = _quality(found, more) - _quality(found, name)
        return Verdict(claim, gained <= SAME, f"quality {_against(found, more, name)}")

    return judge


def _is_clearly_worse(found: Summaries, name: str) -> bool:
    base, other = (found[which].samples(ALL) for which in (BASE, name))
    everywhere = all(quality(theirs) < quality(ours) for ours, theirs in zip(base, other, strict=True))
    return everywhere and _quality(found, BASE) - _quality(found, name) >= CLEAR


def _quality(found: Summaries, name: str) -> float:
    return quality(found[name].total(ALL))


def _against(found: Summaries, name: str, other: str) -> str:
    episodes = len(found[BASE].episodes)
    watched = "1 episode" if episodes == 1 else f"{episodes} episodes"
    return f"{_quality(found, name):.3f} ({name}) against {_quality(found, other):.3f} ({other}) in {watched}"


def _absent(claim: str, name: str) -> Verdict:
    if name.startswith("model_"):
        return Verdict(claim, None, f"absent: give such a checkpoint as --models {name.removeprefix('model_')}=DIR")
    return Verdict(claim, None, f"absent: {name} was left out, or failed")
