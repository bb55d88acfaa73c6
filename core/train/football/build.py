"""Everything a training run needs, in the order that keeps the CPU and the device busy from the first second."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor

from core.model.checkpoint import load
from core.programmes.football.fixture import COLOURS, SURNAMES, TEAMS
from core.programmes.programme import HELD_OUT_SEED
from core.train import checkpoint
from core.train.backgrounds import DESKTOPS, desktop, draw_pictures
from core.train.bundled_config import TINY, ModelSize
from core.train.collate import Lengths
from core.train.data_loader import LoaderConfig, batches
from core.train.football.grounds import GROUNDS, ground
from core.train.football.match_pool import MatchPool
from core.train.football.painter import Painter
from core.train.football.recall_task import RecallTask
from core.train.football.tokenizer_corpus import corpus
from core.train.tokenizer import train_tokenizer
from core.train.train_config import TrainConfig
from core.train.trainer import Trainer
from core.train.validation import Validation

PREFIX_TOKENS = 1088
KEPT_TOKENS = 408  # the longest of thousands of chunks: 1082 and 401
TOKENS_PER_ROUND = 79
BURST_TOKENS = 40  # a chunk of 4 rounds has 344 at most, one of 12 has 983
FEW_GROUNDS = 4
NAMES = (*COLOURS, *TEAMS, *SURNAMES)


def build_run(
    config: TrainConfig,
    resume: Path | None,
    initial: Path | None,
    induction_heads: bool,
    tiny: bool,
    log: Callable[[str], None],
) -> tuple[Trainer, Iterator[dict[str, Tensor]]]:
    """The trainer and its batches. Workers start before the device is touched: a process with CUDA must not fork.

    Args:
        resume: a training state to go on from exactly. initial: a checkpoint whose weights to start from afresh.
        induction_heads: write the heads of `core.train.init_induction_heads` before the first step.
    """
    saved = checkpoint.load_state(resume) if resume else None
    first = load(initial, torch.device("cpu"), torch.float32) if initial and not saved else None
    tokenizer = first.tokenizer if first else train_tokenizer(corpus())
    if saved:
        tokenizer = Tokenizer.from_str(saved["tokenizer"])
    begin = saved["step"] if saved else 0
    grounds, desktops = (FEW_GROUNDS, FEW_GROUNDS) if tiny else (GROUNDS, DESKTOPS)
    lengths = Lengths(PREFIX_TOKENS, KEPT_TOKENS, -(-(BURST_TOKENS + TOKENS_PER_ROUND * config.rounds) // 32) * 32)
    backgrounds = (grounds, desktops)
    draw = partial(MatchPool, rounds=config.rounds, backgrounds=backgrounds)
    loader_config = LoaderConfig(
        tokenizer.to_str(), config, lengths, begin, partial(draw, seeds=range(HELD_OUT_SEED)), NAMES
    )
    stills = draw_pictures(ground, grounds, config.workers)
    desks = draw_pictures(desktop, desktops, config.workers)
    feed = batches(loader_config)
    held_out = partial(draw, seeds=range(HELD_OUT_SEED, 2 * HELD_OUT_SEED), corruption=False)
    validation = Validation(loader_config, held_out)
    device = torch.device(config.device)
    painter = Painter(_unit(stills), _unit(desks), device)
    weights = first.model.state_dict() if first else None
    recall_task = RecallTask(loader_config.encoder(), config.recall_texts, config.seed + begin, device)
    size = TINY if tiny else ModelSize()
    trainer = Trainer(config, size, tokenizer, painter, validation, log, recall_task, weights)
    apart = painter.check(trainer.to_device(validation.batch))
    log(f"kernel and plain painter differ by {apart:.2f}/255 at most")
    if saved:
        trainer.resume(saved)
    elif induction_heads:
        trainer.init_induction_heads(recall_task.names())
    count = sum(p.numel() for p in trainer.model.parameters())
    tokens = f"{lengths.chunk} tokens a chunk behind {lengths.kept} of {lengths.prefix}"
    log(f"{count / 1e6:.2f} M parameters, {tokens}, {tokenizer.get_vocab_size()} in the vocabulary")
    return trainer, feed


def _unit(pictures: object) -> Tensor:
    return torch.as_tensor(pictures).float() / 255
