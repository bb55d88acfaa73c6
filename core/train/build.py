"""Everything a training run needs, in the order that keeps the CPU and the device busy from the first second."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from core.model.checkpoint import load
from core.programmes.catalogue import find
from core.programmes.desktop.act import COPIES, JOBS, PROGRAMS, SIDES
from core.programmes.football.fixture import COLOURS, SURNAMES, TEAMS
from core.programmes.freedoom.phrases import WHO
from core.programmes.freedoom.programme import Freedoom
from core.programmes.programme import HELD_OUT_SEED, Programme
from core.train import checkpoint, programme_words
from core.train.backgrounds import DESKTOPS, desktop, draw_pictures
from core.train.bundled_config import TINY, ModelSize
from core.train.chunk_encoder import ChunkEncoder
from core.train.collate import Lengths
from core.train.data_loader import LoaderConfig, batches
from core.train.episode_source import EpisodeSource
from core.train.football.grounds import GROUNDS, ground
from core.train.football.match_pool import MatchPool
from core.train.football.painter import Painter
from core.train.football.recall_task import RecallTask
from core.train.football.tokenizer_corpus import corpus
from core.train.frame_provider import StoredFrames
from core.train.mix import Mix
from core.train.mixed_source import PAINTED, MixedFrames, MixedSource, arrays_of
from core.train.reservoir import Reservoir
from core.train.sample import SampleSource
from core.train.silent_source import SilentSource
from core.train.tokenizer import train_tokenizer
from core.train.train_config import TrainConfig
from core.train.trainer import Trainer
from core.train.validation import Validation, ValidationByProgramme
from core.train.vocabulary import extended, extended_weights

PREFIX_TOKENS = 1152
KEPT_TOKENS = 408  # the longest of thousands of chunks: 1082 and 401
TOKENS_PER_ROUND = 80
BURST_TOKENS = 40  # a chunk of 4 rounds has 344 at most, one of 12 has 983
FEW_GROUNDS = 4
MORE_WORDS = 1000  # tokens learnt from the other programmes' words
VALIDATION_CHUNKS = 32  # of each programme
NAMES = (*COLOURS, *TEAMS, *SURNAMES)
SHOWN = (*PROGRAMS, *JOBS, *COPIES, *SIDES, *WHO)
SIDE_BY_SIDE = 4  # episodes of a programme that a worker has
HELD_OUT_SIDE_BY_SIDE = 12
USES = 4  # of each chunk of an episode in which something is told; each second of it is in two chunks
KEPT = {"freedoom": 64, "desktop": 24}  # chunks in a worker's reservoir
FREEDOOM_SIZES = ((640, 360), *[(320, 180)] * 5)  # as it is evaluated, and a size that is drawn in half the time


@dataclass(frozen=True, slots=True)
class StartMix:
    """Starts a worker's source of samples of a mix.

    Attributes:
        backgrounds: how many empty grounds and how many desktops the frame providers have.
        at_once: episodes of a programme side by side, so that the chunks of a batch differ.
        mistakes: whether football's lines have some put in.
        uses: of each chunk of an episode, which a reservoir keeps for them; 1: none are kept.
    """

    mix: Mix
    seeds: range
    rounds: int
    backgrounds: tuple[int, int]
    at_once: int = 1
    mistakes: bool = True
    uses: int = 1

    def __call__(self, encoder: ChunkEncoder, rng: np.random.Generator) -> MixedSource:
        """Raises UsageError for a programme that cannot run here."""
        mix = self.mix
        painted: list[tuple[SampleSource, int]] = []
        stored: list[tuple[SampleSource, int]] = []
        if mix.football:
            pool = MatchPool(encoder, rng, self.seeds, self.rounds, self.backgrounds, self.mistakes)
            painted.append((pool, mix.football))
        for programme, chunks in ((_freedoom(), mix.freedoom), (find("desktop"), mix.desktop)):
            if chunks:
                stored.append((self._episodes(programme, rng), chunks))
        if mix.unknown:
            silent = SilentSource(find("unknown"), rng, self.seeds, self.rounds, self.backgrounds[1])
            stored.append((silent, mix.unknown))
        return MixedSource(painted, stored)

    def _episodes(self, programme: Programme, rng: np.random.Generator) -> SampleSource:
        desktops = self.backgrounds[1]
        source = EpisodeSource([programme], rng, self.seeds, self.rounds, desktops, at_once=self.at_once)
        return Reservoir(source, rng, KEPT[programme.name], self.uses, desktops) if self.uses > 1 else source


def _freedoom() -> Programme:
    return replace(find("freedoom"), start=_start_freedoom)


def _start_freedoom(seed: int, facts_shown: bool) -> Freedoom:
    return Freedoom(seed, FREEDOOM_SIZES[seed % len(FREEDOOM_SIZES)])


def build_run(
    config: TrainConfig,
    mix: Mix,
    resume: Path | None,
    initial: Path | None,
    induction_heads: bool,
    tiny: bool,
    log: Callable[[str], None],
) -> tuple[Trainer, Iterator[dict[str, Tensor]]]:
    """The trainer and its batches. Workers start before the device is touched: a process with CUDA must not fork.

    Args:
        mix: what a batch is made of, as many chunks as `config` says.
        resume: a training state to go on from exactly. initial: a checkpoint whose weights to start from afresh.
        induction_heads: write the heads of `core.train.init_induction_heads` before the first step.
    """
    saved = checkpoint.load_state(resume) if resume else None
    tokenizer, weights = _beginning(saved, initial)
    begin = saved["step"] if saved else 0
    grounds, desktops = (FEW_GROUNDS, FEW_GROUNDS) if tiny else (GROUNDS, DESKTOPS)
    lengths = Lengths(PREFIX_TOKENS, KEPT_TOKENS, -(-(BURST_TOKENS + TOKENS_PER_ROUND * config.rounds) // 32) * 32)
    backgrounds = grounds, desktops
    start = StartMix(mix, range(HELD_OUT_SEED), config.rounds, backgrounds)
    whole = config.workers > 0 and not tiny
    if whole:
        start = replace(start, at_once=SIDE_BY_SIDE, uses=USES)
    loader_config = LoaderConfig(tokenizer.to_str(), config, lengths, begin, start, NAMES, SHOWN)
    stills = draw_pictures(ground, grounds, config.workers)
    desks = draw_pictures(desktop, desktops, config.workers)
    feed = batches(loader_config)
    validation = _validations(loader_config, start, VALIDATION_CHUNKS if whole else 1)
    device = torch.device(config.device)
    painter = Painter(_unit(stills), _unit(desks), device)
    recall_task = RecallTask(loader_config.encoder(), config.recall_texts, config.seed + begin, device)
    size = TINY if tiny else ModelSize()
    provider = MixedFrames(painter, StoredFrames(desks, device))
    judge = ValidationByProgramme(validation)
    trainer = Trainer(config, size, tokenizer, provider, judge, log, recall_task, weights)
    if "football" in validation:
        apart = painter.check(trainer.to_device(arrays_of(validation["football"].batch, PAINTED)))
        log(f"kernel and plain painter differ by {apart:.2f}/255 at most")
    if saved:
        trainer.resume(saved)
    elif induction_heads:
        trainer.init_induction_heads(recall_task.names())
    count = sum(p.numel() for p in trainer.model.parameters())
    tokens = f"{lengths.chunk} tokens a chunk behind {lengths.kept} of {lengths.prefix}"
    log(f"{count / 1e6:.2f} M parameters, {tokens}, {tokenizer.get_vocab_size()} in the vocabulary; {mix}")
    return trainer, feed


def _beginning(saved: dict[str, object] | None, initial: Path | None) -> tuple[Tokenizer, dict[str, Tensor] | None]:
    """The tokenizer, with the words of every programme, and the weights to start from; None for none."""
    if saved:
        return Tokenizer.from_str(str(saved["tokenizer"])), None
    if initial is None:
        return extended(train_tokenizer(corpus()), programme_words.corpus(), MORE_WORDS), None
    first = load(initial, torch.device("cpu"), torch.float32)
    football = (text for text in corpus(300))
    tokenizer = extended(first.tokenizer, chain(programme_words.corpus(), football), MORE_WORDS)
    return tokenizer, extended_weights(first.model.state_dict(), first.tokenizer, tokenizer)


def _validations(loader_config: LoaderConfig, start: StartMix, chunks: int) -> dict[str, Validation]:
    """Held-out samples of each programme of the mix."""
    seeds = range(HELD_OUT_SEED, 2 * HELD_OUT_SEED)
    at_once = HELD_OUT_SIDE_BY_SIDE if chunks > 1 else 1
    held_out = replace(start, seeds=seeds, mistakes=False, uses=1, at_once=at_once)
    return {
        name: Validation(loader_config, replace(held_out, mix=Mix(**{name: 1})), chunks)
        for name in ("football", "freedoom", "desktop", "unknown")
        if getattr(start.mix, name)
    }


def _unit(pictures: object) -> Tensor:
    return torch.as_tensor(pictures).float() / 255
