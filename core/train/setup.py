"""Everything a training run needs, in the order that keeps the CPU and the device busy from the first second."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor

from core.model.checkpoint import load
from core.train import checkpoint
from core.train.backdrops import DESKTOPS, GROUNDS, draw_all
from core.train.collate import Lengths
from core.train.corpus import corpus
from core.train.drill import Drills
from core.train.feed import FeedPlan, batches
from core.train.loop import Trainer
from core.train.painter import Painter
from core.train.probe import Probe
from core.train.recipe import Recipe
from core.train.shape import TINY, Shape
from core.train.tokenizer import train_tokenizer
from core.train.transcript import Scribe

FRONT_TOKENS = 1088
KEPT_TOKENS = 408  # the longest of thousands of chunks: 1082 and 401
TOKENS_PER_ROUND = 79
BURST_TOKENS = 40  # a chunk of 4 rounds has 344 at most, one of 12 has 983
FEW_GROUNDS = 4


def prepare_run(
    recipe: Recipe,
    resume: Path | None,
    initial: Path | None,
    lookup: bool,
    tiny: bool,
    log: Callable[[str], None],
) -> tuple[Trainer, Iterator[dict[str, Tensor]]]:
    """The trainer and its batches. Workers start before the device is touched: a process with CUDA must not fork.

    Args:
        resume: a training state to go on from exactly. initial: a checkpoint whose weights to start from afresh.
        lookup: plant the heads of `core.train.lookup` before the first step.
    """
    saved = checkpoint.load_state(resume) if resume else None
    first = load(initial, torch.device("cpu"), torch.float32) if initial and not saved else None
    tokenizer = first.tokenizer if first else train_tokenizer(corpus())
    if saved:
        tokenizer = Tokenizer.from_str(saved["tokenizer"])
    begin = saved["step"] if saved else 0
    grounds, desktops = (FEW_GROUNDS, FEW_GROUNDS) if tiny else (GROUNDS, DESKTOPS)
    lengths = Lengths(FRONT_TOKENS, KEPT_TOKENS, -(-(BURST_TOKENS + TOKENS_PER_ROUND * recipe.rounds) // 32) * 32)
    plan = FeedPlan(tokenizer.to_str(), recipe, lengths, begin, grounds, desktops)
    stills, desks = draw_all(grounds, desktops, recipe.workers)
    feed = batches(plan)
    probe = Probe(plan, tokenizer)
    painter = Painter(_unit(stills), _unit(desks), torch.device(recipe.device))
    weights = first.model.state_dict() if first else None
    drills = Drills(Scribe(tokenizer, recipe), recipe.drills, recipe.seed + begin, torch.device(recipe.device))
    trainer = Trainer(recipe, TINY if tiny else Shape(), tokenizer, painter, probe, drills, log, weights)
    trainer.check_painter(probe.batch)
    if saved:
        trainer.resume(saved)
    elif lookup:
        trainer.plant_lookup()
    count = sum(p.numel() for p in trainer.student.parameters())
    tokens = f"{lengths.chunk} tokens a chunk behind {lengths.kept} of {lengths.front}"
    log(f"{count / 1e6:.2f} M parameters, {tokens}, {tokenizer.get_vocab_size()} in the vocabulary")
    return trainer, feed


def _unit(pictures: object) -> Tensor:
    return torch.as_tensor(pictures).float() / 255
