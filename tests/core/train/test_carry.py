"""Fronts and what is carried over from them: against the engine, a written-out twin, and the cache's own rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from core.cache.policy import Windows
from core.config import CacheConfig, SamplingConfig, StreamConfig
from core.engine.engine import Engine
from core.model.attention import plain
from core.model.checkpoint import load
from core.model.qwen2_5_vl.positions import contiguous_positions
from core.model.rotary import mrope, rotate
from core.programmes.football.kit import Fixture
from core.prompt.ledger import SpanKind
from core.train import transcript
from core.train.bank import Bank, Drawn
from core.train.carry import Layout
from core.train.collate import Lengths, collate
from core.train.shape import COLUMNS, MERGED_GRID, ROWS, SINK_TOKENS, TEXT_WINDOW_TOKENS
from core.train.student import Student
from core.train.transcript import QUERY, Answer, Encoded, Scribe, Told
from core.train.view import draw_view
from core.types import Chunk
from core.video.patches import normalise, patchify
from tests.parity.checkpoints import frames

CPU = torch.device("cpu")
CONTEXT = "In red, Harbour. In blue, Union."
LINES = ["In red, Harbour kick off.", "Union win a corner. Harbour 0, Union 0.", "Wide.", "In blue, Union shoot!"]
LENGTHS = Lengths(1088, 408, 640)


@pytest.fixture(scope="module")
def drawn(scribe: Scribe) -> list[Drawn]:
    """Chunks of six rounds, some with many lines before them and some with none."""
    bank = Bank(scribe, np.random.default_rng(2), range(1000), rounds=6)
    chunks = [bank.draw() for _ in range(60)]
    by_front = sorted((c for c in chunks if LENGTHS.fit(c.encoded)), key=lambda c: len(c.encoded.front.ids))
    return [by_front[0], by_front[len(by_front) * 2 // 3], by_front[-1]]


@pytest.fixture(scope="module")
def batch(drawn: list[Drawn]) -> dict[str, Tensor]:
    rng = np.random.default_rng(0)
    return collate(drawn, [draw_view(rng, 2, 2) for _ in drawn], LENGTHS)


@pytest.fixture(scope="module")
def embeds(student: Student, batch: dict[str, Tensor]) -> Tensor:
    """What the decoder reads, random pictures in it."""
    with torch.no_grad():
        words = student.decoder.embed(batch["ids"].long())
        seen = torch.randn(len(batch["visual"]), words.shape[2], generator=torch.Generator().manual_seed(0))
        return words.flatten(0, 1).index_copy(0, batch["visual"].long(), seen).view_as(words)


def drawn_from(encoded: Encoded) -> Drawn:
    """A chunk whose pictures are of no interest."""
    return Drawn(encoded, np.zeros((0, 0, 10), np.float32), [], Fixture(0))


class Twin:
    """One chunk and its front, without padding, every rule written out."""

    def __init__(self, student: Student, encoded: Encoded) -> None:
        config = student.config
        self._kept = encoded.kept.tolist()
        self._front = len(encoded.front.ids)
        self._turns = [
            mrope(torch.from_numpy(at).float(), config.head_dim, config.mrope_section, config.rope_theta)
            for at in (encoded.front.positions, encoded.kept_positions, encoded.chunk.positions)
        ]

    def __call__(self, layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        own, moved, turn = self._turns
        stop = self._front
        first = plain(rotate(q[:, :, :stop], *own), rotate(k[:, :, :stop], *own), v[:, :, :stop], causal=True)
        keys = torch.cat((rotate(k[:, :, self._kept], *moved), rotate(k[:, :, stop:], *turn)), 2)
        values = torch.cat((v[:, :, self._kept], v[:, :, stop:]), 2)
        return torch.cat((first, plain(rotate(q[:, :, stop:], *turn), keys, values, causal=True)), 2)


@torch.no_grad()
def test_a_padded_batch_equals_its_twin(
    student: Student, drawn: list[Drawn], batch: dict[str, Tensor], embeds: Tensor
) -> None:
    ours = student.think(embeds, Layout.of(batch))
    for number, chunk in enumerate(drawn):
        front = len(chunk.encoded.front.ids)
        rounds = len(chunk.encoded.chunk.ids)
        real = [*range(front), *range(LENGTHS.front, LENGTHS.front + rounds)]
        wanted = student.decoder(embeds[number, real][None], Twin(student, chunk.encoded))
        torch.testing.assert_close(ours[number, real], wanted[0], atol=1e-5, rtol=1e-5)


@torch.no_grad()
def test_fronts_read_beforehand_give_the_same(student: Student, batch: dict[str, Tensor], embeds: Tensor) -> None:
    layout = Layout.of(batch)
    held = student.read_front(embeds[:, : LENGTHS.front], layout)
    which = torch.tensor([2, 0, 2])
    apart = student.read_on(embeds[which, LENGTHS.front :], layout.chunk[:, which], held.of(which))
    together = student.think(embeds, layout)[which, LENGTHS.front :]
    for row, chunk in enumerate(which):
        real = int((batch["ids"][chunk, LENGTHS.front :] != 0).nonzero().max()) + 1
        torch.testing.assert_close(apart[row, :real], together[row, :real], atol=1e-5, rtol=1e-5)


@torch.no_grad()
def test_without_rounds_in_front_it_is_plain_causal_attention(student: Student, scribe: Scribe) -> None:
    encoded = scribe.encode(CONTEXT, LINES, [], 7.0, [Answer(""), Answer("Wide."), Answer("")])
    batch = collate([drawn_from(encoded)], [{}], LENGTHS)
    ids = torch.from_numpy(np.concatenate((encoded.front.ids, encoded.chunk.ids))).long()
    positions = torch.from_numpy(np.concatenate((encoded.front.positions, encoded.chunk.positions), 1)).float()
    wanted = student.think_plainly(student.decoder.embed(ids)[None], positions[:, None])
    ours = student.think(student.decoder.embed(batch["ids"].long()), Layout.of(batch))
    start = len(encoded.front.ids)
    rounds = slice(LENGTHS.front, LENGTHS.front + len(encoded.chunk.ids))
    torch.testing.assert_close(ours[:, rounds], wanted[:, start:], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(ours[:, :start], wanted[:, :start], atol=1e-5, rtol=1e-5)


@torch.no_grad()
def test_it_equals_the_engine(
    student: Student, exported: Path, scribe: Scribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four rounds are said in full windows; all of their words move at once, and some are trimmed; two more follow."""
    sink = 24
    window = 16
    rounds = len(LINES)
    for name, value in (("SINK_TOKENS", sink), ("TEXT_WINDOW_TOKENS", window)):
        monkeypatch.setattr(transcript, name, value)
    monkeypatch.setattr(transcript, "NO_ROUNDS", Windows(1, 1, sink, window))
    said = [*LINES, "", "Union have a throw-in."]
    wide = CacheConfig(sink_tokens=sink, text_window_tokens=window, text_rounds=9, vision_window_s=9)
    narrow = replace(wide, text_rounds=1, vision_window_s=1)
    config = StreamConfig(
        size="native", context=CONTEXT, query=QUERY, cache=wide,
        sampling=SamplingConfig(greedy=True, repetition_penalty=1.0, max_new_tokens=20),
    )  # fmt: skip
    engine = Engine(load(exported, CPU, torch.float32), config, CPU)
    mark = scribe.template.special
    script = list[int]()
    rows = list[Tensor]()
    monkeypatch.setattr(engine.sampler, "sample", lambda row, *_: (rows.append(row.clone()), script.pop(0))[1])
    pictures = [frames(number, 2, (ROWS * 14, COLUMNS * 14), 3) for number in range(len(said))]
    for number, line in enumerate(said):
        engine.context.config = replace(config, cache=narrow if number == rounds else wide)
        script += [*scribe.words(line), *mark.stop_mark, mark.im_end]
        list(engine.step(Chunk(number, float(number), number + 1.0, pictures[number], 0.0)))

    told = [Told(number - rounds, line) for number, line in enumerate(LINES)]
    opening = scribe.template.opening("")
    patches = torch.cat([normalise(patchify(torch.from_numpy(p))[0]) for p in pictures])
    for fresh, carried in (([], told), (LINES, [])):
        encoded = scribe.encode(CONTEXT, fresh, carried, float(rounds), [Answer(line) for line in said[rounds:]])
        assert len(encoded.kept) == sum(len(span.tokens) for span in opening) + sink + window
        batch = collate([drawn_from(encoded)], [{}], LENGTHS)
        ids = batch["ids"].long()
        visual = batch["visual"].long()
        embeds = student.embeds(patches, (len(said), ROWS, COLUMNS), ids, visual)
        at = batch["answer_at"].long()
        logits = student.logits(student.think(embeds, Layout.of(batch)).flatten(0, 1)[at])
        apart = (logits - torch.stack(rows[-len(at) :])).abs().max()
        assert apart < 1e-4 if carried else apart > 1e-2  # words that are read as text have other keys


def test_what_is_kept_and_where_it_stands(drawn: list[Drawn], scribe: Scribe) -> None:
    """Opening and closing, and of the words the first and the last, in a row; the chunk follows on them."""
    special = scribe.template.special
    opening = [token for span in scribe.template.opening("")[:2] for token in span.tokens]
    for chunk in drawn:
        ids = chunk.encoded.front.ids.tolist()
        front = chunk.encoded.front
        end = ids.index(special.im_end, len(opening))
        words = list(range(len(opening), end))
        answering = list(scribe.template.answer_opening(0).tokens)
        for place in range(end, len(ids)):
            if ids[place : place + len(answering)] == answering:
                start = place + len(answering)
                words += range(start, ids.index(special.stop_mark[0], start))
        if len(words) > SINK_TOKENS + TEXT_WINDOW_TOKENS:
            words = words[:SINK_TOKENS] + words[-TEXT_WINDOW_TOKENS:]
        assert chunk.encoded.kept.tolist() == [*range(len(opening)), *words, end, end + 1]
        kept = len(chunk.encoded.kept)
        assert np.array_equal(chunk.encoded.kept_positions, np.tile(np.arange(kept), (3, 1)))
        assert (chunk.encoded.chunk.positions[:, 0] == kept).all()
        assert (np.diff(front.positions[0][front.ids != special.video_pad]) > 0).all()


def test_what_is_left_out_of_a_front_leaves_its_positions(scribe: Scribe) -> None:
    """Silent rounds and pictures that are not shown: lines stand where they would if these were there."""
    template = scribe.template
    at = [0, 3, 4, 5, 6, 9]
    told = [Told(number - 12, "Wide.") for number in at]
    front = scribe.encode(CONTEXT, [], told, 12.0, [Answer("")]).front
    assert len(front.visual) == transcript.FRONT_SEEN * int(np.prod(MERGED_GRID))
    spans = template.opening(CONTEXT)
    for number in range(at[-1] + 1):
        spans += template.user_turn(
            number,
            12.0 if number not in at else number,
            13.0 if number not in at else number + 1,
            MERGED_GRID,
            "" if number else QUERY,
        )
        words = scribe.words("Wide.") if number in at else ()
        spans += template.answer(number, (*words, *template.special.stop_mark, template.special.im_end))
    positions = contiguous_positions(spans)
    place = 0
    wanted = []
    shown = at[-transcript.FRONT_SEEN :]
    for span in spans:
        if span.round < 0 or (span.round in at and (span.kind is not SpanKind.VISION or span.round in shown)):
            wanted.append(positions[:, place : place + len(span.tokens)])
        place += len(span.tokens)
    assert np.array_equal(front.positions, np.concatenate(wanted, 1))


def test_a_batch_is_padded_on_the_right(drawn: list[Drawn], batch: dict[str, Tensor]) -> None:
    flat = batch["ids"].flatten()
    assert batch["ids"].shape == (3, LENGTHS.front + LENGTHS.chunk)
    assert torch.equal(flat[batch["answer_at"].long() + 1], batch["answer_ids"])
    assert batch["visual"].shape == (3 * (transcript.FRONT_SEEN + 6) * int(np.prod(MERGED_GRID)),)
    assert batch["kept_count"].tolist() == [len(chunk.encoded.kept) for chunk in drawn]
    assert batch["colour"].shape == (3, 3, 4)


@torch.no_grad()
def test_pictures_without_a_round_touch_nothing(
    student: Student, scribe: Scribe, drawn: list[Drawn], batch: dict[str, Tensor], embeds: Tensor
) -> None:
    visual = batch["visual"].view(3, -1)
    padding = torch.arange(3) * batch["ids"].shape[1] + LENGTHS.front - 1
    surplus = visual == padding[:, None]
    shown = torch.tensor([len(chunk.encoded.front.visual) + len(chunk.encoded.chunk.visual) for chunk in drawn])
    assert torch.equal((~surplus).sum(1), shown)
    assert (batch["ids"].flatten()[visual[~surplus].long()] == scribe.template.special.video_pad).all()
    assert surplus[0].any()
    assert not surplus[-1].any()
    other = embeds.clone()
    other[:, LENGTHS.front - 1] = 100.0
    before, after = (student.think(e, Layout.of(batch)) for e in (embeds, other))
    before[:, LENGTHS.front - 1] = after[:, LENGTHS.front - 1]
    assert torch.equal(before, after)
