"""Prefixes and what is taken over from them: against the engine, a written-out twin, and the cache's own rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from core.cache.policy import Windows
from core.config import QUERY, CacheConfig, SamplingConfig, StreamConfig
from core.engine.engine import Engine
from core.model.attention import plain
from core.model.checkpoint import load
from core.model.qwen2_5_vl.patches import normalise, patchify
from core.model.qwen2_5_vl.positions import contiguous_positions
from core.model.rotary import mrope, rotate
from core.prompt.ledger import SpanKind
from core.train import chunk_encoder
from core.train.bundled_config import COLUMNS, MERGED_GRID, ROWS, SINK_TOKENS, TEXT_WINDOW_TOKENS
from core.train.chunk_encoder import ChunkEncoder, EncodedChunk
from core.train.collate import Lengths, Part, collate
from core.train.football.match_pool import MatchPool
from core.train.moved_prefix_attention import PrefixLayout
from core.train.sample import Answer, EarlierLine, TrainingSample
from core.train.train_model import TrainModel
from core.types import Chunk
from tests.parity.checkpoints import frames

CPU = torch.device("cpu")
CONTEXT = "In red, Harbour. In blue, Union."
LINES = ["In red, Harbour kick off.", "Union win a corner. Harbour 0, Union 0.", "Wide.", "In blue, Union shoot!"]
LENGTHS = Lengths(1088, 408, 640)


@pytest.fixture(scope="module")
def drawn(encoder: ChunkEncoder) -> list[Part]:
    """Chunks of six rounds, some with many lines before them and some with none."""
    match_pool = MatchPool(encoder, np.random.default_rng(2), range(1000), rounds=6, backgrounds=(2, 2))
    chunks = [(encoder.encode(sample), sample.frames) for sample in (match_pool.draw() for _ in range(60))]
    by_prefix = sorted((c for c in chunks if LENGTHS.fit(c[0])), key=lambda c: len(c[0].prefix.ids))
    return [by_prefix[0], by_prefix[len(by_prefix) * 2 // 3], by_prefix[-1]]


@pytest.fixture(scope="module")
def batch(drawn: list[Part]) -> dict[str, Tensor]:
    return collate(drawn, LENGTHS)


@pytest.fixture(scope="module")
def input_embeds(model: TrainModel, batch: dict[str, Tensor]) -> Tensor:
    """What the decoder reads, random pictures in it."""
    with torch.no_grad():
        words = model.decoder.embed(batch["ids"].long())
        seen = torch.randn(len(batch["visual"]), words.shape[2], generator=torch.Generator().manual_seed(0))
        return words.flatten(0, 1).index_copy(0, batch["visual"].long(), seen).view_as(words)


class Twin:
    """One chunk and its prefix, without padding, every rule written out."""

    def __init__(self, model: TrainModel, encoded: EncodedChunk) -> None:
        config = model.config
        self._kept = encoded.kept.tolist()
        self._prefix = len(encoded.prefix.ids)
        self._cos_sin = [
            mrope(torch.from_numpy(at).float(), config.head_dim, config.mrope_section, config.rope_theta)
            for at in (encoded.prefix.positions, encoded.kept_positions, encoded.chunk.positions)
        ]

    def __call__(self, layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        own, moved, turn = self._cos_sin
        stop = self._prefix
        first = plain(rotate(q[:, :, :stop], *own), rotate(k[:, :, :stop], *own), v[:, :, :stop], causal=True)
        keys = torch.cat((rotate(k[:, :, self._kept], *moved), rotate(k[:, :, stop:], *turn)), 2)
        values = torch.cat((v[:, :, self._kept], v[:, :, stop:]), 2)
        return torch.cat((first, plain(rotate(q[:, :, stop:], *turn), keys, values, causal=True)), 2)


@torch.no_grad()
def test_a_padded_batch_equals_its_twin(
    model: TrainModel, drawn: list[Part], batch: dict[str, Tensor], input_embeds: Tensor
) -> None:
    ours = model.hidden_states(input_embeds, PrefixLayout.of(batch))
    for number, chunk in enumerate(drawn):
        prefix = len(chunk[0].prefix.ids)
        rounds = len(chunk[0].chunk.ids)
        real = [*range(prefix), *range(LENGTHS.prefix, LENGTHS.prefix + rounds)]
        wanted = model.decoder(input_embeds[number, real][None], Twin(model, chunk[0]))
        torch.testing.assert_close(ours[number, real], wanted[0], atol=1e-5, rtol=1e-5)


@torch.no_grad()
def test_fronts_read_beforehand_give_the_same(
    model: TrainModel, batch: dict[str, Tensor], input_embeds: Tensor
) -> None:
    layout = PrefixLayout.of(batch)
    moved_prefix = model.prefill_prefix(input_embeds[:, : LENGTHS.prefix], layout)
    which = torch.tensor([2, 0, 2])
    apart = model.prefill_chunk(input_embeds[which, LENGTHS.prefix :], layout.chunk[:, which], moved_prefix.of(which))
    together = model.hidden_states(input_embeds, layout)[which, LENGTHS.prefix :]
    for row, chunk in enumerate(which):
        real = int((batch["ids"][chunk, LENGTHS.prefix :] != 0).nonzero().max()) + 1
        torch.testing.assert_close(apart[row, :real], together[row, :real], atol=1e-5, rtol=1e-5)


@torch.no_grad()
def test_without_rounds_in_front_it_is_plain_causal_attention(model: TrainModel, encoder: ChunkEncoder) -> None:
    encoded = encoder.encode(TrainingSample(CONTEXT, LINES, [], 7.0, [Answer(""), Answer("Wide."), Answer("")], {}))
    batch = collate([(encoded, {})], LENGTHS)
    ids = torch.from_numpy(np.concatenate((encoded.prefix.ids, encoded.chunk.ids))).long()
    positions = torch.from_numpy(np.concatenate((encoded.prefix.positions, encoded.chunk.positions), 1)).float()
    wanted = model.causal_hidden_states(model.decoder.embed(ids)[None], positions[:, None])
    ours = model.hidden_states(model.decoder.embed(batch["ids"].long()), PrefixLayout.of(batch))
    start = len(encoded.prefix.ids)
    rounds = slice(LENGTHS.prefix, LENGTHS.prefix + len(encoded.chunk.ids))
    torch.testing.assert_close(ours[:, rounds], wanted[:, start:], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(ours[:, :start], wanted[:, :start], atol=1e-5, rtol=1e-5)


@torch.no_grad()
def test_it_equals_the_engine(
    model: TrainModel, exported: Path, encoder: ChunkEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four rounds are said in full windows; all of their words move at once, and some are trimmed; two more follow."""
    sink = 24
    window = 12
    rounds = len(LINES)
    for name, value in (("SINK_TOKENS", sink), ("TEXT_WINDOW_TOKENS", window)):
        monkeypatch.setattr(chunk_encoder, name, value)
    monkeypatch.setattr(chunk_encoder, "ALL_ROUNDS_EVICTED", Windows(1, 1, sink, window))
    said = [*LINES, "", "Union have a corner."]
    wide = CacheConfig(sink_tokens=sink, text_window_tokens=window, text_rounds=9, vision_window_s=9)
    narrow = replace(wide, text_rounds=1, vision_window_s=1)
    config = StreamConfig(
        size="native", context=CONTEXT, query=QUERY, cache=wide,
        sampling=SamplingConfig(greedy=True, repetition_penalty=1.0, max_new_tokens=20),
    )  # fmt: skip
    engine = Engine(load(exported, CPU, torch.float32), config, CPU)
    mark = encoder.template.special
    script = list[int]()
    rows = list[Tensor]()
    monkeypatch.setattr(
        engine.generator.sampler, "sample", lambda row, *_: (rows.append(row.clone()), script.pop(0))[1]
    )
    pictures = [frames(number, 2, (ROWS * 14, COLUMNS * 14), 3) for number in range(len(said))]
    for number, line in enumerate(said):
        engine.context.config = replace(config, cache=narrow if number == rounds else wide)
        script += [*encoder.words(line), *mark.stop_mark, mark.im_end]
        list(engine.step(Chunk(number, float(number), number + 1.0, pictures[number], 0.0)))

    told = [EarlierLine(number - rounds, line) for number, line in enumerate(LINES)]
    opening = encoder.template.opening("")
    patches = torch.cat([normalise(patchify(torch.from_numpy(p))[0]) for p in pictures])
    for as_text, moved in (([], told), (LINES, [])):
        encoded = encoder.encode(
            TrainingSample(CONTEXT, as_text, moved, float(rounds), [Answer(line) for line in said[rounds:]], {})
        )
        assert len(encoded.kept) == sum(len(span.tokens) for span in opening) + sink + window
        batch = collate([(encoded, {})], LENGTHS)
        ids = batch["ids"].long()
        visual = batch["visual"].long()
        input_embeds = model.input_embeds(patches, (len(said), ROWS, COLUMNS), ids, visual)
        at = batch["answer_at"].long()
        logits = model.logits(model.hidden_states(input_embeds, PrefixLayout.of(batch)).flatten(0, 1)[at])
        apart = (logits - torch.stack(rows[-len(at) :])).abs().max()
        assert apart < 1e-4 if moved else apart > 1e-2  # words that are read as text have other keys


def test_what_is_kept_and_where_it_stands(drawn: list[Part], encoder: ChunkEncoder) -> None:
    """Opening and closing, and of the words the first and the last, in a row; the chunk follows on them."""
    special = encoder.template.special
    opening = [token for span in encoder.template.opening("")[:2] for token in span.tokens]
    for chunk in drawn:
        ids = chunk[0].prefix.ids.tolist()
        prefix = chunk[0].prefix
        end = ids.index(special.im_end, len(opening))
        words = list(range(len(opening), end))
        answering = list(encoder.template.answer_opening(0).tokens)
        for place in range(end, len(ids)):
            if ids[place : place + len(answering)] == answering:
                start = place + len(answering)
                words += range(start, ids.index(special.stop_mark[0], start))
        if len(words) > SINK_TOKENS + TEXT_WINDOW_TOKENS:
            words = words[:SINK_TOKENS] + words[-TEXT_WINDOW_TOKENS:]
        assert chunk[0].kept.tolist() == [*range(len(opening)), *words, end, end + 1]
        kept = len(chunk[0].kept)
        assert np.array_equal(chunk[0].kept_positions, np.tile(np.arange(kept), (3, 1)))
        assert (chunk[0].chunk.positions[:, 0] == kept).all()
        assert (np.diff(prefix.positions[0][prefix.ids != special.video_pad]) > 0).all()


def test_what_is_left_out_of_a_front_leaves_its_positions(encoder: ChunkEncoder) -> None:
    """Silent rounds and pictures that are not shown: lines stand where they would if these were there."""
    template = encoder.template
    at = [0, 3, 4, 5, 6, 9]
    told = [EarlierLine(number - 12, "Wide.") for number in at]
    prefix = encoder.encode(TrainingSample(CONTEXT, [], told, 12.0, [Answer("")], {})).prefix
    assert len(prefix.visual) == chunk_encoder.PREFIX_ROUNDS_SEEN * int(np.prod(MERGED_GRID))
    spans = template.opening(CONTEXT)
    for number in range(at[-1] + 1):
        spans += template.user_turn(
            number,
            12.0 if number not in at else number,
            13.0 if number not in at else number + 1,
            MERGED_GRID,
            "" if number else QUERY,
        )
        words = encoder.words("Wide.") if number in at else ()
        spans += template.answer(number, (*words, *template.special.stop_mark, template.special.im_end))
    positions = contiguous_positions(spans)
    place = 0
    wanted = []
    shown = at[-chunk_encoder.PREFIX_ROUNDS_SEEN :]
    for span in spans:
        if span.round < 0 or (span.round in at and (span.kind is not SpanKind.VISION or span.round in shown)):
            wanted.append(positions[:, place : place + len(span.tokens)])
        place += len(span.tokens)
    assert np.array_equal(prefix.positions, np.concatenate(wanted, 1))


def test_a_batch_is_padded_on_the_right(drawn: list[Part], batch: dict[str, Tensor]) -> None:
    flat = batch["ids"].flatten()
    assert batch["ids"].shape == (3, LENGTHS.prefix + LENGTHS.chunk)
    assert torch.equal(flat[batch["answer_at"].long() + 1], batch["answer_ids"])
    assert batch["visual"].shape == (3 * (chunk_encoder.PREFIX_ROUNDS_SEEN + 6) * int(np.prod(MERGED_GRID)),)
    assert batch["kept_count"].tolist() == [len(chunk[0].kept) for chunk in drawn]
    assert batch["colour"].shape == (3, 3, 4)


@torch.no_grad()
def test_pictures_without_a_round_touch_nothing(
    model: TrainModel,
    encoder: ChunkEncoder,
    drawn: list[Part],
    batch: dict[str, Tensor],
    input_embeds: Tensor,
) -> None:
    visual = batch["visual"].view(3, -1)
    padding = torch.arange(3) * batch["ids"].shape[1] + LENGTHS.prefix - 1
    surplus = visual == padding[:, None]
    shown = torch.tensor([len(chunk[0].prefix.visual) + len(chunk[0].chunk.visual) for chunk in drawn])
    assert torch.equal((~surplus).sum(1), shown)
    assert (batch["ids"].flatten()[visual[~surplus].long()] == encoder.template.special.video_pad).all()
    assert surplus[0].any()
    assert not surplus[-1].any()
    other = input_embeds.clone()
    other[:, LENGTHS.prefix - 1] = 100.0
    before, after = (model.hidden_states(e, PrefixLayout.of(batch)) for e in (input_embeds, other))
    before[:, LENGTHS.prefix - 1] = after[:, LENGTHS.prefix - 1]
    assert torch.equal(before, after)
